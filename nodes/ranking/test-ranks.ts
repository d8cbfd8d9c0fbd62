import { Cancel, node, Progress } from '../../core/index.ts';
import { groupBy } from '../../core/numeric/index.ts';
import { Numeric } from '../learning/kernels/numeric.ts';
import { ranksOfTests } from '../learning/ranking/all-ranked.ts';
import { knownRows } from '../learning/ranking/known-rows.ts';
import { Pairs, Params, Shape, TestRanks } from '../ports.ts';

/**
 * The rank of each test row among all items that its user does not know, 1 = top; equal scores rank the lower item id first. A
 * test row of a known pair was no candidate and has rank 0. What it takes beyond the tables is a row of scores a thread.
 *
 * @throws Problem bad-data when an id lies outside the shape, or the model knows fewer users or items than the shape
 */
export const testRanks = node('ranking/test-ranks', {
  doc: 'Where each test pair stands in the ranking of all items of its user.',
  in: { model: Params, test: Pairs, known: Pairs, shape: Shape },
  out: { ranks: TestRanks },
  use: { cancel: Cancel, progress: Progress, numeric: Numeric },
  async run({ model, test, known, shape }, _, services) {
    const knows = knownRows({ known }, shape);
    knownRows({ test }, shape); // refuses ids outside the shape
    const { start, rows } = groupBy(test.user, shape.users);
    const users = Uint32Array.from({ length: shape.users }, (_, u) => u).filter((u) => start[u + 1]! > start[u]!);
    const request = { model, users, shape, known: knows, test: { start, rows, item: test.item } };
    return { ranks: { user: test.user, item: test.item, rank: await ranksOfTests(request, services) } };
  },
});
