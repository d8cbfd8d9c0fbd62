import { expect, test } from 'vitest';
import { gini, giniAtRandom } from '../../../nodes/statistics/gini.ts';

const of = (...counts: number[]) => gini(Uint32Array.from(counts));

test('equal counts have a Gini coefficient of 0, and one that has all of n has 1 - 1/n', () => {
  expect(of(3, 3, 3, 3)).toBeCloseTo(0, 12);
  expect(of(0, 0, 0, 4)).toBeCloseTo(0.75, 12);
});

test('the Gini coefficient is the mean absolute difference over twice the mean, whatever the order', () => {
  const counts = [7, 0, 2, 2, 19, 1];
  let apart = 0;
  for (const a of counts) for (const b of counts) apart += Math.abs(a - b);
  const mean = counts.reduce((sum, n) => sum + n, 0) / counts.length;
  expect(of(...counts)).toBeCloseTo(apart / counts.length ** 2 / (2 * mean), 12);
  expect(of(...counts.reverse())).toBeCloseTo(of(...counts) as number, 12);
});

test('nothing counted has no Gini coefficient', () => {
  expect(of(0, 0)).toBeNull();
  expect(of()).toBeNull();
  expect(giniAtRandom(10, 0)).toBeNull();
});

test('chance gives 1 - p where each is counted at most once, and 3/8 for two tosses of a coin', () => {
  expect(giniAtRandom(1, 0.3)).toBeCloseTo(0.7, 12);
  expect(giniAtRandom(2, 0.5)).toBeCloseTo(0.375, 12);
  expect(giniAtRandom(5, 1)).toBe(0);
});

test('many trials do not underflow: the spread of a binomial count nears that of a normal one', () => {
  const [trials, p] = [50_000, 0.5];
  const normal = Math.sqrt(trials * p * (1 - p)) / (trials * p * Math.sqrt(Math.PI));
  expect(giniAtRandom(trials, p)).toBeCloseTo(normal, 6);
});
