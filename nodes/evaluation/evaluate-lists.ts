import { Cancel, Log, node, optional, Problem } from '../../core/index.ts';
import { groupBy } from '../../core/numeric/index.ts';
import { Clicks, Evaluation, ItemExposure, Metrics, Pairs, PerUserMetrics, Shape, TestRanks } from '../ports.ts';
import { TopItems } from '../ranking/ports.ts';
import { averages, listMetricsOf, observed } from './average.ts';
import type { RankedList } from './metrics/list.ts';
import { rankWeights } from './metrics/ndcg.ts';
import { exposures } from './popularity/exposure.ts';
import { popularityOf } from './popularity/groups.ts';
import { rankBias } from './popularity/rank-bias.ts';
import { addPopularityBias } from './popularity/report.ts';
import { metricRows, userRows } from './rows.ts';
import type { Definition } from './schema.ts';

/**
 * Measures the first items of each user's ranking of all items: as evaluation/evaluate does with the scores of all pairs, in
 * memory that does not grow with users times items. All cut-offs are measured in one pass.
 *
 * `top` holds for every user of `test` the best items that `known` does not have, in the order of their ranks, at least as
 * many as the largest cut-off or all there are. `ranks` holds the rank of each test row among all candidates, in the order of
 * `test` (0 for a row that was no candidate); without it `pru` and `pri` are not defined. `train` counts popularity. Test rows
 * that `known` has are left out. A test pair with several rows counts as often in the length of the user's test list.
 *
 * Out: `metrics` and `perUser` as evaluation/evaluate gives them, of what the definition reports but `auc` and `errors`,
 * which need all scores; `items`, one row an item (see popularity/report).
 *
 * @throws Problem bad-data when a list is missing, too short, or not in the order of its ranks, or ids lie outside the shape
 */
export const evaluateLists = node('evaluation/evaluate-lists', {
  doc: 'Metrics of the first K items of each user, all items ranked, and how the lists lean on popular items.',
  source: 'Wei et al. 2021 (KDD); the definition names it, and formulas stand beside each metric',
  in: {
    top: TopItems,
    ranks: optional(TestRanks),
    test: Clicks,
    known: Pairs,
    train: Clicks,
    evaluation: Evaluation,
    shape: Shape,
  },
  out: { metrics: Metrics, perUser: PerUserMetrics, items: optional(ItemExposure) },
  use: { log: Log, cancel: Cancel },
  run({ top, ranks, test, known, train, evaluation, shape }, _, { log, cancel }) {
    checkIds({ top, test, known, train }, shape);
    checkRanks(ranks, test);
    const { cutoffs } = evaluation;
    const deepest = cutoffs[cutoffs.length - 1] as number;
    const [lists, wanted, knows] = [top, test, known].map(({ user }) => groupBy(user, shape.users)) as [
      Rows,
      Rows,
      Rows,
    ];
    const rows = metricRows(evaluation.name);
    const perUser = userRows(
      shape.users === 0 ? 0 : usersOf(wanted) * listMetricsOf(evaluation).length * cutoffs.length,
    );
    const means = averages(evaluation, observed, perUser);
    const bias = exposures(popularityOf(train.item, shape.items), evaluation);
    const byRank = ranks && rankBias(bias.popularity);
    const candidates = new Float64Array(bias.groups.names.length);
    const list = emptyList(deepest, evaluation);
    const best = new Uint32Array(deepest);
    const isKnown = new Int32Array(shape.items).fill(-1);
    const isWanted = new Int32Array(shape.items).fill(-1);
    let [seen, inKnown] = [0, 0];
    for (let user = 0; user < shape.users; user++) {
      if (wanted.start[user] === wanted.start[user + 1]) continue;
      if ((seen++ & 1023) === 0) cancel.check();
      let unknown = shape.items;
      for (const [group, size] of bias.groups.sizes.entries()) candidates[group]! += size;
      for (const row of rowsOf(knows, user)) {
        const item = known.item[row]!;
        if (isKnown[item] === user) continue;
        isKnown[item] = user;
        unknown--;
        candidates[bias.groups.of[item]!]!--;
      }
      const mine: number[] = [];
      const places: number[] = [];
      list.reachable = 0;
      list.positives = 0;
      for (const row of rowsOf(wanted, user)) {
        const item = test.item[row]!;
        if (isKnown[item] === user) {
          inKnown++;
          continue;
        }
        list.positives++;
        if (isWanted[item] === user) continue;
        isWanted[item] = user;
        list.reachable++;
        mine.push(item);
        if (ranks) places.push(ranks.rank[row] === 0 ? Number.NaN : ranks.rank[row]!);
      }
      if (list.positives === 0) continue;
      list.candidates = unknown;
      list.gainSum = list.reachable;
      list.idealLength = list.positives;
      if (list.ideal.length < list.positives) list.ideal = new Float64Array(list.positives).fill(1);
      list.depth = 0;
      for (const row of rowsOf(lists, user)) {
        if (list.depth === deepest) break;
        const item = top.item[row]!;
        if (top.rank[row] !== list.depth + 1) throw notRanked(user, top.rank[row]!, list.depth + 1);
        if (isKnown[item] === user) throw knownItem(user, item);
        best[list.depth] = item;
        list.hits[list.depth] = isWanted[item] === user ? 1 : 0;
        list.gains[list.depth] = list.hits[list.depth]!;
        list.depth++;
      }
      if (list.depth < Math.min(deepest, unknown)) throw tooShort(user, list.depth, Math.min(deepest, unknown));
      means.add(user, list);
      const positives = Uint32Array.from(mine);
      bias.add({ top: best, depth: list.depth, wanted: positives });
      byRank?.add(positives, places);
    }
    if (seen === 0) log.warn('the test set is empty: no metric is defined');
    if (inKnown > 0) log.warn(`${inKnown} test rows are of pairs that the users know; they were left out`);
    means.finish(rows);
    if (!evaluation.metrics.includes('popularity')) return { metrics: rows.table(), perUser: perUser.table() };
    const items = addPopularityBias(bias, candidates, byRank, rows, log);
    return { metrics: rows.table(), perUser: perUser.table(), items };
  },
});

type Rows = ReturnType<typeof groupBy>;
type Table = { readonly user: Uint32Array; readonly item: Uint32Array };
const rowsOf = ({ start, rows }: Rows, user: number) => rows.subarray(start[user]!, start[user + 1]!);
const usersOf = ({ start }: Rows) => {
  let users = 0;
  for (let u = 0; u + 1 < start.length; u++) if (start[u + 1]! > start[u]!) users++;
  return users;
};

const emptyList = (depth: number, definition: Definition): Omit<RankedList, 'ideal'> & { ideal: Float64Array } => ({
  depth: 0,
  candidates: 0,
  positives: 0,
  reachable: 0,
  gainSum: 0,
  hits: new Uint8Array(depth),
  gains: new Float64Array(depth),
  idealLength: 0,
  ideal: new Float64Array(0),
  weights: rankWeights(definition, depth),
});

function checkIds(tables: Readonly<Record<string, Table>>, { users, items }: Shape) {
  for (const [where, { user, item }] of Object.entries(tables))
    for (let row = 0; row < user.length; row++)
      if (user[row]! >= users || item[row]! >= items)
        throw new Problem(
          'bad-data',
          `user ${user[row]} and item ${item[row]} in row ${row} are not below the data set's ${users} and ${items}`,
          { where, hint: 'wire this table and the shape from the same data set' },
        );
}

function checkRanks(ranks: (Table & { readonly rank: Uint32Array }) | undefined, test: Table) {
  if (ranks === undefined) return;
  const rows = test.user.length;
  let row = 0;
  while (row < rows && ranks.user[row] === test.user[row] && ranks.item[row] === test.item[row]) row++;
  if (row < rows || ranks.user.length !== rows)
    throw new Problem('bad-data', `'ranks' does not hold the rows of the test in their order`, {
      where: `ranks, row ${row}`,
      hint: 'make it from the same test table',
    });
}

const notRanked = (user: number, rank: number, expected: number) =>
  new Problem('bad-data', `the list of user ${user} has rank ${rank} where rank ${expected} belongs`, {
    where: 'top',
    hint: 'the rows of a user must follow their ranks, from 1 and without gaps',
  });
const knownItem = (user: number, item: number) =>
  new Problem('bad-data', `the list of user ${user} holds item ${item}, which the user knows`, {
    where: 'top',
    hint: 'make the lists without the pairs of `known`',
  });
const tooShort = (user: number, found: number, needed: number) =>
  new Problem('bad-data', `the list of user ${user} holds ${found} items, and ${needed} are measured`, {
    where: 'top',
    hint: 'make the lists for every user of the test, at least as long as the largest cut-off',
  });
