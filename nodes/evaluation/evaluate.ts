import { z } from 'zod';
import { Cancel, Log, node, optional, type StepLog } from '../../core/index.ts';
import { Evaluation, ItemExposure, Labels, Metrics, Pairs, PerUserMetrics, Scores, Shape } from '../ports.ts';
import { addAuc } from './areas.ts';
import { averages, listMetricsOf, observed } from './average.ts';
import { type Judged, judge } from './judged.ts';
import { eachList } from './lists.ts';
import { addPointErrors } from './point-errors.ts';
import { addJudgedBias } from './popularity/judged-bias.ts';
import { metricRows, userRows } from './rows.ts';

/**
 * Measures scores against the test set. The candidates of a user are the rows of `scores`; labels come from `test` by user
 * and item. Users without a test row are not evaluated. `train` matters only where all items are ranked: its pairs are then
 * neither candidates nor test pairs.
 *
 * Out: `metrics`, what the definition reports: one row for auc, for ndcg recall precision map mrr hr at each cut-off, for mse
 * mae logloss ece (formulas in nodes/evaluation/metrics/), and rows on popularity (nodes/evaluation/popularity/); a metric that
 * is not defined is NaN with a reason. `items`, where popularity is reported: what the lists do to each item. `perUser`, the values behind the means
 * over users: a user that the zero-positive rule skips has no row, and auc has rows only where it is averaged over users.
 *
 * @throws Problem `bad-data` for NaN scores, duplicate pairs, ids outside the shape, and, where rated items are ranked, test
 * pairs without a score or scored pairs without a test rating
 */
export const evaluate = node('evaluation/evaluate', {
  doc: 'Ranking, classification and calibration metrics of scores on a test set, under a metric definition.',
  source: 'the definition names it; formulas stand beside each metric',
  in: { scores: Scores, test: Labels, evaluation: Evaluation, shape: Shape, train: optional(Pairs) },
  out: { metrics: Metrics, perUser: PerUserMetrics, items: optional(ItemExposure) },
  config: z.strictObject({
    scores: z
      .enum(['as-defined', 'order'])
      .default('as-defined')
      .describe('`order`: these scores only order items, so that mse, mae, logloss and ece are left out'),
  }),
  use: { log: Log, cancel: Cancel },
  run({ scores, test, evaluation, shape, train }, config, { log, cancel }) {
    const judged = judge({ candidates: scores, test, train }, evaluation, shape);
    report(judged, log);
    const rows = metricRows(evaluation.name);
    const perUser = userRows(judged.users.length * (1 + listMetricsOf(evaluation).length * evaluation.cutoffs.length));
    if (evaluation.metrics.includes('auc')) addAuc(judged, evaluation, rows, perUser);
    const means = averages(evaluation, observed, perUser);
    let seen = 0;
    eachList(judged, evaluation, true, (user, list) => {
      if ((seen++ & 4095) === 0) cancel.check();
      means.add(user, list);
    });
    means.finish(rows);
    if (config.scores === 'as-defined' && evaluation.metrics.includes('errors'))
      addPointErrors(judged, evaluation, rows);
    const items = evaluation.metrics.includes('popularity')
      ? addJudgedBias(judged, train, evaluation, shape, rows, log)
      : undefined;
    return { metrics: rows.table(), perUser: perUser.table(), ...(items && { items }) };
  },
});

function report({ users, inTrain, notRanked }: Judged, log: StepLog) {
  if (users.length === 0) log.warn('the test set is empty: no metric is defined');
  if (inTrain > 0) log.warn(`${inTrain} test pairs were left out because the training set has them too`);
  if (notRanked > 0) log.warn(`${notRanked} test pairs were not ranked; their positives count as missed`);
}
