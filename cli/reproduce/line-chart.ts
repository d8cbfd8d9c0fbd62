/** A panel of a figure: lines with markers, and bars of one standard deviation where there are several seeds. */
import type { PanelResult, PointResult } from './result.ts';
import { colourAt, label, line, picture, px, scaleOf, tickText } from './svg.ts';

const [width, height] = [520, 320];
const box = { left: 62, right: 400, top: 26, bottom: 274 };

type Shown = PointResult & { readonly mean: number };
const isShown =
  (panel: PanelResult) =>
  (point: PointResult): point is Shown =>
    point.mean !== null && !(panel.y.log && point.mean <= 0) && !(panel.x.log && point.x <= 0);

/** Undefined when there is nothing to draw. */
export function lineChart(panel: PanelResult): string | undefined {
  const series = panel.series.map(({ label: name, points }) => ({ name, points: points.filter(isShown(panel)) }));
  const all = series.flatMap(({ points }) => points);
  if (all.length === 0) return undefined;
  const reach = (point: Shown) => (panel.y.log ? 0 : (point.sd ?? 0));
  const x = scaleOf(
    [Math.min(...all.map((point) => point.x)), Math.max(...all.map((point) => point.x))],
    [box.left + 8, box.right - 8],
    panel.x.log,
  );
  const y = scaleOf(
    [
      Math.min(...all.map((point) => point.mean - reach(point))),
      Math.max(...all.map((point) => point.mean + reach(point))),
    ],
    [box.bottom - 8, box.top + 8],
    panel.y.log,
  );
  const parts = [
    label(box.left, 14, panel.title, 'font-weight="bold"'),
    ...x.ticks.flatMap((tick) => [
      line(x.at(tick), box.top, x.at(tick), box.bottom, 'stroke="currentColor" stroke-opacity=".12"'),
      label(x.at(tick), box.bottom + 14, tickText(tick), 'text-anchor="middle"'),
    ]),
    ...y.ticks.flatMap((tick) => [
      line(box.left, y.at(tick), box.right, y.at(tick), 'stroke="currentColor" stroke-opacity=".12"'),
      label(box.left - 6, y.at(tick) + 4, tickText(tick), 'text-anchor="end"'),
    ]),
    line(box.left, box.bottom, box.right, box.bottom, 'stroke="currentColor"'),
    line(box.left, box.top, box.left, box.bottom, 'stroke="currentColor"'),
    label((box.left + box.right) / 2, height - 10, panel.x.title, 'text-anchor="middle"'),
    label(
      14,
      (box.top + box.bottom) / 2,
      panel.y.title,
      `text-anchor="middle" transform="rotate(-90 14 ${(box.top + box.bottom) / 2})"`,
    ),
    ...series.flatMap(({ name, points }, at) => {
      const colour = colourAt(at);
      const place = (point: Shown) => [x.at(point.x), y.at(point.mean)] as const;
      return [
        `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${points.map((point) => place(point).map(px).join(',')).join(' ')}"/>`,
        ...points.flatMap((point) => {
          const [cx, cy] = place(point);
          const bar = reach(point);
          return [
            ...(bar > 0
              ? [line(cx, y.at(point.mean - bar), cx, y.at(point.mean + bar), `stroke="${colour}" stroke-opacity=".6"`)]
              : []),
            ...(points.length > 30 ? [] : [`<circle cx="${px(cx)}" cy="${px(cy)}" r="3" fill="${colour}"/>`]),
          ];
        }),
        line(
          box.right + 14,
          box.top + 12 + at * 18,
          box.right + 34,
          box.top + 12 + at * 18,
          `stroke="${colour}" stroke-width="2"`,
        ),
        label(box.right + 40, box.top + 16 + at * 18, points.length === 0 ? `${name} (none)` : name),
      ];
    }),
  ];
  return picture(width, height, `${panel.title}: ${panel.y.title} by ${panel.x.title}`, parts);
}
