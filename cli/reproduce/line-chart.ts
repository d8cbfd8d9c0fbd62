/**
 * A panel of a figure: lines with markers, and bars of one standard deviation where there are several seeds. What is drawn as
 * bars stands behind them, on an axis of its own.
 */
import { numbers, type Picture, palette } from './picture.ts';
import type { PanelResult, PointResult } from './result.ts';

/** Of a panel of any kind. */
export const panelSize = { width: 340, height: 250 };
/** More points than these are a curve, which markers would hide. */
const mostMarkers = 30;

type Shown = PointResult & { readonly mean: number };
const isShown =
  (panel: PanelResult) =>
  (point: PointResult): point is Shown =>
    point.mean !== null && !(panel.y.log && point.mean <= 0) && !(panel.x.log && point.x <= 0);

/** Undefined when there is nothing to draw. */
export function lineChart(panel: PanelResult): Picture | undefined {
  const { names } = panel.x;
  const shown = panel.series.map(({ label, bars, points }) => {
    const places = points.filter(isShown(panel));
    return { of: places.length === 0 ? `${label} (none)` : label, bars, places };
  });
  const lines = shown.filter(({ bars }) => bars === null);
  const all = lines.flatMap(({ places }) => places);
  if (all.length === 0) return undefined;
  const rows = (series: typeof shown) =>
    series.flatMap(({ of, places }) =>
      places.map(({ x, mean, sd }) => {
        const reach = panel.y.log ? 0 : (sd ?? 0);
        return { of, x: names?.[x] ?? x, mean, low: mean - reach, high: mean + reach };
      }),
    );
  const x = names
    ? {
        field: 'x',
        type: 'ordinal' as const,
        sort: [...names],
        title: panel.x.title,
        axis: { labelAngle: 0 },
      }
    : {
        ...numbers(
          panel.x.log,
          all.map(({ x }) => x),
        ),
        field: 'x',
        title: panel.x.title,
      };
  const y = {
    ...numbers(
      panel.y.log,
      all.map(({ mean }) => mean),
    ),
    title: panel.y.title,
  };
  const titles = lines.map(({ of }) => of);
  const color = {
    field: 'of',
    type: 'nominal',
    scale: { domain: titles, range: titles.map((_, at) => palette[at % palette.length] as string) },
  } as const;
  const marked = lines.filter(({ places }) => places.length <= mostMarkers);
  const behind = shown.filter(({ bars, places }) => bars !== null && places.length > 0);
  return {
    about: `${panel.title}: ${panel.y.title} by ${panel.x.title}`,
    spec: {
      title: panel.title,
      ...panelSize,
      resolve: { scale: { y: 'independent' } },
      layer: [
        ...behind.map((series) => ({
          data: { values: rows([series]) },
          mark: { type: 'bar', color: 'currentColor', opacity: 0.12, description: series.of } as const,
          encoding: {
            x,
            y: {
              field: 'mean',
              type: 'quantitative',
              title: series.bars,
              axis: { orient: 'right', grid: false, labelOpacity: 0.6, titleOpacity: 0.6 },
            } as const,
          },
        })),
        {
          data: { values: rows(lines) },
          encoding: { x, color },
          layer: [
            { mark: { type: 'line', strokeWidth: 1.5 }, encoding: { y: { ...y, field: 'mean' } } },
            {
              transform: [{ filter: 'datum.high > datum.low' }],
              mark: { type: 'rule', opacity: 0.6 },
              encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' } },
            },
            ...(marked.length === 0
              ? []
              : [
                  {
                    transform: [{ filter: { field: 'of', oneOf: marked.map(({ of }) => of) } }],
                    mark: { type: 'point', filled: true, size: 30, opacity: 1 } as const,
                    encoding: { y: { ...y, field: 'mean' } },
                  },
                ]),
          ],
        },
      ],
    },
  };
}
