import { describe, expect, test } from 'vitest';
import { type FidelityCell, fidelity, trainedSeeds } from '../../../nodes/statistics/fidelity.ts';

const s = { auc: 0.0075 };
/** Ten values around a mean, `spread` apart. */
const cell = (mean: number, reference = 0.7, spread = 0.005): FidelityCell => ({
  method: 'm',
  metric: 'auc',
  reference,
  values: Array.from({ length: 10 }, (_, n) => mean + (n % 2 === 0 ? spread : -spread)),
});
/** A mean that lies `z` units of s sqrt(1/10 + 1/10) from the reference. */
const away = (z: number) => cell(0.7 + z * 0.0075 * Math.sqrt(0.2));

describe('the fidelity rule', () => {
  test('measures the distance in units of s sqrt(1/n_ref + 1/n)', () => {
    const { cells } = fidelity([cell(0.71)], s, 3);
    expect(cells[0]?.distance).toBeCloseTo(0.01 / (0.0075 * Math.sqrt(1 / 3 + 1 / 10)), 9);
    expect(fidelity([{ ...cell(0.71), nRef: 10 }], s, 3).cells[0]?.distance).toBeCloseTo(
      0.01 / (0.0075 * Math.sqrt(0.2)),
      9,
    );
  });

  test('allows one cell in ten, rounded up, beyond 2', () => {
    const good = Array.from({ length: 8 }, () => away(0.5));
    expect(fidelity([...good, away(2.3)], s, 10)).toMatchObject({ beyond: 1, allowed: 1, passes: true });
    expect(fidelity([...good, away(2.3), away(-2.3)], s, 10)).toMatchObject({ beyond: 2, allowed: 1, passes: false });
    expect(fidelity([...good, away(0), away(2.3), away(-2.3)], s, 10)).toMatchObject({
      beyond: 2,
      allowed: 2,
      passes: true,
    });
  });

  test('allows none beyond 3.5, however many cells there are', () => {
    const good = Array.from({ length: 40 }, () => away(0));
    expect(fidelity([...good, away(3.4)], s, 10).passes).toBe(true);
    expect(fidelity([...good, away(-3.6)], s, 10)).toMatchObject({ far: 1, passes: false });
  });

  test('refuses results that scatter more than 2.5 s', () => {
    const wide = cell(0.7, 0.7, 0.0179);
    expect(fidelity([wide], s, 10)).toMatchObject({ unsteady: 1, passes: false });
    expect(fidelity([cell(0.7, 0.7, 0.0175)], s, 10).passes).toBe(true);
  });

  test('failed seeds do not widen the limits, and a method of which none trained is infinitely far', () => {
    const nine = { ...away(1), values: away(1).values.slice(0, 9), failed: 1 };
    expect(fidelity([nine], s, 10).cells[0]).toMatchObject({ failed: 1 });
    const error = Math.abs(nine.values.reduce((a, b) => a + b, 0) / 9 - 0.7);
    expect(fidelity([nine], s, 10).cells[0]?.distance).toBeCloseTo(error / (0.0075 * Math.sqrt(0.2)), 9);
    expect(fidelity([{ ...nine, values: [], failed: 10 }], s, 10)).toMatchObject({ far: 1, passes: false });
  });

  test('an exact port passes most of the time, and one that is an sd off never', () => {
    // one deterministic set of normal quantiles stands for the noise of 9 cells
    const quantiles = [-1.28, -0.84, -0.52, -0.25, 0, 0.25, 0.52, 0.84, 1.28];
    expect(fidelity(quantiles.map(away), s, 10).passes).toBe(true);
    const sdOff = 1 / Math.sqrt(0.2);
    expect(
      fidelity(
        quantiles.map((z) => away(z + sdOff)),
        s,
        10,
      ).passes,
    ).toBe(false);
  });

  test('a seed whose AUC stays below .60, or that has none, has failed', () => {
    expect(trainedSeeds({ 1: 0.6, 2: 0.5999, 3: 0.72, 4: Number.NaN })).toEqual({ trained: [1, 3], failed: [2, 4] });
  });

  test('needs an s for every metric, and a cell', () => {
    expect(() => fidelity([{ ...cell(0.7), metric: 'ndcg' }], s, 10)).toThrow(
      "there is no standard deviation s for 'ndcg'",
    );
    expect(() => fidelity([], s, 10)).toThrow('there is no cell to judge');
  });
});
