import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bind } from '../../../core/index.ts';
import { runNode as runAny } from '../../../core/testing/index.ts';
import { Rows } from '../../../nodes/learning/expression/tree.ts';
import { Numeric, plainEngine } from '../../../nodes/learning/kernels/numeric.ts';
import { likelyVectors, propagatedVectors } from '../../../nodes/learning/ranking/fold-in.ts';
import { knownRows } from '../../../nodes/learning/ranking/known-rows.ts';
import { foldIn } from '../../../nodes/ranking/fold-in.ts';
import { numbers } from '../learning/kernels/twins.ts';

const width = 3;
const drawn = (length: number, seed: number) => {
  const draw = numbers(seed);
  return Float32Array.from({ length }, draw);
};
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

describe('a vector fitted to what a new user liked', () => {
  test('minimises the loss with the prior of the trained users', () => {
    fc.assert(
      fc.property(
        fc.nat(2 ** 30),
        fc.uniqueArray(fc.nat(19), { maxLength: 8 }),
        fc.constantFrom(0, 7, 1024),
        (seed, liked, most) => {
          const frozen = { width, users: drawn(5 * width, seed), items: drawn(20 * width, seed + 1) };
          const offset = drawn(20, seed + 2);
          const fitted = likelyVectors(frozen, offset, most)(Uint32Array.from(liked));
          const mean = [0, 1, 2].map((k) =>
            [0, 1, 2, 3, 4].reduce((sum, u) => sum + frozen.users[u * width + k]! / 5, 0),
          );
          const variance = mean.map((m, k) =>
            Math.max(
              1e-8,
              [0, 1, 2, 3, 4].reduce((sum, u) => sum + (frozen.users[u * width + k]! - m) ** 2 / 5, 0),
            ),
          );
          const count = Math.min(20, most);
          const rest = Array.from({ length: count }, (_, n) => Math.floor((n * 20) / count)).filter(
            (i) => !liked.includes(i),
          );
          const loss = (p: readonly number[]) => {
            const s = (i: number) => p.reduce((sum, x, k) => sum + x * frozen.items[i * width + k]!, offset[i]!);
            return (
              liked.reduce((sum, i) => sum + softplus(-s(i)), 0) +
              rest.reduce((sum, j) => sum + (liked.length / rest.length) * softplus(s(j)), 0) +
              p.reduce((sum, x, k) => sum + (x - mean[k]!) ** 2 / variance[k]! / 2, 0)
            );
          };
          const best = loss([...fitted]);
          for (const step of [1e-3, -1e-3, 0.1, -0.1])
            for (let k = 0; k < width; k++)
              expect(loss(fitted.map((x, at) => (at === k ? x + step : x)) as never)).toBeGreaterThan(best);
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('propagation gives trained users back their vectors where these are sums over their items', () => {
  const train = { user: Uint32Array.of(0, 0, 1, 2, 2, 2), item: Uint32Array.of(0, 1, 1, 0, 2, 3) };
  const rows = [2, 2, 1, 1];
  const items = drawn(4 * width, 3);
  const { start, item } = knownRows({ train }, { users: 3, items: 4 });
  const users = new Float32Array(3 * width);
  for (let u = 0; u < 3; u++)
    for (let at = start[u]!; at < start[u + 1]!; at++)
      for (let k = 0; k < width; k++)
        users[u * width + k]! +=
          (0.7 * items[item[at]! * width + k]!) / Math.sqrt((start[u + 1]! - start[u]!) * rows[item[at]!]!);
  const vectorOf = propagatedVectors({ width, users, items }, { start, item });
  for (let u = 0; u < 3; u++)
    for (const [k, x] of vectorOf(item.subarray(start[u]!, start[u + 1]!)).entries())
      expect(x).toBeCloseTo(users[u * width + k]!, 5);
});

describe('folding in', () => {
  const serve = new Rows({ op: 'score', name: 'z' }).sigmoid().tree;
  const tables = {
    P: { rows: 'user', width },
    Q: { rows: 'item', width },
    bu: { rows: 'user', width: 1 },
  } as const;
  const scores = { z: { sum: [{ dot: ['P', 'Q'] }, { bias: 'bu' }] } };
  const model = {
    head: { method: 'mine', serving: { tables, scores, serve } },
    tensors: {
      P: { shape: [4, width], data: drawn(4 * width, 1) },
      Q: { shape: [5, width], data: drawn(5 * width, 2) },
      bu: { shape: [4, 1], data: Float32Array.of(1, 2, 3, 6) },
    },
  };
  const given = {
    model: model as never,
    train: { user: Uint32Array.of(0), item: Uint32Array.of(0) },
    shape: { users: 4, items: 5 },
    itemIds: { id: ['a', 'b', 'c', 'd', 'e'] },
    likes: { user: Uint32Array.of(0, 0, 1, 1), item: Uint32Array.of(0, 1, 2, 1) },
    likers: { id: ['ann', 'bob'] },
    likedIds: { id: ['d', 'b', 'new'] },
  };
  const run = (change: Partial<typeof given> = {}, config = {}, warnings: string[] = []) =>
    runAny(foldIn, { ...given, ...change }, config, {
      use: [bind(Numeric, plainEngine)],
      say: (said) => said.say === 'log' && warnings.push(said.message),
    });

  test('replaces the rows of users and nothing else, translates ids, and tells of items that are not known', async () => {
    const warnings: string[] = [];
    const made = await run({}, {}, warnings);
    expect(made.shape).toEqual({ users: 2, items: 5 });
    expect([[...made.known.user], [...made.known.item]]).toEqual([
      [0, 0, 1],
      [1, 3, 1],
    ]);
    const { tensors, head } = made.model as unknown as typeof model;
    expect(tensors.P.shape).toEqual([2, width]);
    expect([...tensors.bu.data], 'a new user gets the mean bias').toEqual([3, 3]);
    expect(tensors.Q.data).toEqual(model.tensors.Q.data);
    expect(head).toEqual(model.head);
    expect(warnings).toEqual(['1 of 4 likes are of items that the model does not know: left out']);
  });

  test('needs an item that the model knows, and a score that is an inner product', async () => {
    await expect(run({ likedIds: { id: ['x', 'y', 'z'] } })).rejects.toMatchObject({
      code: 'bad-data',
      hint: 'item ids must be those of the training data, such as a, b, c',
    });
    const other = { ...model, head: { ...model.head, serving: { tables, scores: { z: { bias: 'bu' } }, serve } } };
    await expect(run({ model: other as never })).rejects.toMatchObject({ code: 'bad-config' });
  });
});
