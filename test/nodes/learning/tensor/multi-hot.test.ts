import { describe, expect, test } from 'vitest';
import { randomOf } from '../../../../core/numeric/random.ts';
import { plainEngine } from '../../../../nodes/learning/kernels/numeric.ts';
import { beside, type MultiHot, rowsAt } from '../../../../nodes/learning/tensor/multi-hot.ts';
import { fillNormal } from '../../../../nodes/learning/tensor/noise.ts';
import { SparseSums } from '../../../../nodes/learning/tensor/sparse-sums.ts';
import { engine } from './backends.ts';

/** Three rows of five columns; the second is empty, and one value is not 1. */
const x: MultiHot = {
  rows: 3,
  columns: 5,
  start: Uint32Array.of(0, 2, 2, 5),
  column: Uint32Array.of(0, 3, 1, 3, 4),
  value: Float32Array.of(1, 1, 1, 0.5, 1),
};
function denseOf({ rows, columns, start, column, value }: MultiHot): Float32Array {
  const out = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let at = start[row]!; at < start[row + 1]!; at++) out[row * columns + column[at]!]! += value[at]!;
  return out;
}

test('rows are taken in any order and stand beside others', () => {
  const both = beside(rowsAt(x, [2, 0]), rowsAt(x, [0, 1]));
  expect([...denseOf(both)]).toEqual([0, 1, 0, 0.5, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  expect(() => beside(x, rowsAt(x, [0]))).toThrow('3 and 1 rows');
});

describe.each(Object.entries({ compiled: engine, plain: plainEngine }))(
  'sums over rows on %s kernels',
  (_, numeric) => {
    const dense = denseOf(x);
    const draws = (n: number) => fillNormal(new Float32Array(n), randomOf(`draws/${n}`));
    const close = (values: Float32Array, sums: readonly number[]) =>
      expect([...values]).toEqual(sums.map((sum) => expect.closeTo(sum, 5)));
    /** One entry of the product of two written-out matrices, of which the left one may be turned. */
    const written = (right: Float32Array, width: number, turned: boolean) =>
      Array.from({ length: (turned ? x.columns : x.rows) * width }, (_, n) => {
        const [at, j] = [Math.floor(n / width), n % width];
        let sum = 0;
        for (let k = 0; k < (turned ? x.rows : x.columns); k++)
          sum += dense[turned ? k * x.columns + at : at * x.columns + k]! * right[k * width + j]!;
        return sum;
      });

    test('are those of the written-out matrix at every width, whatever a larger call has left in memory', () => {
      const sums = new SparseSums(numeric);
      for (const width of [8, 1, 2, 3, 4, 5]) {
        const [w, d] = [draws(x.columns * width), draws(x.rows * width)];
        close(sums.product(x, w, width), written(w, width, false));
        close(sums.turnedProduct(x, d, width), written(d, width, true));
      }
    });

    test('give the Bernoulli loss and its gradient as their formulas do', () => {
      const sums = new SparseSums(numeric);
      sums.product(x, draws(x.columns * 8), 8);
      const z = draws(x.rows * x.columns);
      const { loss, gradient } = sums.bernoulli(x, z);
      const losses = z.map((logit, n) => Math.log1p(Math.exp(logit)) - dense[n]! * logit);
      expect(loss).toBeCloseTo(losses.reduce((a, b) => a + b, 0) / x.rows, 5);
      close(
        gradient,
        [...z].map((logit, n) => (1 / (1 + Math.exp(-logit)) - dense[n]!) / x.rows),
      );
    });
  },
);
