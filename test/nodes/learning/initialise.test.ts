import { describe, expect, test } from 'vitest';
import { randomOf } from '../../../core/numeric/index.ts';
import { crossEntropy } from '../../../nodes/estimators/cross-entropy.ts';
import { doublyRobust } from '../../../nodes/estimators/doubly-robust.ts';
import type { Initialiser } from '../../../nodes/learning/declaration.ts';
import { initialise } from '../../../nodes/learning/machine/initialise.ts';
import { observationProgram } from '../../../nodes/propensity/factorised.ts';
import { bound, programOf, valuesOf } from './bench.ts';

const drawn = (start: Initialiser, width: number, stride: number, rows = 20_000) => {
  const values = new Float32Array(rows * stride);
  initialise(values, 0, rows, stride, { rows: 'user', width, start }, randomOf('init'));
  return { values, entries: values.filter((_, n) => n % stride < width) };
};
const moment = (values: Float32Array, power: number) => values.reduce((sum, x) => sum + x ** power, 0) / values.length;

describe('first values', () => {
  test('normal ones have the moments of N(0, sd^2)', () => {
    const { entries } = drawn({ normal: 1.5 }, 3, 4);
    expect(moment(entries, 1)).toBeCloseTo(0, 1);
    expect(moment(entries, 2) / 1.5 ** 2).toBeCloseTo(1, 1);
    expect(moment(entries, 3)).toBeCloseTo(0, 0);
    expect(moment(entries, 4) / 1.5 ** 4).toBeGreaterThan(2.9);
    expect(moment(entries, 4) / 1.5 ** 4).toBeLessThan(3.1);
  });

  test('uniform ones fill (-bound, bound) evenly', () => {
    const { entries } = drawn({ uniform: 0.3 }, 3, 4);
    expect(moment(entries, 1)).toBeCloseTo(0, 2);
    expect(moment(entries, 2)).toBeCloseTo(0.03, 3);
    expect(Math.max(...entries.subarray(0, 50_000))).toBeLessThan(0.3);
    expect(Math.min(...entries.subarray(0, 50_000))).toBeGreaterThan(-0.3);
  });

  test('the padding behind a row stays 0', () => {
    const { values } = drawn({ normal: 1 }, 3, 4, 100);
    expect(values.filter((_, n) => n % 4 === 3).every((x) => x === 0)).toBe(true);
    expect(drawn({ constant: 2 }, 1, 4, 2).values).toEqual(Float32Array.of(2, 0, 0, 0, 2, 0, 0, 0));
  });

  test('factors start from N(0, 1), and the linear layer of the additive model within 1/sqrt(2 width)', () => {
    expect(programOf(crossEntropy).tables).toMatchObject({ P: { start: { normal: 1 } }, Q: { start: { normal: 1 } } });
    const { tables } = observationProgram({ width: 8, rate: 1, l2: 0, batch: 4, tolerance: 0, patience: 5, epochs: 1 });
    expect(tables).toMatchObject({
      P: { start: { normal: 1 } },
      Q: { start: { normal: 1 } },
      au: { start: { uniform: 0.25 } },
      ai: { start: { uniform: 0.25 } },
      c: { start: { uniform: 0.25 } },
    });
  });

  test('of equal tables are equal under every method, so that methods of one seed start alike', () => {
    const naive = bound(programOf(crossEntropy.with({ width: 3, batch: 6 })));
    const robust = bound(programOf(doublyRobust.with({ width: 3, batch: 6 })), { givens: { prior: 0.5 } });
    for (const table of ['P', 'Q']) expect(valuesOf(robust, table)).toEqual(valuesOf(naive, table));
    expect(valuesOf(naive, 'P')).not.toEqual(valuesOf(naive, 'Q').slice(0, 15));
    const other = bound(programOf(crossEntropy.with({ width: 3, batch: 6 })), { random: randomOf('another seed') });
    expect(valuesOf(other, 'P')).not.toEqual(valuesOf(naive, 'P'));
  });
});
