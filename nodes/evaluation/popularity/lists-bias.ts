/** Popularity bias of the first items of each user, where no scores of all candidates are there. */
import { Problem, type StepLog } from '../../../core/index.ts';
import { groupBy } from '../../../core/numeric/index.ts';
import type { KnownRows } from '../../learning/ranking/known-rows.ts';
import type { Shape } from '../../ports.ts';
import type { MetricRows } from '../rows.ts';
import type { Definition } from '../schema.ts';
import { exposures } from './exposure.ts';
import { popularityOf } from './groups.ts';
import { rankBias } from './rank-bias.ts';
import { addPopularityBias } from './report.ts';

interface Table {
  readonly user: Uint32Array;
  readonly item: Uint32Array;
}
interface ListsToMeasure {
  /** Rows of a user in the order of their ranks. */
  readonly lists: Table;
  readonly test: Table & { readonly rating?: Float32Array | undefined };
  /** Who is evaluated, ascending. */
  readonly users: Uint32Array;
  readonly known: KnownRows;
  /** Of each item, in train. */
  readonly train: { readonly item: Uint32Array };
  /** Of each test row among all candidates, 0 for none; without it `pru` and `pri` are not defined. */
  readonly ranks?: (Table & { readonly rank: Uint32Array }) | undefined;
  readonly shape: Shape;
}

/**
 * @returns what the lists do to each item (see addPopularityBias)
 * @throws Problem bad-data when `ranks` are not of the rows of `test`
 */
export function addListsBias(
  { lists, test, users, known, train, ranks, shape }: ListsToMeasure,
  definition: Definition,
  rows: MetricRows,
  log: StepLog,
) {
  if (ranks) checkRows(ranks, test);
  const bias = exposures(popularityOf(train.item, shape.items), definition);
  const byRank = ranks && rankBias(bias.popularity);
  const candidates = new Float64Array(bias.groups.names.length);
  const [listed, tested] = [groupBy(lists.user, shape.users), groupBy(test.user, shape.users)];
  const deepest = definition.cutoffs.at(-1) as number;
  const top = new Uint32Array(deepest);
  const isKnown = new Int32Array(shape.items).fill(-1);
  const seen = new Int32Array(shape.items).fill(-1);
  for (const user of users) {
    for (const [group, size] of bias.groups.sizes.entries()) candidates[group]! += size;
    for (const item of known.item.subarray(known.start[user]!, known.start[user + 1]!)) {
      isKnown[item] = user;
      candidates[bias.groups.of[item]!]!--;
    }
    const wanted: number[] = [];
    const places: number[] = [];
    for (const row of tested.rows.subarray(tested.start[user]!, tested.start[user + 1]!)) {
      const item = test.item[row]!;
      const positive = test.rating === undefined || test.rating[row]! >= definition.threshold;
      const dropped = isKnown[item] === user && definition.knownTest === 'dropped';
      if (!positive || dropped || seen[item] === user) continue;
      seen[item] = user;
      wanted.push(item);
      if (ranks) places.push(ranks.rank[row] || Number.NaN);
    }
    const mine = listed.rows.subarray(listed.start[user]!, listed.start[user + 1]!);
    const depth = Math.min(deepest, mine.length);
    for (let rank = 0; rank < depth; rank++) top[rank] = lists.item[mine[rank]!]!;
    const positives = Uint32Array.from(wanted);
    bias.add({ top, depth, wanted: positives });
    byRank?.add(positives, places);
  }
  return addPopularityBias(bias, candidates, byRank, rows, log);
}

function checkRows(ranks: Table, test: Table) {
  const rows = test.user.length;
  let row = 0;
  while (row < rows && ranks.user[row] === test.user[row] && ranks.item[row] === test.item[row]) row++;
  if (row === rows && ranks.user.length === rows) return;
  throw new Problem('bad-data', `'ranks' does not hold the rows of the test in their order`, {
    where: `ranks, row ${row}`,
    hint: 'make it from the same test table',
  });
}
