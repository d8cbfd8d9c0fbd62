/** A panel of a figure whose points are many of a kind: a dot each, in the colour of its class. */
import { axes, box, height, width } from './axes.ts';
import type { PanelResult } from './result.ts';
import { colourAt, label, picture, px, scaleOf } from './svg.ts';
import { numberText } from './words.ts';

/** Undefined when there is nothing to draw. */
export function scatterChart(panel: PanelResult): string | undefined {
  const series = panel.series.map(({ label: name, points }) => ({
    name,
    places: points.flatMap(({ x, mean }) => (mean === null ? [] : [{ x, y: mean }])),
  }));
  const all = series.flatMap(({ places }) => places);
  if (all.length === 0) return undefined;
  const range = (values: readonly number[]) => [Math.min(...values), Math.max(...values)] as const;
  const x = scaleOf(range(all.map((place) => place.x)), [box.left + 8, box.right - 8]);
  const y = scaleOf(range(all.map((place) => place.y)), [box.bottom - 8, box.top + 8]);
  return picture(width, height, `${panel.title}: ${panel.y.title} against ${panel.x.title}, by class`, [
    ...axes(panel, x, y),
    ...series.flatMap(({ name, places }, at) => [
      `<g fill="${colourAt(at)}" fill-opacity=".55">`,
      ...places.map((place) => `<circle cx="${px(x.at(place.x))}" cy="${px(y.at(place.y))}" r="2"/>`),
      '</g>',
      `<circle cx="${box.right + 24}" cy="${box.top + 12 + at * 18}" r="4" fill="${colourAt(at)}"/>`,
      label(box.right + 36, box.top + 16 + at * 18, name),
    ]),
  ]);
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
