import { expect, test } from 'vitest';
import { chiSquare } from '../../../nodes/statistics/chi-square.ts';
import { distributions } from '../../../nodes/statistics/distributions.ts';

test('the upper tail of chi-square has its tabled quantiles', async () => {
  const { chiSquareTail } = await distributions();
  expect(chiSquareTail(3.841458820694124, 1)).toBeCloseTo(0.05, 9);
  expect(chiSquareTail(9.487729036781154, 4)).toBeCloseTo(0.05, 9);
  expect(chiSquareTail(23.209251158954356, 10)).toBeCloseTo(0.01, 9);
  expect(chiSquareTail(0, 3)).toBe(1);
  expect(chiSquareTail(1000, 4)).toBe(0);
});

test('two samples over three categories give the statistic worked out by hand; on 2 degrees of freedom p is exp(-x/2)', async () => {
  const found = await chiSquare([10, 20, 30], [20, 20, 20]);
  expect(found?.statistic).toBeCloseTo(16 / 3, 12);
  expect(found?.df).toBe(2);
  expect(found?.p).toBeCloseTo(Math.exp(-8 / 3), 9);
  expect(found?.smallestExpected).toBe(15);
});

test('a category that occurs in neither sample costs no degree of freedom', async () => {
  expect(await chiSquare([10, 0, 30], [20, 0, 20])).toEqual(await chiSquare([10, 30], [20, 20]));
});

test('equal shares give 0 and p 1', async () => {
  expect(await chiSquare([10, 20], [30, 60])).toMatchObject({ statistic: 0, p: 1 });
});

test('an empty sample and a single category cannot be tested', async () => {
  expect(await chiSquare([0, 0], [1, 2])).toBeNull();
  expect(await chiSquare([5, 0], [7, 0])).toBeNull();
  await expect(chiSquare([1], [1, 2])).rejects.toThrow(RangeError);
});
