/**
 * A panel of a figure: lines with markers, and bars of one standard deviation where there are several seeds. What is drawn as
 * bars stands behind them, on an axis of its own.
 */
import { axes, box, height, width } from './axes.ts';
import type { PanelResult, PointResult } from './result.ts';
import { colourAt, escaped, label, line, picture, px, scaleOf, tickText } from './svg.ts';

/** Where the legend begins; the axis of bars needs room before it. */
const legendAt = { lines: box.right + 14, bars: box.right + 56 };

type Shown = PointResult & { readonly mean: number };
const isShown =
  (panel: PanelResult) =>
  (point: PointResult): point is Shown =>
    point.mean !== null && !(panel.y.log && point.mean <= 0) && !(panel.x.log && point.x <= 0);

/** Undefined when there is nothing to draw. */
export function lineChart(panel: PanelResult): string | undefined {
  const shown = panel.series.map(({ label: name, bars, points }) => ({
    name,
    bars,
    points: points.filter(isShown(panel)),
  }));
  const series = shown.filter(({ bars }) => bars === null);
  const behind = shown.filter(({ bars }) => bars !== null);
  const all = series.flatMap(({ points }) => points);
  if (all.length === 0) return undefined;
  const { names } = panel.x;
  const legend = behind.length > 0 ? legendAt.bars : legendAt.lines;
  const reach = (point: Shown) => (panel.y.log ? 0 : (point.sd ?? 0));
  const x = scaleOf(
    names ? [-0.5, names.length - 0.5] : [Math.min(...all.map(({ x }) => x)), Math.max(...all.map(({ x }) => x))],
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
  const xTicks = names ? names.map((_, at) => at) : x.ticks;
  const parts = [
    ...behind.flatMap((bars) => barsBehind(bars, x.at)),
    ...axes(panel, x, y, xTicks),
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
          legend,
          box.top + 12 + at * 18,
          legend + 20,
          box.top + 12 + at * 18,
          `stroke="${colour}" stroke-width="2"`,
        ),
        label(legend + 26, box.top + 16 + at * 18, points.length === 0 ? `${name} (none)` : name),
      ];
    }),
  ];
  return picture(width, height, `${panel.title}: ${panel.y.title} by ${panel.x.title}`, parts);
}

/** Bars from 0, and their axis at the right. */
function barsBehind(
  { name, bars, points }: { readonly name: string; readonly bars: string | null; readonly points: readonly Shown[] },
  at: (x: number) => number,
): readonly string[] {
  if (points.length === 0) return [];
  const y = scaleOf([0, Math.max(...points.map(({ mean }) => mean))], [box.bottom, box.top + 8]);
  const wide = (at(1) - at(0)) * 0.7;
  return [
    `<g aria-label="${escaped(name)}">`,
    ...points.map(
      ({ x, mean }) =>
        `<rect x="${px(at(x) - wide / 2)}" y="${px(y.at(mean))}" width="${px(wide)}" height="${px(box.bottom - y.at(mean))}" fill="currentColor" fill-opacity=".12"/>`,
    ),
    '</g>',
    ...y.ticks.map((tick) => label(box.right + 4, y.at(tick) + 4, tickText(tick), 'fill-opacity=".6"')),
    label(
      box.right + 40,
      (box.top + box.bottom) / 2,
      bars ?? name,
      `text-anchor="middle" fill-opacity=".6" transform="rotate(90 ${box.right + 40} ${(box.top + box.bottom) / 2})"`,
    ),
  ];
}
