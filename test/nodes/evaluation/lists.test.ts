import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runNode } from '../../../core/testing/index.ts';
import { evaluateLists } from '../../../nodes/evaluation/evaluate-lists.ts';
import { definitionOf } from '../../../nodes/evaluation/presets.ts';
import { type Overrides, rankingMetrics } from '../../../nodes/evaluation/schema.ts';
import { measured, pairsOf, type Row } from './measured.ts';

type Pair = readonly [user: number, item: number];
/** As the code of MACR measures: all items but the known ones, recall over the length of the test list. */
const clicks = (overrides: Overrides = {}) => definitionOf('macr', { metrics: ['hr', 'recall', 'ndcg'], ...overrides });

interface Given {
  readonly lists: readonly Row[];
  readonly test: readonly Pair[];
  readonly known?: readonly Pair[];
  readonly shape: { readonly users: number; readonly items: number };
  readonly rating?: readonly number[];
  readonly train?: readonly Pair[];
  /** Of the test rows. */
  readonly ranks?: readonly number[];
}
/** Rows of `lists` are user, item, rank. */
async function evaluated(given: Given, definition = clicks(), config = {}) {
  const { lists, test: wanted, known = [], shape, rating, train, ranks } = given;
  const warnings: string[] = [];
  const made = await runNode(
    evaluateLists,
    {
      lists: { ...pairsOf(lists), rank: Uint32Array.from(lists, (row) => row[2]) },
      test: { ...pairsOf(wanted), ...(rating && { rating: Float32Array.from(rating) }) },
      known: pairsOf(known),
      evaluation: definition,
      shape,
      ...(train && { train: pairsOf(train) }),
      ...(ranks && { ranks: { ...pairsOf(wanted), rank: Uint32Array.from(ranks) } }),
    },
    config,
    { say: (said) => said.say === 'log' && warnings.push(said.message) },
  );
  const values = Object.fromEntries(
    made.metrics.metric.map((name, row) => [`${name}@${made.metrics.k[row]}`, made.metrics.value[row] as number]),
  );
  return { ...made, values, warnings };
}
/** The best `top` of all items that the user does not know, by `scores`: the slow way. */
function listsBy(scores: readonly Row[], known: readonly Pair[], users: number, top: number): Row[] {
  return Array.from({ length: users }, (_, u) =>
    scores
      .filter(([user, item]) => user === u && !known.some(([k, i]) => k === u && i === item))
      .sort((a, b) => b[2] - a[2] || a[1] - b[1])
      .slice(0, top)
      .map(([user, item], r): Row => [user, item, r + 1]),
  ).flat();
}

describe('metrics of lists', () => {
  const shape = { users: 5, items: 12 };
  const pair = fc.tuple(fc.nat(shape.users - 1), fc.nat(shape.items - 1));
  const unique = (rows: readonly Pair[]) => [...new Map(rows.map((row) => [row.join(), row])).values()];

  test('equal those of the scores of all pairs, at every cut-off and under every definition', async () => {
    const overrides = fc.record<Overrides>({
      cutoffs: fc.constantFrom([1, 2, 3, 4, 5, 6, 7, 8], [3], [2, 20]),
      gain: fc.constantFrom('binary', 'exponential', 'linear'),
      ideal: fc.constantFrom('achievable', 'cutoff', 'hits'),
      recall: fc.constantFrom('positives', 'achievable'),
      average: fc.constantFrom('users', 'pooled'),
      zeroPositive: fc.constantFrom('skip', 'zero', 'one'),
      threshold: fc.constantFrom(1, 3),
      knownTest: fc.constantFrom('missed', 'dropped'),
      metrics: fc.constantFrom(['hr', 'recall', 'ndcg', 'popularity'], [...rankingMetrics]),
      itemGroups: fc.constantFrom([0, 1, 3]),
    });
    await fc.assert(
      fc.asyncProperty(
        overrides,
        fc.array(pair, { maxLength: 25 }),
        fc.array(fc.tuple(pair, fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 25 }),
        fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 60, maxLength: 60 }),
        async (set, knownRows, testRows, drawn) => {
          const known = unique(knownRows);
          const wanted = [...new Map(testRows.map((row) => [row[0].join(), row])).values()];
          const definition = clicks(set);
          const scores = drawn.map((score, at): Row => [Math.floor(at / shape.items), at % shape.items, score]);
          const top = definition.cutoffs.at(-1) as number;
          const slow = await measured(
            { shape, scores, test: wanted.map(([[u, i], rating]): Row => [u, i, rating]), train: known },
            definition,
            { scores: 'order' },
          );
          const whole = listsBy(scores, known, shape.users, shape.items);
          const rankOf = ([user, item]: Pair) => whole.find(([u, i]) => u === user && i === item)?.[2] ?? 0;
          const rows = wanted.map(([row]) => row);
          const found = await evaluated(
            {
              lists: whole.filter(([, , rank]) => rank <= top + 2),
              test: rows,
              known,
              shape,
              rating: wanted.map(([, value]) => value),
              train: known,
              ranks: rows.map(rankOf),
            },
            definition,
            { perUser: 'all' },
          );
          expect(found.values).toEqual(slow.values);
          const cells = (of: typeof slow.perUser) =>
            of.metric.map((name, row) => `${of.user[row]} ${name}@${of.k[row]} ${of.value[row]}`);
          expect(cells(found.perUser)).toEqual(cells(slow.perUser));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('are those of the formulas: a hit at rank 1, at rank 20, and 20 hits of 30', async () => {
    const ranked = (items: readonly number[]): Row[] => items.map((item, r) => [0, item, r + 1]);
    const range = (length: number, from = 0) => Array.from({ length }, (_, n) => n + from);
    const of = (items: readonly number[], wanted: readonly number[]) =>
      evaluated({ lists: ranked(items), test: wanted.map((item): Pair => [0, item]), shape: { users: 1, items: 40 } });
    const first = await of(range(20), [0]);
    expect([first.values['hr@20'], first.values['recall@20'], first.values['ndcg@20']]).toEqual([1, 1, 1]);
    const last = await of(range(20), [19]);
    expect([last.values['hr@20'], last.values['recall@20']]).toEqual([1, 1]);
    expect(last.values['ndcg@20']).toBeCloseTo(1 / Math.log2(21), 12);
    const many = await of(range(20), range(30));
    expect(many.values['hr@20']).toBe(1);
    expect(many.values['recall@20']).toBeCloseTo(2 / 3, 12);
    expect(many.values['ndcg@20']).toBeCloseTo(1, 12);
  });

  test('count a pair with two rows twice in the length of the list', async () => {
    const lists: Row[] = [
      [0, 3, 1],
      [0, 1, 2],
    ];
    const test: Pair[] = [
      [0, 3],
      [0, 3],
      [0, 0],
    ];
    const { values } = await evaluated({ lists, test, shape: { users: 1, items: 9 } }, clicks({ cutoffs: [2] }));
    expect(values['recall@2']).toBeCloseTo(1 / 3, 12);
    expect(values['hr@2']).toBe(1);
  });

  test('come with the ranks of the hits, from which other cut-offs follow', async () => {
    const lists: Row[] = [0, 1, 2].flatMap((u) => [4, 2, 0].map((item, r): Row => [u, item, r + 1]));
    const test: Pair[] = [
      [0, 0],
      [0, 4],
      [2, 1],
    ];
    const { hits, perUser } = await evaluated(
      { lists, test, shape: { users: 3, items: 6 } },
      clicks({ cutoffs: [1, 3] }),
    );
    expect([[...hits.user], [...hits.rank], [...hits.positives]]).toEqual([
      [0, 0, 2],
      [1, 3, 0],
      [2, 2, 1],
    ]);
    expect(new Set(perUser.k)).toEqual(new Set([3]));
  });

  test('are refused where a list is none, or too short though items are left', async () => {
    const shape = { users: 2, items: 5 };
    const test: Pair[] = [[1, 0]];
    const full: Row[] = [1, 2, 3].map((item, r) => [1, item, r + 1]);
    const at = clicks({ cutoffs: [3] });
    const refused = (given: Partial<Given>, definition = at) =>
      expect(evaluated({ lists: full, test, shape, ...given }, definition)).rejects;
    await refused({ lists: full.slice(0, 2) }).toMatchObject({
      code: 'bad-data',
      message: 'the list of user 1 has 2 items, and the cut-off 3 needs 3',
    });
    await refused({ lists: full.slice(1) }).toMatchObject({ code: 'bad-data' });
    await refused({ lists: [...full.slice(0, 1), ...full] }).toMatchObject({
      message: 'the list of user 1 has rank 1 where 2 should stand',
    });
    await refused({ known: [[1, 2]] }).toMatchObject({
      message: 'the list of user 1 holds item 2, which is known and should not be ranked',
    });
    await refused({ test: [[1, 5]] }).toMatchObject({ where: expect.stringContaining('test, row 0') });
    await refused({ lists: [[2, 0, 1]] }).toMatchObject({ where: expect.stringContaining('lists, row 0') });
    await refused({}, clicks({ candidates: 'rated' })).toMatchObject({ code: 'bad-config' });
    const known: Pair[] = [
      [1, 0],
      [1, 3],
      [1, 4],
    ];
    const { warnings, values } = await evaluated({ lists: full.slice(0, 2), test, known, shape }, at);
    expect(values['hr@3']).toBe(0);
    expect(warnings).toEqual([
      '1 test rows are of pairs that are known and not ranked; their positives count as missed',
    ]);
    const two: Pair[] = [...test, [1, 1]];
    const drops = { ...at, knownTest: 'dropped' } as const;
    const missed = await evaluated({ lists: full.slice(0, 2), test: two, known, shape }, at);
    const dropped = await evaluated({ lists: full.slice(0, 2), test: two, known, shape }, drops);
    expect([missed.values['recall@3'], dropped.values['recall@3']]).toEqual([0.5, 1]);
    expect(dropped.warnings).toEqual(['1 test rows were left out because their pairs are known']);
  });
});
