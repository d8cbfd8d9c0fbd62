import { expect, test } from 'vitest';
import { evaluate } from '../../../nodes/evaluation/evaluate.ts';
import { definitionOf } from '../../../nodes/evaluation/presets.ts';
import { itemMeanFloor } from '../../../nodes/floors/item-mean.ts';
import { itemUserMeanFloor } from '../../../nodes/floors/item-user-mean.ts';
import { popularityFloor } from '../../../nodes/floors/popularity.ts';
import { randomFloor } from '../../../nodes/floors/random.ts';
import { runNode } from '../run.ts';
import { coat } from './coat.ts';

const evaluation = definitionOf('dt-icde24');
const skip = coat === undefined;
if (skip) console.warn('Coat is not in the data folder (COUNTERPOISE_DATA): its floors are not tested');
const { train, test: truth, shape } = coat ?? ({} as NonNullable<typeof coat>);

type Rows = { metric: readonly string[]; k: Uint32Array; value: Float64Array };
const value = ({ metric, k, value }: Rows, name: string, at: number) =>
  value[metric.findIndex((m, row) => m === name && k[row] === at)]?.toFixed(4);
const three = (rows: Rows) => [value(rows, 'auc', 0), value(rows, 'ndcg', 5), value(rows, 'recall', 5)];

test.skipIf(skip)('a random order of Coat scores AUC .5000, NDCG@5 .4604 and Recall@5 .3028', async () => {
  const { metrics } = await runNode(randomFloor, { candidates: truth, test: truth, evaluation, shape });
  expect(three(metrics)).toEqual(['0.5000', '0.4604', '0.3028']);
});

test.skipIf(skip).each([
  ['popularity', popularityFloor, ['0.5403', '0.5102', '0.3452']],
  ['item mean', itemMeanFloor, ['0.6226', '0.6241', '0.4374']],
  ['item + user mean', itemUserMeanFloor, ['0.7667', '0.6241', '0.4374']],
] as const)('the floor %s of Coat has its published numbers to four digits', async (_, floor, numbers) => {
  const { scores } = await runNode(floor as typeof popularityFloor, { train, candidates: truth, shape });
  const { metrics } = await runNode(evaluate, { scores, test: truth, evaluation, shape, train });
  expect(three(metrics)).toEqual(numbers);
});
