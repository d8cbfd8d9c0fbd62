/** The preset macr on lists that can be counted on fingers. */
import { expect, test } from 'vitest';
import { definitionOf } from '../../../nodes/evaluation/presets.ts';
import { measured, type Row } from './measured.ts';

const definition = definitionOf('macr', { metrics: ['hr', 'recall', 'ndcg'], cutoffs: [1, 20] });
/** One user, 40 items, item 0 at the top. */
const scores = Array.from({ length: 40 }, (_, i): Row => [0, i, 40 - i]);
const shape = { users: 1, items: 40 };
const resultsFor = async (wanted: readonly number[]) =>
  (await measured({ shape, scores, test: wanted.map((i): Row => [0, i, 1]) }, definition)).values;

test('a single wanted item at rank 1 gives 1, and at rank 20 NDCG 1 / log2(21)', async () => {
  expect(await resultsFor([0])).toEqual({
    'hr@1': 1,
    'hr@20': 1,
    'recall@1': 1,
    'recall@20': 1,
    'ndcg@1': 1,
    'ndcg@20': 1,
  });
  const last = await resultsFor([19]);
  expect(last).toMatchObject({ 'hr@1': 0, 'hr@20': 1, 'recall@20': 1, 'ndcg@1': 0 });
  expect(last['ndcg@20']).toBeCloseTo(0.2277, 4);
  expect((await resultsFor([20]))['hr@20']).toBe(0);
});

test('of thirty wanted items twenty at the top give recall 2/3, whose denominator is not cut off, and NDCG 1', async () => {
  const many = await resultsFor(Array.from({ length: 30 }, (_, i) => i));
  expect(many['recall@20']).toBeCloseTo(2 / 3, 12);
  expect(many['ndcg@20']).toBeCloseTo(1, 12);
});
