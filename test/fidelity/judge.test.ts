import { describe, expect, test } from 'vitest';
import type { MetricRow } from '../../nodes/statistics/tidy.ts';
import { judgeFidelity } from './judge.ts';
import type { ReferenceSet } from './reference.ts';
import { dt } from './references/dt.ts';
import { verdictLines } from './table.ts';

const cell = { method: 'mf', k: null, preset: 'dt-icde24', n: 10, source: 'by hand' } as const;
const set: ReferenceSet = {
  title: 'A reference',
  protocol: 'coat-dt',
  seeds: [1, 2, 3, 4],
  s: { auc: 0.01 },
  cells: [{ ...cell, metric: 'auc', mean: 0.7, printed: '.71±.01' }],
  floors: [{ pipeline: 'floor-random', metric: 'auc', k: null, value: '.5000' }],
};
const row = (pipeline: string, seed: number | null, value: number | null, definition = 'dt-icde24'): MetricRow => ({
  pipeline,
  dataset: 'coat',
  protocol: 'coat-dt',
  seed,
  metric: 'auc',
  k: null,
  definition,
  value,
});
const measured = (aucs: readonly (number | null)[], floor = 0.5) => [
  ...aucs.map((value, n) => row('mf', n + 1, value)),
  row('floor-random', null, floor),
];

describe('a fidelity check', () => {
  test('holds means over seeds against the reference, with the sign of the difference', () => {
    const { cells, passes } = judgeFidelity(set, measured([0.69, 0.7, 0.69, 0.7]));
    expect(cells[0]?.mean).toBeCloseTo(0.695, 9);
    expect(cells[0]?.z).toBeCloseTo(-0.005 / (0.01 * Math.sqrt(1 / 10 + 1 / 4)), 9);
    expect(passes).toBe(true);
  });

  test('counts a seed on the initial plateau, or without a result, as failed and leaves it out of the mean', () => {
    const verdict = judgeFidelity(set, measured([0.7, 0.55, null, 0.7]));
    expect(verdict.failed.get('mf')).toEqual([2, 3]);
    expect(verdict.cells[0]).toMatchObject({ failed: 2, mean: 0.7 });
    expect(verdictLines(set, verdict)).toContain('plateau failures (AUC < .60) of mf: 2 of 4, seeds 2, 3');
  });

  test('fails on a cell that is far, on a floor that differs in its fourth digit, and on a floor that is not there', () => {
    expect(judgeFidelity(set, measured([0.73, 0.73, 0.73, 0.73])).passes).toBe(false);
    expect(judgeFidelity(set, measured([0.7, 0.7, 0.7, 0.7], 0.50004)).passes).toBe(true);
    expect(judgeFidelity(set, measured([0.7, 0.7, 0.7, 0.7], 0.50006)).passes).toBe(false);
    expect(judgeFidelity(set, measured([0.7, 0.7, 0.7, 0.7]).slice(0, 4)).passes).toBe(false);
  });

  test('refuses results that were measured under another definition', () => {
    expect(() => judgeFidelity(set, [row('mf', 1, 0.7, 'autodebias')])).toThrow(
      "mf measured auc as 'autodebias', and the reference as 'dt-icde24'",
    );
  });

  test('prints every cell with the reference, z, the verdict and what the paper prints', () => {
    const lines = verdictLines(set, judgeFidelity(set, measured([0.73, 0.73, 0.73, 0.73])));
    expect(lines.find((line) => line.startsWith('mf '))?.split(/ {2,}/)).toEqual([
      'mf',
      'auc',
      '.7300±.0000',
      '4',
      '.7000',
      '10',
      '+5.07',
      'FAR',
      '.71±.01',
    ]);
    expect(lines.at(-1)).toBe(
      'beyond 2: 1 of 1 cells (allowed 1); beyond 3.5: 1 (allowed 0); sd above 2.5 s: 0 (allowed 0)',
    );
  });
});

test('every reference of Coat has a mean, a spread and seeds, and each of its cells stands once', () => {
  const keys = dt.cells.map(({ method, metric }) => `${method} ${metric}`);
  expect(new Set(keys).size).toBe(keys.length);
  for (const { mean, sd, n, printed } of dt.cells) {
    expect(mean).toBeGreaterThan(0.4);
    expect(mean).toBeLessThan(0.8);
    expect(sd).toBeGreaterThan(0);
    expect(n).toBeGreaterThanOrEqual(3);
    expect(printed).toMatch(/^\.\d{3}±\.\d{3}$/);
  }
});
