/** The panels of a figure, filled with what was measured. */
import type { Look, Panel, PaperFigure } from '../../pipelines/reproductions/declaration.ts';
import { gathered, judgeClaims } from './judge.ts';
import { type FigureResult, type PanelResult, type PointResult, xText } from './result.ts';
import type { Values } from './values.ts';

export function judgeFigure(
  name: string,
  figure: PaperFigure,
  values: Values,
  missing: (data: string) => string | null,
): FigureResult {
  const panels = figure.panels.map((panel) => panelResult(panel, figure.seeds, values, missing(panel.data)));
  return {
    kind: 'figure',
    name,
    title: figure.title,
    seeds: figure.seeds,
    choices: figure.choices,
    panels,
    claims: judgeClaims(figure.claims, lookAtPanels(panels)),
  };
}

function panelResult(panel: Panel, seeds: readonly number[], values: Values, missing: string | null): PanelResult {
  const { title, data, x, y } = panel;
  const axes = {
    x: { title: x.title, log: x.log ?? false, names: x.names ?? null },
    y: { title: y.title, log: y.log ?? false },
  };
  if ('scatter' in panel) {
    const points = values.points(panel.scatter) ?? [];
    const classes = [...new Set(points.map((point) => point.class))].sort((a, b) => a - b);
    return {
      title,
      data,
      missing,
      ...axes,
      marks: 'scatter',
      series: classes.map((of) => ({
        label: `class ${of}`,
        bars: null,
        points: points.filter((point) => point.class === of).map(({ x: at, y: mean }) => single(at, mean)),
      })),
    };
  }
  if ('curves' in panel)
    return {
      title,
      data,
      missing,
      ...axes,
      marks: 'lines',
      series: panel.curves.map(({ label, entry, curve }) => ({
        label,
        bars: null,
        points: (values.curve(entry, curve) ?? []).map(({ epoch, value }) => single(epoch, value)),
      })),
    };
  const { quantity, plateau } = panel;
  return {
    title,
    data,
    missing,
    ...axes,
    marks: 'lines',
    series: panel.series.map(({ label, points, bars }) => ({
      label,
      bars: bars ?? null,
      points: points.map(({ x: at, entry, quantity: own = quantity }): PointResult => {
        if (missing !== null)
          return { x: at, mean: null, sd: null, n: 0, failed: 0, reason: `the data set ${data} is not here` };
        const { ours, reason } = gathered(values, entry, { quantity: own }, seeds, plateau);
        return {
          x: at,
          mean: ours?.mean ?? null,
          sd: ours?.sd ?? null,
          n: ours?.n ?? 0,
          failed: ours?.failed ?? 0,
          reason,
        };
      }),
    })),
  };
}

const single = (x: number, mean: number): PointResult => ({ x, mean, sd: null, n: 1, failed: 0, reason: null });

/** Claims find a point under the panel's title, the line and the text of x, or its name. */
const lookAtPanels = (panels: readonly PanelResult[]): Look => ({
  mean: (title, label, x) => {
    const panel = panels.find((one) => one.title === title);
    const series = panel?.series.find((line) => line.label === label);
    return series?.points.find((point) => xText(panel as PanelResult, point.x) === x)?.mean ?? undefined;
  },
  ties: () => undefined,
  welch: () => undefined,
});
