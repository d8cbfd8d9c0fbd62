import { expect, test } from 'vitest';
import { lineChart } from '../../../cli/reproduce/line-chart.ts';
import type { PanelResult } from '../../../cli/reproduce/result.ts';

const at = (x: number, mean: number | null) => ({ x, mean, sd: null, n: 1, failed: 0, reason: null });
const panel: PanelResult = {
  title: 'Frequency',
  data: 'adressa',
  missing: null,
  x: { title: 'clicks', log: false, names: ['<=10', '<=50', '>50'] },
  y: { title: 'lists', log: false },
  marks: 'lines',
  series: [
    { label: 'share of items', bars: 'share', points: [at(0, 0.5), at(1, 0.25), at(2, 0.25)] },
    { label: 'MF', bars: null, points: [at(0, 2), at(1, 8), at(2, 40)] },
  ],
};

test('kinds of things stand on the axis by their names, and bars behind the lines from 0', () => {
  const svg = lineChart(panel) as string;
  for (const name of ['&lt;=10', '&lt;=50', '&gt;50']) expect(svg).toContain(`>${name}</text>`);
  const heights = [...svg.matchAll(/<rect [^>]*height="([\d.]+)"/g)].map(([, height]) => Number(height));
  expect(heights).toHaveLength(3);
  expect(heights[0]).toBeCloseTo(2 * (heights[1] as number), 0);
  expect(svg.indexOf('<rect')).toBeLessThan(svg.indexOf('<polyline'));
  expect(svg.match(/<polyline/g)).toHaveLength(1);
  expect(svg).toContain('>share</text>');
});

test('bars alone are no figure', () => {
  expect(lineChart({ ...panel, series: panel.series.slice(0, 1) })).toBeUndefined();
});
