import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ScoreDeclaration } from '../../../../nodes/learning/declaration.ts';
import { constant, Num, Rows } from '../../../../nodes/learning/expression/tree.ts';
import { plainEngine } from '../../../../nodes/learning/kernels/numeric.ts';
import { knownRows } from '../../../../nodes/learning/ranking/known-rows.ts';
import { rankUsers } from '../../../../nodes/learning/ranking/rank-users.ts';
import { servedVectors } from '../../../../nodes/learning/ranking/served-vectors.ts';
import { scorer } from '../../../../nodes/learning/serve.ts';
import { compiledEngine, numbers } from '../kernels/twins.ts';

const cancel = { requested: false, check: () => {} };
const progress = { report: () => {}, epoch: () => {} };
const width = 5;
const tables = {
  P: { rows: 'user', width },
  Q: { rows: 'item', width },
  bu: { rows: 'user', width: 1 },
  bi: { rows: 'item', width: 1 },
  c: { rows: 'one', width: 1 },
  wi: { rows: 'one', width },
  wu: { rows: 'one', width },
} as const;
const scores: Record<string, ScoreDeclaration> = {
  z: { dot: ['P', 'Q'] },
  turned: { dot: ['Q', { stop: 'P' }] },
  biased: { sum: [{ dot: ['P', 'Q'] }, { bias: 'bu' }, { bias: 'bi' }, { bias: 'c' }] },
  a: { dot: ['Q', 'wi'] },
  t: { dot: ['P', 'wu'] },
  additive: { sum: [{ bias: 'bu' }, { bias: 'bi' }] },
  twice: { sum: [{ dot: ['P', 'Q'] }, { dot: ['Q', 'P'] }] },
};
const s = (name: string) => new Rows({ op: 'score', name });
const gate = s('a').sigmoid();

/** Tables of whole numbers, so that all inner products are exact and many are equal. */
function model(users: number, items: number, seed: number, serve: Rows) {
  const draw = numbers(seed);
  const tensors = Object.fromEntries(
    Object.entries(tables).map(([name, { rows, width: wide }]) => {
      const count = rows === 'user' ? users : rows === 'item' ? items : 1;
      return [
        name,
        { shape: [count, wide], data: Float32Array.from({ length: count * wide }, () => Math.trunc(draw())) },
      ];
    }),
  );
  return { head: { serving: { tables, scores, serve: serve.tree } }, tensors } as never;
}

const served: readonly (readonly [string, Rows, 'vectors' | 'pairs'])[] = [
  ['an inner product', s('z'), 'vectors'],
  ['an inner product the other way round', s('turned'), 'vectors'],
  ['a probability', s('z').sigmoid(), 'vectors'],
  ['biased factors', s('biased').sigmoid(), 'vectors'],
  ['a counterfactual score', s('z').minus(40).times(gate).times(s('t').sigmoid()), 'vectors'],
  ['a counterfactual score under another order of factors', gate.times(s('z').minus(3)), 'vectors'],
  ['a score whose gate may be negative', s('z').times(s('a')), 'vectors'],
  ['a score divided by what depends on the item', s('z').over(s('a').exp()), 'vectors'],
  ['biased factors under a gate, whose user bias counts', s('biased').times(gate), 'pairs'],
  ['a gated score plus an item bias', s('z').times(gate).plus(s('additive')), 'pairs'],
  ['an inner product that is subtracted', constant(1).minus(s('z')), 'pairs'],
  ['two inner products', s('twice'), 'pairs'],
  ['no inner product', s('additive').sigmoid(), 'pairs'],
  ['a product with a factor of the user that may be negative', s('z').times(s('t')), 'pairs'],
  ['a user factor before an item bias', s('z').times(s('t').exp()).plus(s('a')), 'pairs'],
  [
    'a constant before an item factor',
    s('z')
      .times(gate)
      .plus(new Num({ op: 'constant', value: 2 }))
      .times(gate),
    'pairs',
  ],
];

type Row = readonly [user: number, rank: number, score: number, item: number | 'tied'];

describe('the lists of users', () => {
  test.each(served)('under %s are those of sorting all scores', (_, serve, by) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(2 ** 30),
        (users, items, top, seed) => {
          const given = model(users, items, seed, serve);
          const draw = numbers(seed + 1);
          const pairs = Array.from({ length: users * 3 }, () => [0, 1].map(() => Math.abs(draw()) / 3));
          const known = knownRows(
            {
              train: {
                user: Uint32Array.from(pairs, ([u]) => Math.floor(u! * (users - 0.001))),
                item: Uint32Array.from(pairs, ([, i]) => Math.floor(i! * (items - 0.001))),
              },
            },
            { users, items },
          );
          for (const numeric of [plainEngine, compiledEngine]) {
            const scored = scorer(given, numeric);
            expect(servedVectors(given, scored, numeric) === undefined).toBe(by === 'pairs');
            const asked = Uint32Array.from({ length: users }, (_, u) => users - 1 - u);
            const found = rankUsers(
              { model: given, users: asked, shape: { users, items }, top, known },
              { numeric, cancel, progress },
            );
            const scoreOf = new Float32Array(users * items);
            scored.score(
              Uint32Array.from(scoreOf, (_, pair) => Math.floor(pair / items)),
              Uint32Array.from(scoreOf, (_, pair) => pair % items),
              scoreOf,
            );
            const all = Uint32Array.from({ length: items }, (_, i) => i);
            const expected: Row[] = [];
            for (const u of asked) {
              const score = scoreOf.subarray(u * items, (u + 1) * items);
              const mine = new Set(known.item.subarray(known.start[u]!, known.start[u + 1]!));
              const best = [...all]
                .filter((i) => !mine.has(i))
                .sort((a, b) => score[b]! - score[a]! || a - b)
                .slice(0, top);
              // a probability rounded to 1 hides an order that the inner product still has
              const often = new Map<number, number>();
              for (const value of score) often.set(value, (often.get(value) ?? 0) + 1);
              for (const [r, i] of best.entries())
                expected.push([u, r + 1, score[i]!, often.get(score[i]!) === 1 ? i : 'tied']);
            }
            const rows = expected.map(([, , , item], row): Row => {
              const { user, rank, score: given, item: listed } = found;
              return [user[row]!, rank[row]!, given[row]!, item === 'tied' ? item : listed[row]!];
            });
            expect(rows).toEqual(expected);
            expect(found.user.length).toBe(expected.length);
          }
        },
      ),
      { numRuns: 2 },
    );
  });

  test('hold the tied items in the order of their ids', () => {
    const given = model(3, 9, 1, s('z').times(constant(0)));
    const request = { model: given, users: Uint32Array.of(2, 0), shape: { users: 3, items: 9 }, top: 3 };
    expect([...rankUsers(request, { numeric: compiledEngine, cancel, progress }).item]).toEqual([0, 1, 2, 0, 1, 2]);
  });

  test('report users as they go on, and stop when asked to', () => {
    const given = model(130, 9, 1, s('z'));
    const request = {
      model: given,
      users: Uint32Array.from({ length: 130 }, (_, u) => u),
      shape: { users: 130, items: 9 },
      top: 3,
    };
    const told: number[] = [];
    const report = (done: number) => void told.push(done);
    rankUsers(request, { numeric: compiledEngine, cancel, progress: { ...progress, report } });
    expect(told).toEqual([64, 128, 130]);
    const stop = () => {
      throw new Error('stop');
    };
    const impatient = { numeric: compiledEngine, cancel: { ...cancel, check: stop }, progress };
    expect(() => rankUsers(request, impatient)).toThrow('stop');
  });
});
