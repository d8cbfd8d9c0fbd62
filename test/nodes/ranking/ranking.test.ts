import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { bind, type TensorBundle } from '../../../core/index.ts';
import { runNode as runAny } from '../../../core/testing/index.ts';
import { crossEntropy } from '../../../nodes/estimators/cross-entropy.ts';
import { Numeric, plainEngine } from '../../../nodes/learning/kernels/numeric.ts';
import { learner } from '../../../nodes/learning/learner.ts';
import { scorer } from '../../../nodes/learning/serve.ts';
import { askedUsers } from '../../../nodes/ranking/asked-users.ts';
import { externalIds } from '../../../nodes/ranking/external-ids.ts';
import { testRanks } from '../../../nodes/ranking/test-ranks.ts';
import { topItems } from '../../../nodes/ranking/top-items.ts';

const runNode: typeof runAny = (node, inputs, config, options) =>
  runAny(node, inputs, config, { use: [bind(Numeric, plainEngine)], ...options });
const shape = { users: 6, items: 9 };
type Pair = readonly [user: number, item: number];
const pairs = (rows: readonly Pair[]) => ({
  user: Uint32Array.from(rows, ([u]) => u),
  item: Uint32Array.from(rows, ([, i]) => i),
});
/** User 5 has none. */
const train: readonly Pair[] = Array.from({ length: 20 }, (_, r) => [r % 5, (r * 4 + Math.floor(r / 5)) % 9]);

let model: TensorBundle<{ method: unknown }>;
beforeAll(async () => {
  const rating = Float32Array.from(train, (_, r) => r % 2);
  const made = await runNode(
    learner(crossEntropy.with({ width: 3, batch: 8, epochs: 3 })),
    { train: { ...pairs(train), rating }, shape },
    {},
  );
  model = made.params as typeof model;
});

/** All items of a user by their score, best first, ties by id: the slow way. */
function ranked(user: number, known: readonly Pair[]): readonly number[] {
  const items = Array.from({ length: shape.items }, (_, i) => i).filter(
    (i) => !known.some(([u, k]) => u === user && k === i),
  );
  const score = new Float32Array(items.length);
  scorer(model, plainEngine).score(
    Uint32Array.from(items, () => user),
    Uint32Array.from(items),
    score,
  );
  return items
    .map((i, at) => [i, score[at] as number] as const)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .map(([i]) => i);
}
const byUser = (top: { user: Uint32Array; item: Uint32Array }) => {
  const found = new Map<number, number[]>();
  for (const [row, u] of top.user.entries()) found.set(u, [...(found.get(u) ?? []), top.item[row] as number]);
  return found;
};

describe('top items', () => {
  test('are the best of those that the user has not rated, for any size of the list and any held-out ratings', async () => {
    const pair = fc.tuple(fc.nat(shape.users - 1), fc.nat(shape.items - 1));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.array(pair, { maxLength: 30 }), async (top, held) => {
        const inputs = { model, train: pairs(train), shape, ...(held.length > 0 && { test: pairs(held) }) };
        const found = byUser((await runNode(topItems, inputs, { top })).top);
        for (let user = 0; user < 5; user++)
          expect(found.get(user) ?? []).toEqual(ranked(user, [...train, ...held]).slice(0, top));
        expect(found.has(5), 'nothing was learnt of a user without train rows').toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  test('carry ranks from 1 and scores that never rise', async () => {
    const { top } = await runNode(topItems, { model, train: pairs(train), shape }, { top: 4 });
    expect([...top.rank.slice(0, 4)]).toEqual([1, 2, 3, 4]);
    for (let row = 1; row < top.score.length; row++)
      if (top.user[row] === top.user[row - 1])
        expect(top.score[row] as number).toBeLessThanOrEqual(top.score[row - 1] as number);
  });

  test('of equal scores are those with the lower id', async () => {
    const tensors = Object.fromEntries(
      Object.entries(model.tensors).map(([name, { shape: of, data }]) => [
        name,
        { shape: of, data: new Float32Array(data.length) },
      ]),
    );
    const { top } = await runNode(
      topItems,
      { model: { ...model, tensors }, train: pairs([[2, 1]]), shape },
      { top: 3 },
    );
    expect([...top.item]).toEqual([0, 2, 3]);
  });

  test('leave out what the settings say', async () => {
    const held = pairs([[0, ranked(0, train)[0] as number]]);
    const inputs = { model, train: pairs(train), shape, uniform: held };
    const best = async (leaveOut: 'rated' | 'train' | 'nothing') =>
      byUser((await runNode(topItems, inputs, { top: 1, leaveOut })).top).get(0);
    expect(await best('rated')).toEqual(ranked(0, train).slice(1, 2));
    expect(await best('train')).toEqual(ranked(0, train).slice(0, 1));
    expect(await best('nothing')).toEqual(ranked(0, []).slice(0, 1));
  });

  test('of given users come in their order; a user that nothing was learnt of is left out with a warning', async () => {
    const warnings: string[] = [];
    const { top } = await runNode(
      topItems,
      { model, train: pairs(train), shape, users: { user: Uint32Array.of(4, 5, 1) } },
      { top: 1 },
      { say: (said) => said.say === 'log' && warnings.push(said.message) },
    );
    expect([...top.user]).toEqual([4, 1]);
    expect(warnings).toEqual([
      '1 of 3 asked users have no train row and get no recommendations: the model knows nothing of them',
    ]);
  });

  test('are refused for a model of another shape and for scores that are no numbers', async () => {
    await expect(
      runNode(topItems, { model, train: pairs(train), shape: { users: 6, items: 10 } }),
    ).rejects.toMatchObject({ code: 'bad-data', message: expect.stringContaining('knows 6 users and 9 items') });
    const tensors = Object.fromEntries(
      Object.entries(model.tensors).map(([name, { shape: of, data }]) => [
        name,
        { shape: of, data: data.map(() => Number.NaN) },
      ]),
    );
    await expect(runNode(topItems, { model: { ...model, tensors }, train: pairs(train), shape })).rejects.toMatchObject(
      { code: 'bad-data', message: expect.stringContaining('is not a number') },
    );
  });
});

describe('ids', () => {
  const ids = { id: ['ann', 'bob', 'cy', 'dee', 'eve', 'fay'] };

  test('of asked users are found by name, each once, in the order of asking', async () => {
    const { users } = await runNode(askedUsers, { userIds: ids, shape }, { ids: ['eve', 'ann', 'eve'] });
    expect([...users.user]).toEqual([4, 0]);
  });

  test('are dense where the data set has no others', async () => {
    const { users } = await runNode(askedUsers, { shape } as never, { ids: ['5', '0'] });
    expect([...users.user]).toEqual([5, 0]);
    await expect(runNode(askedUsers, { shape } as never, { ids: ['6', '-1'] })).rejects.toMatchObject({
      code: 'unknown-name',
      message: "the data set has no user '6', '-1'",
      hint: 'it has no external ids: users are 0 to 5',
    });
  });

  test('that the data set does not have are named, the first ten of them', async () => {
    const unknown = Array.from({ length: 12 }, (_, n) => `x${n}`);
    await expect(runNode(askedUsers, { userIds: ids, shape }, { ids: ['ann', ...unknown] })).rejects.toMatchObject({
      message: expect.stringMatching(/'x0', .*'x9' and 2 more$/),
      where: expect.stringMatching(/12 of 13 asked users$/),
      hint: "its 6 users have ids such as 'ann', 'bob', 'cy'",
    });
  });

  test('of the data stand in the result, and a map that is too short is refused', async () => {
    const top = {
      user: Uint32Array.of(1),
      item: Uint32Array.of(2),
      rank: Uint32Array.of(1),
      score: Float32Array.of(0.5),
    };
    const itemIds = { id: ['a', 'b', 'c'] };
    const { items } = await runNode(externalIds, { top, userIds: ids, itemIds });
    expect([items.user[0], items.rank[0], items.item[0], items.score[0]]).toEqual(['bob', 1, 'c', 0.5]);
    await expect(runNode(externalIds, { top, itemIds: { id: ['a'] } } as never)).rejects.toMatchObject({
      code: 'bad-data',
      where: expect.stringMatching(/itemIds$/),
    });
  });
});

test('a test row has its place among all items that its user does not know, and 0 where the user knows it', async () => {
  const asked: readonly Pair[] = [[5, 3], train[0]!, [1, 8], [1, 0], [5, 0]];
  const { ranks } = await runNode(testRanks, { model, test: pairs(asked), known: pairs(train), shape });
  const expected = asked.map(([u, i]) => ranked(u, train).indexOf(i) + 1);
  expect([...ranks.rank]).toEqual(expected);
  expect(ranks.rank[1]).toBe(0);
});
