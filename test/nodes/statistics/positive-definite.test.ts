import { expect, test } from 'vitest';
import { randomOf } from '../../../core/numeric/index.ts';
import { pearson, spearman } from '../../../nodes/statistics/correlation.ts';
import { solvePositiveDefinite } from '../../../nodes/statistics/positive-definite.ts';

test('the solution satisfies the equations, whatever the upper triangle holds', () => {
  const random = randomOf('equations');
  const n = 6;
  const root = Float64Array.from({ length: n * n }, () => random.normal());
  const a = Float64Array.from({ length: n * n }, (_, at) => {
    const [j, k] = [Math.floor(at / n), at % n];
    let sum = j === k ? 0.1 : 0;
    for (let i = 0; i < n; i++) sum += root[j * n + i]! * root[k * n + i]!;
    return sum;
  });
  const b = Float64Array.from({ length: n }, () => random.normal());
  const lower = a.map((value, at) => (at % n > Math.floor(at / n) ? 1e9 : value));
  const x = solvePositiveDefinite(lower, b)!;
  for (let j = 0; j < n; j++) expect(x.reduce((sum, value, k) => sum + a[j * n + k]! * value, 0)).toBeCloseTo(b[j]!, 9);
});

test('a matrix that is not positive definite, or not of numbers, has no solution', () => {
  expect(solvePositiveDefinite(Float64Array.of(1, 0, 2, 1), Float64Array.of(1, 1))).toBeUndefined();
  expect(solvePositiveDefinite(Float64Array.of(1, 0, Number.NaN, 1), Float64Array.of(1, 1))).toBeUndefined();
});

test('correlations are 1 for what rises together, by values or by ranks, and no number where a series is constant', () => {
  const a = [1, 2, 3, 10];
  expect(pearson(a, [3, 5, 7, 21])).toBeCloseTo(1, 12);
  expect(pearson(a, [-2, -4, -6, -20])).toBeCloseTo(-1, 12);
  expect(spearman(a, [0, 1, 2, 3])).toBeCloseTo(1, 12);
  expect(pearson(a, [0, 1, 2, 3])).toBeLessThan(0.95);
  expect(pearson(a, [4, 4, 4, 4])).toBeNaN();
});
