import { z } from 'zod';
import { Cancel, f32, Log, node, optional, Problem, Progress, table, u32 } from '../../core/index.ts';
import { groupBy } from '../../core/numeric/index.ts';
import { distinctRows } from '../learning/ranking/known-rows.ts';
import { Evaluation, ItemExposure, Metrics, Pairs, PerUserMetrics, Shape, TestRanks } from '../ports.ts';
import { averages, listMetricsOf, observed } from './average.ts';
import { evaluatedUsers, listsOf } from './given-lists.ts';
import { addListsBias } from './popularity/lists-bias.ts';
import { metricRows, userRows } from './rows.ts';

/** A list of items a user, best first; `rank` counts from 1. */
const Lists = table({ user: u32, rank: u32, item: u32 });
/** What a user should find; without ratings every row is a positive. */
const Wanted = table({ user: u32, item: u32, rating: optional(f32) });
/** A row a hit; a user without one has a single row with rank 0. `positives`: its test rows above the threshold. */
const Hits = table({ user: u32, rank: u32, positives: u32 });

/**
 * Measures ranked lists of all items against the test set, at every cut-off in one pass. Users with a test row are evaluated;
 * a user's items are all but those of `known`, which no list may hold. Test rows count as they stand: a pair with two rows
 * counts twice among the positives; a test pair that is known as well counts as missed or not at all, as the definition says
 * (`knownTest`), with a warning.
 *
 * Out: `metrics`, of ndcg recall precision map mrr hr what the definition reports, a row at each cut-off (formulas in nodes/evaluation/metrics/); auc and
 * errors need the scores of all pairs, and are not there. `perUser`, the values behind the means, at the last cut-off alone
 * unless asked for; `hits`, the ranks at which each user's hits stand: other cut-offs follow from them. Where the definition
 * reports popularity, its rows (see popularity/report), and `items`, what the lists do to each item: popularity is counted in
 * `train`, or in `known` where train is not wired, and `ranks` (ranking/test-ranks) are what `pru` and `pri` are read off.
 *
 * @throws Problem bad-data for lists that are no lists, that hold a known item, or that are shorter than the largest cut-off
 * though items were left, and for ids outside the shape; bad-config for a definition that ranks only rated items
 */
export const evaluateLists = node('evaluation/evaluate-lists', {
  doc: 'Ranking metrics of lists of the best of all items, at every cut-off of the definition.',
  source: 'the definition names it; formulas stand beside each metric',
  in: {
    lists: Lists,
    test: Wanted,
    known: Pairs,
    evaluation: Evaluation,
    shape: Shape,
    train: optional(Pairs),
    ranks: optional(TestRanks),
  },
  out: { metrics: Metrics, perUser: PerUserMetrics, hits: Hits, items: optional(ItemExposure) },
  config: z.strictObject({
    perUser: z.enum(['last', 'all']).default('last').describe('cut-offs at which the values of each user are kept'),
  }),
  use: { log: Log, cancel: Cancel, progress: Progress },
  run({ lists, test, known, evaluation, shape, train, ranks }, config, { log, cancel, progress }) {
    if (evaluation.candidates !== 'all')
      throw new Problem(
        'bad-config',
        `'${evaluation.name}' ranks the rated items of a user, and these lists are of all items`,
        {
          where: 'evaluation',
          hint: "set `candidates: 'all'` in evaluation/definition, or measure scores by evaluation/evaluate",
        },
      );
    const wanted = { ...groupBy(inShape(test, shape), shape.users), ...test };
    const knows = distinctRows({ known }, shape);
    const users = evaluatedUsers(wanted, knows, evaluation);
    const rows = metricRows(evaluation.name);
    const { cutoffs } = evaluation;
    const last = cutoffs[cutoffs.length - 1] as number;
    const kept = config.perUser === 'all' ? cutoffs.length : 1;
    const perUser = userRows(users.length * listMetricsOf(evaluation).length * kept);
    const means = averages(evaluation, observed, {
      ...perUser,
      add: (user, metric, k, value) => (kept > 1 || k === last) && perUser.add(user, metric, k, value),
    });
    const hits = { user: [] as number[], rank: [] as number[], positives: [] as number[] };
    const hit = (user: number, rank: number, positives: number) => {
      hits.user.push(user);
      hits.rank.push(rank);
      hits.positives.push(positives);
    };
    const found = listsOf({ lists, wanted, users, known: knows, shape }, evaluation);
    for (const [n, user] of users.entries()) {
      if ((n & 1023) === 0) cancel.check();
      const list = found.of(user);
      means.add(user, list);
      let any = false;
      for (let r = 0; r < list.depth; r++)
        if (list.hits[r] === 1) {
          any = true;
          hit(user, r + 1, list.positives);
        }
      if (!any) hit(user, 0, list.positives);
      if ((n & 1023) === 1023 || n + 1 === users.length) progress.report(n + 1, users.length, 'users');
    }
    means.finish(rows);
    if (users.length === 0) log.warn('the test set is empty: no metric is defined');
    if (found.testKnown > 0)
      log.warn(
        evaluation.knownTest === 'missed'
          ? `${found.testKnown} test rows are of pairs that are known and not ranked; their positives count as missed`
          : `${found.testKnown} test rows were left out because their pairs are known`,
      );
    const given = { lists, test, users, known: knows, train: train ?? known, ranks, shape };
    const items = evaluation.metrics.includes('popularity') ? addListsBias(given, evaluation, rows, log) : undefined;
    return {
      metrics: rows.table(),
      perUser: perUser.table(),
      ...(items && { items }),
      hits: {
        user: Uint32Array.from(hits.user),
        rank: Uint32Array.from(hits.rank),
        positives: Uint32Array.from(hits.positives),
      },
    };
  },
});

function inShape({ user, item }: { user: Uint32Array; item: Uint32Array }, shape: Shape): Uint32Array {
  for (let row = 0; row < user.length; row++)
    if (user[row]! >= shape.users || item[row]! >= shape.items)
      throw new Problem('bad-data', `user ${user[row]}, item ${item[row]} lies outside the data set's shape`, {
        where: `test, row ${row}`,
        hint: `it has ${shape.users} users and ${shape.items} items`,
      });
  return user;
}
