import { expect, test } from 'vitest';
import { runNode } from '../../../core/testing/index.ts';
import { completedRatings } from '../../../nodes/datasets/completed-ratings.ts';
import { softPreference } from '../../../nodes/datasets/soft-preference.ts';
import { softSelection } from '../../../nodes/datasets/soft-selection.ts';
import { softTruth } from '../../../nodes/datasets/soft-truth.ts';
import { evaluate } from '../../../nodes/evaluation/evaluate.ts';
import { definitionOf } from '../../../nodes/evaluation/presets.ts';
import { meanLabel } from '../../../nodes/imputation/mean-label.ts';

/** All pairs by user and item, with a value of each. */
function allPairs(users: number, items: number, value: (u: number, i: number) => number) {
  const pairs = Array.from({ length: users * items }, (_, n) => [Math.floor(n / items), n % items] as const);
  return {
    user: Uint32Array.from(pairs, ([u]) => u),
    item: Uint32Array.from(pairs, ([, i]) => i),
    rating: Float32Array.from(pairs, ([u, i]) => value(u, i)),
  };
}
const mean = (values: Iterable<number>) => {
  const all = [...values];
  return all.reduce((a, b) => a + b, 0) / all.length;
};
/** The largest difference between a column and what it should be. */
const farthest = (column: ArrayLike<number>, expected: (row: number) => number) =>
  Array.from(column, (value, row) => Math.abs(value - expected(row))).reduce((a, b) => Math.max(a, b), 0);

const shape = { users: 20, items: 15 };
/** Three of four pairs of a matrix that a user and an item term explain, in a scrambled order. */
const ratings = (() => {
  const all = allPairs(shape.users, shape.items, (u, i) => 3 + Math.sin(u) + Math.cos(2 * i));
  const order = Array.from({ length: 225 }, (_, n) => (n * 7919) % 300);
  return {
    user: Uint32Array.from(order, (row) => all.user[row]!),
    item: Uint32Array.from(order, (row) => all.item[row]!),
    rating: Float32Array.from(order, (row) => all.rating[row]!),
  };
})();
const small = { width: 2, batch: 20, rate: 0.05 };

test('a completed matrix has all pairs and is close to ratings that it never saw', async () => {
  const { completed, history } = await runNode(completedRatings, { ratings, shape }, { ...small, patience: 20 });
  expect(completed.user.length).toBe(300);
  expect([completed.user[16], completed.item[16]]).toEqual([1, 1]);
  const wrong = completed.rating.map((r, n) =>
    Math.abs(r - (3 + Math.sin(Math.floor(n / 15)) + Math.cos(2 * (n % 15)))),
  );
  expect(mean(wrong)).toBeLessThan(0.25);
  expect(history.value.at(-1)).toBeLessThan(history.value[0]! / 5);
});

test('completion ends after as many epochs without a better held-out error as it is patient', async () => {
  const { history } = await runNode(completedRatings, { ratings, shape }, { ...small, patience: 3 });
  const errors = [...history.value];
  const best = errors.indexOf(Math.min(...errors));
  expect(errors.length - 1 - best).toBe(3);
  for (let at = 3; at < errors.length - 1; at++) {
    const before = Math.min(...errors.slice(0, at - 2));
    expect(Math.min(...errors.slice(at - 2, at + 1))).toBeLessThan(before); // no earlier run of three
  }
  const once = await runNode(completedRatings, { ratings, shape }, { ...small, epochs: 1 });
  expect(once.history.epoch.length).toBe(1);
});

test("Adam's first step moves a parameter by the rate, whatever its gradient is", async () => {
  // one batch, one epoch: a prediction of width 1 changes by the moves of p, q and three biases alone
  const before = await runNode(
    completedRatings,
    { ratings, shape },
    { ...small, width: 1, rate: 1e-12, batch: 202, epochs: 1 },
  );
  const after = await runNode(
    completedRatings,
    { ratings, shape },
    { ...small, width: 1, rate: 1e-3, batch: 202, epochs: 1 },
  );
  const moves = after.completed.rating.map((r, n) => Math.abs(r - before.completed.rating[n]!));
  expect(Math.max(...moves)).toBeGreaterThan(2.5e-3);
  expect(Math.max(...moves)).toBeLessThan(1e-3 * (3 + 4 + 4)); // |p| and |q| stay under 4
});

test('strong decay of all parameters draws every prediction to zero', async () => {
  const { completed } = await runNode(
    completedRatings,
    { ratings, shape },
    { ...small, l2: 1e4, rate: 0.01, epochs: 400, patience: 400 },
  );
  expect(Math.max(...completed.rating.map(Math.abs))).toBeLessThan(0.1);
});

test('too few rows for one batch are refused', async () => {
  await expect(runNode(completedRatings, { ratings, shape }, { batch: 300 })).rejects.toThrow(
    '202 rows to train on do not fill a batch of 300',
  );
});

test('preference is the cut rating between epsilon and 1, and films become users', async () => {
  const completed = allPairs(2, 3, (u, i) => [-1, 2, 3, 7, 4, 1][u * 3 + i]!);
  const given = { completed, shape: { users: 2, items: 3 } };
  const { preference, shape: turned } = await runNode(softPreference, given, {});
  expect(turned).toEqual({ users: 3, items: 2 });
  expect([...preference.user]).toEqual([0, 0, 1, 1, 2, 2]);
  expect([...preference.item]).toEqual([0, 1, 0, 1, 0, 1]);
  const eta = [0, 5, 2, 4, 3, 1].map((g) => g / 5);
  expect(farthest(preference.rating, (n) => eta[n]!)).toBeLessThan(1e-6);
  const raised = await runNode(softPreference, given, { epsilon: 0.2 });
  expect(farthest(raised.preference.rating, (n) => 0.2 + 0.8 * eta[n]!)).toBeLessThan(1e-6);
  await expect(runNode(softPreference, { ...given, completed: allPairs(2, 3, () => 4) }, {})).rejects.toThrow(
    'all completed ratings are 4',
  );
  await expect(runNode(softPreference, { completed, shape: { users: 3, items: 3 } }, {})).rejects.toThrow(
    'the table does not list all 9 pairs',
  );
  await expect(runNode(softPreference, { completed, shape: { users: 3, items: 2 } }, {})).rejects.toThrow(
    'the table does not list all 6 pairs',
  );
});

const wide = { users: 150, items: 200 };
const eta = (u: number, i: number) => ((u * 31 + i * 17) % 97) / 96;
const preference = allPairs(wide.users, wide.items, eta);

test('pairs are observed as often as (2^eta - 1)^rho says, and a larger rho observes a subset', async () => {
  const seen = new Set<number>();
  for (const rho of [0.5, 1, 2]) {
    const { train, truth } = await runNode(softSelection, { preference, shape: wide }, { rho });
    const expected = mean(preference.rating.map((e) => (2 ** e - 1) ** rho));
    const share = train.user.length / preference.user.length;
    expect(Math.abs(share - expected)).toBeLessThan(4 * Math.sqrt(0.25 / preference.user.length));
    const p = (row: number) => (2 ** eta(train.user[row]!, train.item[row]!) - 1) ** rho;
    expect(farthest(truth.p, p)).toBeLessThan(1e-6);
    const pairs = Array.from(train.user, (u, row) => u * wide.items + train.item[row]!);
    if (seen.size > 0) expect(pairs.every((pair) => seen.has(pair))).toBe(true);
    seen.clear();
    for (const pair of pairs) seen.add(pair);
    const byItem = Array.from(train.item, (i, row) => i * wide.users + train.user[row]!);
    expect(byItem.every((place, row) => row === 0 || place > byItem[row - 1]!)).toBe(true);
  }
});

test('soft labels are the preference itself, drawn ones are positive as often', async () => {
  const soft = await runNode(softSelection, { preference, shape: wide }, {});
  const own = (row: number) => Math.fround(eta(soft.train.user[row]!, soft.train.item[row]!));
  expect(farthest(soft.train.rating, own)).toBe(0);
  const drawn = await runNode(softSelection, { preference, shape: wide }, { labels: 'bernoulli' });
  expect(drawn.train.user).toEqual(soft.train.user);
  expect(new Set(drawn.train.rating)).toEqual(new Set([0, 1]));
  const rows = drawn.train.user.length;
  expect(Math.abs(mean(drawn.train.rating) - mean(soft.train.rating))).toBeLessThan(4 * Math.sqrt(0.25 / rows));
  // independent of the observation given eta: the most liked third is positive as often as it is liked
  const liked = [...drawn.train.rating].filter((_, row) => soft.train.rating[row]! > 2 / 3);
  const likes = [...soft.train.rating].filter((label) => label > 2 / 3);
  expect(Math.abs(mean(liked) - mean(likes))).toBeLessThan(4 * Math.sqrt(0.25 / liked.length));
});

test('the indicator of train row n is the observation of the n-th pair of all', async () => {
  const { train, indicator } = await runNode(softSelection, { preference, shape: wide }, {});
  const observed = new Set(Array.from(train.user, (u, row) => u * wide.items + train.item[row]!));
  expect(indicator.user).toEqual(train.user);
  expect(farthest(indicator.o, (row) => (observed.has(row) ? 1 : 0))).toBe(0);
});

const evaluation = { ...definitionOf('soft-truth', { cutoffs: [3] }) };
type Rows = { metric: readonly string[]; value: Float64Array; reason: readonly string[] };
const value = ({ metric, value }: Rows, name: string) => value[metric.indexOf(name)]!;

test('a perfect prediction is perfect on the fixed axis, and worse than a constant on the one that was coded', async () => {
  const judge = async (axis: 'fixed' | 'as-coded', score: (eta: number) => number) => {
    const { test: truth } = await runNode(softTruth, { preference, shape: wide }, { axis });
    const scores = { user: preference.user, item: preference.item, score: preference.rating.map(score) };
    return (await runNode(evaluate, { scores, test: truth, evaluation, shape: wide })).metrics;
  };
  const level = mean(preference.rating);
  const variance = mean(preference.rating.map((e) => (e - level) ** 2));
  const fixed = await judge('fixed', (e) => e);
  expect([value(fixed, 'mse'), value(fixed, 'mae'), value(fixed, 'ndcg')]).toEqual([0, 0, 1]);
  const coded = await judge('as-coded', (e) => e);
  expect(value(coded, 'mse')).toBeCloseTo(2 * variance, 2); // two nearly independent draws of eta
  expect(value(coded, 'ndcg')).toBeLessThan(0.7);
  const constant = await judge('as-coded', () => level);
  expect(value(constant, 'mse')).toBeCloseTo(variance, 6);
  expect(value(constant, 'mse')).toBeLessThan(value(coded, 'mse'));
});

test('as coded, the n-th pair by user is judged by the n-th pair by item', async () => {
  const of = allPairs(2, 3, (u, i) => (u * 3 + i) / 10);
  const { test: truth } = await runNode(
    softTruth,
    { preference: of, shape: { users: 2, items: 3 } },
    { axis: 'as-coded' },
  );
  // by item and user: (0,0) (1,0) (0,1) (1,1) (0,2) (1,2)
  expect([...truth.rating]).toEqual([0, 3, 1, 4, 2, 5].map((n) => Math.fround(n / 10)));
  expect([...truth.user, ...truth.item]).toEqual([...of.user, ...of.item]);
});

test('soft truths are gains, errors are taken from them, and what needs positives is not defined', async () => {
  const truth = {
    user: Uint32Array.of(0, 0, 0, 0),
    item: Uint32Array.of(0, 1, 2, 3),
    rating: Float32Array.of(0.5, 0.25, 1, 0),
  };
  const scores = { user: truth.user, item: truth.item, score: Float32Array.of(0.75, 0.5, 0.25, 0) };
  const { metrics } = await runNode(evaluate, { scores, test: truth, evaluation, shape: { users: 1, items: 4 } });
  const dcg = 0.5 + 0.25 / Math.log2(3) + 1 / 2;
  const ideal = 1 + 0.5 / Math.log2(3) + 0.25 / 2;
  expect(value(metrics, 'ndcg')).toBeCloseTo(dcg / ideal, 12);
  expect(value(metrics, 'mse')).toBeCloseTo((0.0625 + 0.0625 + 0.5625) / 4, 12);
  expect(value(metrics, 'mae')).toBeCloseTo((0.25 + 0.25 + 0.75) / 4, 12);
  for (const name of ['auc', 'recall', 'precision', 'map', 'mrr', 'hr', 'logloss', 'ece']) {
    expect(value(metrics, name)).toBeNaN();
    expect(metrics.reason[metrics.metric.indexOf(name)]).not.toBe('');
  }
});

test('the mean label takes soft labels, and refuses ratings', async () => {
  const labels = { user: Uint32Array.of(0, 1), item: Uint32Array.of(0, 0), rating: Float32Array.of(0.25, 1) };
  expect((await runNode(meanLabel, { labels })).prior).toEqual({ positive: 0.625 });
  await expect(runNode(meanLabel, { labels: { ...labels, rating: Float32Array.of(1, 5) } })).rejects.toThrow(
    'a label is 5, and must lie between 0 and 1',
  );
});
