import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { runNode } from '../../../core/testing/index.ts';
import { allCandidates } from '../../../nodes/candidates/all.ts';
import { adressa } from '../../../nodes/datasets/adressa.ts';
import { evaluate } from '../../../nodes/evaluation/evaluate.ts';
import { evaluateLists } from '../../../nodes/evaluation/evaluate-lists.ts';
import { definitionOf } from '../../../nodes/evaluation/presets.ts';
import { coOccurrenceFloor } from '../../../nodes/floors/co-occurrence.ts';
import { itemOrderFloor } from '../../../nodes/floors/item-order.ts';
import { leastPopularFloor } from '../../../nodes/floors/least-popular.ts';
import { popularityFloor } from '../../../nodes/floors/popularity.ts';
import { randomFloor } from '../../../nodes/floors/random.ts';
import { randomListsFloor } from '../../../nodes/floors/random-lists.ts';

const data = resolve(process.env.COUNTERPOISE_DATA ?? '../shared/data');
const files = { train: join(data, 'adressa/train.txt'), test: join(data, 'adressa/test.txt') };
const skip = !existsSync(files.train);
if (skip) console.warn('Adressa is not in the data folder (COUNTERPOISE_DATA): its floors are not tested');
const evaluation = definitionOf('macr', { metrics: ['hr', 'recall', 'ndcg'] });
const read = async () => {
  const { train, test, shape } = await runNode(adressa, {}, {}, { files });
  const { pairs: candidates } = await runNode(allCandidates, { test, train, shape });
  return { train, test, shape, candidates };
};
let reading: ReturnType<typeof read> | undefined;
const adressaData = () => (reading ??= read());

test.skipIf(skip).each([
  ['popularity', popularityFloor, ['0.04354', '0.03092', '0.01269'], 91],
  ['normalised co-occurrence', coOccurrenceFloor, ['0.18134', '0.15121', '0.06690'], 379],
] as const)('the floor %s of Adressa has its published numbers to five digits', async (_, floor, numbers, hits) => {
  const { train, test, shape, candidates } = await adressaData();
  const { scores } = await runNode(floor as typeof popularityFloor, { train, candidates, shape });
  const { metrics } = await runNode(evaluate, { scores, test, evaluation, shape, train });
  expect(metrics.metric).toEqual(['hr', 'recall', 'ndcg']);
  expect(Array.from(metrics.value, (value) => value.toFixed(5))).toEqual(numbers);
  expect(metrics.value[0]! * 2090).toBeCloseTo(hits, 6);
});

test.skipIf(skip)('floors by lists are those by scores of all pairs: popular, rare and random', async () => {
  const { train, test, shape, candidates } = await adressaData();
  for (const [by, floor] of [
    ['popularity', popularityFloor],
    ['rarity', leastPopularFloor],
  ] as const) {
    const { scores } = await runNode(floor, { train, candidates, shape });
    const { lists } = await runNode(itemOrderFloor, { train, test, known: train, shape }, { by });
    const byScores = await runNode(evaluate, { scores, test, evaluation, shape, train });
    const byLists = await runNode(evaluateLists, { lists, test, known: train, evaluation, shape });
    expect(byLists.metrics).toEqual(byScores.metrics);
  }
  const byPairs = await runNode(randomFloor, { candidates, test, evaluation, shape, train });
  const byCounts = await runNode(randomListsFloor, { test, known: train, evaluation, shape });
  expect(byCounts.metrics).toEqual(byPairs.metrics);
  expect(byCounts.perUser).toEqual(byPairs.perUser);
});
