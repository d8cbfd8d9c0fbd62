import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bipartite,
  type Edges,
  type SparseMatrix,
  transposed,
  twoSteps,
} from '../../../../nodes/learning/propagation/sparse-matrix.ts';

const users = 7;
const items = 5;
const graphs = fc
  .array(fc.tuple(fc.nat(users - 1), fc.nat(items - 1)), { maxLength: 40 })
  .map((pairs): Edges & { pairs: (readonly [number, number])[] } => ({
    pairs,
    user: Uint32Array.from(pairs, ([u]) => u),
    item: Uint32Array.from(pairs, ([, i]) => i),
  }));
const dense = ({ rows, width, starts, columns, values }: SparseMatrix): number[][] =>
  Array.from({ length: rows }, (_, r) => {
    const row = Array.from({ length: width }, () => 0);
    for (let e = starts[r]!; e < starts[r + 1]!; e++) row[columns[e]!] = values[e]!;
    return row;
  });
/** The definition: 1 / sqrt(d_u d_i) where there is an edge, degrees over distinct neighbours. */
const naive = ({ pairs }: { pairs: readonly (readonly [number, number])[] }): number[][] => {
  const has = (u: number, i: number) => pairs.some(([a, b]) => a === u && b === i);
  const ofUser = (u: number) => Array.from({ length: items }, (_, i) => i).filter((i) => has(u, i)).length;
  const ofItem = (i: number) => Array.from({ length: users }, (_, u) => u).filter((u) => has(u, i)).length;
  return Array.from({ length: users }, (_, u) =>
    Array.from({ length: items }, (_, i) => (has(u, i) ? Math.fround(1 / Math.sqrt(ofUser(u) * ofItem(i))) : 0)),
  );
};

test('entries are 1 / sqrt of both degrees, edges that occur twice count once, nodes without edges have empty rows', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const R = bipartite(graph, users, items);
      expect(dense(R)).toEqual(naive(graph));
      expect(R.columns.length).toBe(new Set(graph.pairs.map(([u, i]) => u * items + i)).size);
    }),
  );
});

test('columns ascend in every row, of the transpose too, whatever the order of the edges', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const R = bipartite(graph, users, items);
      const back = transposed(R);
      for (const { rows, starts, columns } of [R, back])
        for (let r = 0; r < rows; r++)
          for (let e = starts[r]! + 1; e < starts[r + 1]!; e++) expect(columns[e]).toBeGreaterThan(columns[e - 1]!);
      const turned = { user: graph.user.toReversed(), item: graph.item.toReversed() };
      expect(bipartite(turned, users, items)).toEqual(R);
      expect(dense(back)).toEqual(dense(R)[0]!.map((_, i) => dense(R).map((row) => row[i])));
      expect(transposed(back)).toEqual(R);
    }),
  );
});

test('two steps are the product of the transpose with the matrix, or nothing where they have too many entries', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const R = bipartite(graph, users, items);
      const S = twoSteps(R, transposed(R), items * items) as SparseMatrix;
      const of = dense(R);
      dense(S).forEach((row, i) => {
        row.forEach((value, j) => {
          expect(value).toBeCloseTo(
            of.reduce((sum, user) => sum + user[i]! * user[j]!, 0),
            6,
          );
        });
      });
      const entries = S.columns.length;
      expect(twoSteps(R, transposed(R), entries)).toEqual(S);
      if (entries > 0) expect(twoSteps(R, transposed(R), entries - 1)).toBeUndefined();
    }),
  );
});

test('two steps are not even counted where counting costs more than it may', () => {
  const all = {
    user: Uint32Array.from({ length: 20 }, (_, e) => e % 4),
    item: Uint32Array.from({ length: 20 }, (_, e) => e % 5),
  };
  const R = bipartite(all, 4, 5); // every user has all five items: 4 * 25 pairs
  expect(twoSteps(R, transposed(R), 25, 100)?.columns.length).toBe(25);
  expect(twoSteps(R, transposed(R), 25, 99)).toBeUndefined();
});

const adressa = join(
  process.env.COUNTERPOISE_DATA ?? join(import.meta.dirname, '../../../../../shared/data'),
  'adressa/train.txt',
);
if (!existsSync(adressa))
  console.warn('Adressa is not in the data folder (COUNTERPOISE_DATA): its graph is not tested');

test.skipIf(!existsSync(adressa))(
  'two steps over the readers of Adressa have 85,146 entries, fewer than one step has',
  () => {
    const lists = readFileSync(adressa, 'utf8').split('\n');
    const pairs = lists.flatMap((line) => {
      const [user, ...read] = line.split(' ').filter(Boolean).map(Number);
      return read.map((item) => [user as number, item] as const);
    });
    const edges = { user: Uint32Array.from(pairs, ([u]) => u), item: Uint32Array.from(pairs, ([, i]) => i) };
    const R = bipartite(edges, 13_485, 744);
    expect(R.columns.length).toBe(113_345);
    expect(twoSteps(R, transposed(R), 2 * R.columns.length, 256 * R.columns.length)?.columns.length).toBe(85_146);
  },
);
