import { expect, test } from 'vitest';
import { lineChart } from '../../../cli/reproduce/line-chart.ts';
import { type Picture, rendered } from '../../../cli/reproduce/picture.ts';
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

const svgOf = (of: PanelResult) => rendered(lineChart(of) as Picture);

test('kinds of things stand on the axis by their names, and bars behind the lines from 0', async () => {
  const svg = await svgOf(panel);
  for (const name of ['&lt;=10', '&lt;=50', '&gt;50']) expect(svg).toContain(`>${name}</text>`);
  const bars = [...svg.matchAll(/aria-roledescription="bar" d="M[\d.]+,[\d.]+h[\d.]+v([\d.]+)h/g)];
  const heights = bars.map(([, height]) => Number(height));
  expect(heights).toHaveLength(3);
  expect(heights[0]).toBeCloseTo(2 * (heights[1] as number), 3);
  expect(svg.indexOf('aria-roledescription="bar"')).toBeLessThan(svg.indexOf('aria-roledescription="line mark"'));
  expect(svg.match(/aria-roledescription="line mark"/g)).toHaveLength(1);
  expect(svg.match(/aria-roledescription="point"/g)).toHaveLength(3);
  expect(svg).toContain('>share</text>');
});

test('bars alone are no figure', () => {
  expect(lineChart({ ...panel, series: panel.series.slice(0, 1) })).toBeUndefined();
});

test('several seeds give a bar of one standard deviation, but on a logarithmic axis, where it could end below 0', async () => {
  const spread = (log: boolean) => ({
    ...panel,
    y: { title: 'lists', log },
    series: [{ label: 'MF', bars: null, points: [0, 1, 2].map((x) => ({ ...at(x, x + 1), sd: 0.5, n: 3 })) }],
  });
  expect((await svgOf(spread(false))).match(/aria-roledescription="rule mark"/g)).toHaveLength(3);
  expect(await svgOf(spread(true))).not.toContain('aria-roledescription="rule mark"');
});

test('a curve of many points has no markers, and a series that lacks its points says so', async () => {
  const curve = { label: 'MF', bars: null, points: Array.from({ length: 40 }, (_, x) => at(x, x * x)) };
  const none = { label: 'IPS', bars: null, points: [at(0, null)] };
  const svg = await svgOf({ ...panel, x: { title: 'epoch', log: false, names: null }, series: [curve, none] });
  expect(svg).not.toContain('aria-roledescription="point"');
  expect(svg).toContain('>IPS (none)</text>');
});

test('one figure gives the same bytes each time, holds names as text, and fetches nothing', async () => {
  const named = {
    ...panel,
    title: '<script>alert(1)</script>',
    series: [{ ...panel.series[1]!, label: '"><img src=x>' }],
  };
  const svg = await svgOf(named);
  expect(await svgOf(named)).toBe(svg);
  expect(svg).not.toMatch(/<script|<img|https?:|url\(/i);
  expect(svg).toContain('&lt;script&gt;');
  expect(svg.startsWith('<svg width=')).toBe(true);
  expect(svg).toContain('role="img" aria-label="&lt;script&gt;');
});
