import { describe, expect, test } from 'vitest';
import { compareMethods } from '../../../nodes/statistics/compare.ts';
import { holm } from '../../../nodes/statistics/holm.ts';
import { pairedT } from '../../../nodes/statistics/paired-t.ts';
import type { MetricRow } from '../../../nodes/statistics/tidy.ts';

const rowsOf = (pipeline: string, values: readonly (number | null)[], more: Partial<MetricRow> = {}): MetricRow[] =>
  values.map((value, n) => ({
    pipeline,
    dataset: 'coat',
    protocol: 'coat-dt',
    seed: n + 1,
    metric: 'auc',
    k: null,
    definition: 'dt-icde24',
    value,
    ...more,
  }));
const base = rowsOf('mf', [0.7, 0.71, 0.69, 0.7]);
const better = rowsOf('ips', [0.72, 0.725, 0.715, 0.73]);
const other = rowsOf('dr', [0.71, 0.7, 0.7, 0.705]);

describe('a comparison over seeds', () => {
  test('has means, deviations, differences from the baseline and paired p values, adjusted over the methods', async () => {
    const rows = await compareMethods([...base, ...better, ...other], { baseline: 'mf' });
    expect(rows.map(({ pipeline }) => pipeline)).toEqual(['mf', 'ips', 'dr']);
    const [mf, ips, dr] = rows;
    expect(mf).toMatchObject({ n: 4, failed: 0 });
    expect(mf).not.toHaveProperty('p');
    expect(mf?.mean).toBeCloseTo(0.7, 12);
    expect(ips?.delta).toBeCloseTo(0.0225, 12);
    const raw = [
      await pairedT([0.72, 0.725, 0.715, 0.73], [0.7, 0.71, 0.69, 0.7]),
      await pairedT([0.71, 0.7, 0.7, 0.705], [0.7, 0.71, 0.69, 0.7]),
    ];
    const ps = raw.map(({ p }) => p);
    expect(ips?.p).toBeCloseTo(ps[0] as number, 9);
    expect([ips?.pAdjusted, dr?.pAdjusted].map((p) => p?.toFixed(9))).toEqual(holm(ps).map((p) => p.toFixed(9)));
  });

  test('gives floors a p, but no weight on the adjustment', async () => {
    const floor = rowsOf('floor-item-mean', [0.6, 0.61, 0.62, 0.6]);
    const rows = await compareMethods([...base, ...better, ...floor], {
      baseline: 'mf',
      isFloor: (name) => name.startsWith('floor-'),
    });
    const of = (name: string) => rows.find(({ pipeline }) => pipeline === name);
    expect(of('floor-item-mean')?.p).toBeGreaterThan(0);
    expect(of('floor-item-mean')).not.toHaveProperty('pAdjusted');
    expect(of('ips')?.pAdjusted).toBe(of('ips')?.p);
  });

  test('of one seed has a difference and no p', async () => {
    const [, ips] = await compareMethods([...base.slice(0, 1), ...better.slice(0, 1)], { baseline: 'mf' });
    expect(ips?.delta).toBeCloseTo(0.02, 12);
    expect(ips).not.toHaveProperty('p');
    expect(ips?.sd).toBeNull();
  });

  test('pairs on the seeds that both have; a seed without a value is left out of n', async () => {
    const holes = rowsOf('ips', [0.72, null, 0.715, 0.73]);
    const [, ips] = await compareMethods([...base, ...holes], { baseline: 'mf' });
    expect(ips?.n).toBe(3);
    expect(ips?.delta).toBeCloseTo((0.02 + 0.025 + 0.03) / 3, 12);
  });

  test('counts failed seeds and does not use what they left', async () => {
    const [, ips] = await compareMethods([...base, ...better], {
      baseline: 'mf',
      failed: [{ pipeline: 'ips', seed: 4 }],
    });
    expect(ips).toMatchObject({ n: 3, failed: 1 });
    expect(ips?.mean).toBeCloseTo(0.72, 12);
  });

  test('of two runs that agree has no p rather than a certain one', async () => {
    const [, same] = await compareMethods([...base, ...rowsOf('twin', [0.7, 0.71, 0.69, 0.7])], { baseline: 'mf' });
    expect(same?.delta).toBe(0);
    expect(same).not.toHaveProperty('p');
  });

  test('never mixes protocols, data sets or definitions, nor takes a seed twice', async () => {
    const mixed = (more: Partial<MetricRow>) =>
      compareMethods([...base, ...rowsOf('ips', [0.7], more)], { baseline: 'mf' });
    await expect(mixed({ protocol: 'coat-5-5-90' })).rejects.toThrow(
      "results under different protocols cannot share a table: 'coat-dt', 'coat-5-5-90'",
    );
    await expect(mixed({ definition: 'autodebias' })).rejects.toThrow('different metric definitions');
    await expect(mixed({ dataset: 'yahoo' })).rejects.toThrow('different data sets');
    await expect(compareMethods([...base, ...base], { baseline: 'mf' })).rejects.toThrow(
      "'mf' has two values of auc for seed 1",
    );
    await expect(compareMethods(base, { baseline: 'pmf' })).rejects.toThrow("there is no result of the baseline 'pmf'");
  });
});
