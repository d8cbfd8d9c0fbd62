/** A panel of a figure whose points are many of a kind: a dot each, in the colour of its class. */
import { panelSize } from './line-chart.ts';
import { numbers, type Picture, palette } from './picture.ts';
import type { PanelResult } from './result.ts';
import { numberText } from './words.ts';

/** Undefined when there is nothing to draw. */
export function scatterChart(panel: PanelResult): Picture | undefined {
  const places = panel.series.flatMap(({ label: of, points }) =>
    points.flatMap(({ x, mean }) => (mean === null ? [] : [{ of, x, y: mean }])),
  );
  if (places.length === 0) return undefined;
  const axis = numbers(false, []);
  const domain = panel.series.map(({ label }) => label);
  return {
    about: `${panel.title}: ${panel.y.title} against ${panel.x.title}, by class`,
    spec: {
      title: panel.title,
      ...panelSize,
      data: { values: places },
      mark: { type: 'circle', size: 13, opacity: 0.55 },
      encoding: {
        x: { ...axis, field: 'x', title: panel.x.title },
        y: { ...axis, field: 'y', title: panel.y.title },
        color: {
          field: 'of',
          type: 'nominal',
          scale: { domain, range: domain.map((_, at) => palette[at % palette.length] as string) },
        },
      },
    },
  };
}

/** What pages without pictures say of it: how many points a class has and where their centre lies. */
export const centresOf = ({ series }: PanelResult): readonly (readonly string[])[] =>
  series.map(({ label: name, points }) => {
    const centre = (of: (point: (typeof points)[number]) => number) =>
      numberText(points.reduce((sum, point) => sum + of(point), 0) / points.length, 4);
    return [name, String(points.length), centre(({ x }) => x), centre(({ mean }) => mean ?? Number.NaN)];
  });
/** Titles of its columns. */
export const centreTitles = ({ x, y }: PanelResult): readonly string[] => [
  '',
  'points',
  `mean of ${x.title}`,
  `mean of ${y.title}`,
];
