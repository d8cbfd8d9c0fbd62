import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { runNode } from '../../../core/testing/index.ts';
import { coat } from '../../../nodes/datasets/coat.ts';
import { simulated } from '../../../nodes/datasets/simulated.ts';
import { naiveBayes } from '../../../nodes/propensity/naive-bayes.ts';
import type { Card } from '../../../nodes/reports/card-schema.ts';
import { dataCard } from '../../../nodes/reports/data-card.ts';

type Row = readonly [user: number, item: number, rating: number];
const tableOf = (rows: readonly Row[]) => ({
  user: Uint32Array.from(rows, ([user]) => user),
  item: Uint32Array.from(rows, ([, item]) => item),
  rating: Float32Array.from(rows, ([, , rating]) => rating),
});
const shape = { users: 2, items: 4 };
const log = tableOf([
  [0, 0, 5],
  [0, 1, 5],
  [0, 2, 1],
  [1, 0, 5],
]);
const randomised = tableOf([
  [0, 3, 1],
  [0, 0, 5],
  [1, 1, 1],
  [1, 0, 5],
]);
type Inputs = Parameters<typeof runNode<(typeof dataCard)['in'], object, object>>[1];
const cardOf = async (inputs: object) =>
  ((await runNode(dataCard, inputs as Inputs)) as unknown as { readonly card: Card }).card;
const roleOf = (card: Card, role: string) => card.roles.find((of) => of.role === role) as Card['roles'][number];

test('a role has the counts, density, mean, spread and concentration worked out by hand', async () => {
  const card = await cardOf({ shape, train: log, log });
  expect(roleOf(card, 'log')).toMatchObject({
    rows: 4,
    users: 2,
    items: 3,
    density: 0.5,
    sparsity: 0.5,
    mean: 4,
    perUser: { least: 1, median: 2, mean: 2, most: 3 },
    perItem: { least: 0, median: 1, mean: 1, most: 2 },
    gini: { users: 0.25, items: 0.375 },
    ratings: [
      { from: 1, to: 1, count: 1, share: 0.25 },
      { from: 5, to: 5, count: 3, share: 0.75 },
    ],
  });
});

test('the contrast is naive Bayes: the share in the log over the share in the random sample, times the density', async () => {
  const { contrast } = await cardOf({ shape, train: log, log, randomised });
  expect(contrast).toMatchObject({
    log: 'log',
    random: 'randomised',
    pairsInBoth: 2,
    meanDifference: 1,
    totalVariation: 0.25,
    byRating: [
      { from: 1, log: 0.25, random: 0.5, relative: 0.5, propensity: 0.25 },
      { from: 5, log: 0.75, random: 0.5, relative: 1.5, propensity: 0.75 },
    ],
  });
});

test('the propensities of the card equal those that the propensity node gives to the rows of the log', async () => {
  const { log, uniform, shape } = await runNode(simulated, {}, { users: 60, items: 40, perUser: 20 });
  const card = await cardOf({ shape, train: log, log, randomised: uniform });
  const { p } = await runNode(naiveBayes, { train: log, uniform, shape });
  const byRating = new Map(card.contrast?.byRating.map(({ from, propensity }) => [from, propensity]));
  for (const [row, rating] of log.rating.entries()) expect(p.p[row]).toBeCloseTo(byRating.get(rating) as number, 6);
});

test('without a random sample the card says that selection cannot be known, and never takes the test for one', async () => {
  const card = await cardOf({ shape, train: log, log, test: randomised });
  expect(card.contrast).toBeNull();
  expect(card.findings.join(' ')).toContain('cannot be known');
});

test('labels of train are compared with labels of a uniform slice where the ratings themselves are not given', async () => {
  const { contrast } = await cardOf({ shape, train: log, uniform: randomised });
  expect(contrast).toMatchObject({ log: 'train', random: 'uniform' });
});

test('ratings as they came are never compared with labels', async () => {
  const { contrast } = await cardOf({ shape, train: log, log, uniform: randomised });
  expect(contrast).toBeNull();
});

test('selection that follows the rating is called missing not at random, with the rating that is rated most', async () => {
  const rows = (counts: readonly number[]) =>
    tableOf(
      counts.flatMap((n, rating) =>
        Array.from({ length: n }, (_, at): Row => [at % 50, Math.floor(at / 50) + 10 * rating, rating + 1]),
      ),
    );
  const large = { users: 50, items: 50 };
  const biased = await cardOf({
    shape: large,
    train: rows([10, 10, 80]),
    log: rows([10, 10, 80]),
    randomised: rows([60, 20, 20]),
  });
  expect(biased.findings.join(' ')).toContain('missing not at random');
  expect(biased.findings).toContainEqual(
    expect.stringContaining('whose rating is 3 is the likeliest to be rated, 24.0 times'),
  );
  const fair = await cardOf({
    shape: large,
    train: rows([30, 30, 40]),
    log: rows([30, 30, 40]),
    randomised: rows([31, 30, 39]),
  });
  expect(fair.findings.join(' ')).toContain('the two look alike');
  expect(fair.contrast?.chiSquare?.p).toBeGreaterThan(0.9);
});

test('a rating that the random sample never has gets no propensity', async () => {
  const { contrast } = await cardOf({
    shape,
    train: log,
    log,
    randomised: tableOf([
      [0, 0, 1],
      [1, 1, 1],
    ]),
  });
  expect(contrast?.byRating.at(-1)).toMatchObject({ from: 5, relative: null, propensity: null });
});

test('many different ratings are counted in ten equal ranges that every role shares', async () => {
  const wide = { users: 1, items: 101 };
  const dense = tableOf(Array.from({ length: 101 }, (_, at): Row => [0, at, at / 10]));
  const few = tableOf([[0, 0, 9.99]]);
  const card = await cardOf({ shape: wide, train: dense, log: dense, randomised: few });
  const counts = (role: string) => roleOf(card, role).ratings.map(({ count }) => count);
  expect(counts('log').reduce((sum, n) => sum + n, 0)).toBe(101);
  expect(counts('log')).toHaveLength(10);
  expect(counts('log').at(-1)).toBe(11); // the last range holds its upper end
  expect(counts('randomised')).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
});

test('an empty table has no mean and no concentration, and nothing to compare', async () => {
  const card = await cardOf({ shape, train: log, log, randomised: tableOf([]) });
  expect(roleOf(card, 'randomised')).toMatchObject({ rows: 0, mean: null, gini: { users: null, items: null } });
  expect(card.contrast).toBeNull();
});

const folder = resolve(process.env.COUNTERPOISE_DATA ?? '../shared/data', 'coat');
const absent = !existsSync(join(folder, 'train.ascii'));
if (absent) console.warn('Coat is not in the data folder (COUNTERPOISE_DATA): its card is not tested');

test.skipIf(absent)('Coat has its published counts by rating in both roles, and 366 pairs in both', async () => {
  const files = { train: join(folder, 'train.ascii'), test: join(folder, 'test.ascii') };
  const { log, uniform, shape } = await runNode(coat, {}, {}, { files });
  const card = await cardOf({ shape, train: log, log, randomised: uniform });
  const counts = (role: string) => roleOf(card, role).ratings.map(({ count }) => count);
  expect(counts('log')).toEqual([1901, 1437, 1717, 1275, 630]);
  expect(counts('randomised')).toEqual([1879, 899, 1002, 641, 219]);
  expect(roleOf(card, 'log')).toMatchObject({ rows: 6960, density: 0.08, perUser: { least: 24, most: 24 } });
  expect(roleOf(card, 'log').perItem).toMatchObject({ least: 5, most: 88 });
  expect(card.contrast?.pairsInBoth).toBe(366);
  expect(card.contrast?.chiSquare?.p).toBe(0);
});
