import { Log, node, optional } from '../../core/index.ts';
import { oneClass } from '../evaluation/areas.ts';
import { averages, expected, listMetricsOf } from '../evaluation/average.ts';
import { type Judged, judge } from '../evaluation/judged.ts';
import { eachList } from '../evaluation/lists.ts';
import { metricRows, userRows } from '../evaluation/rows.ts';
import type { Definition } from '../evaluation/schema.ts';
import { Evaluation, Labels, Metrics, Pairs, PerUserMetrics, Shape } from '../ports.ts';

/**
 * The expectation of each metric when every order of a user's candidates is equally likely, in closed form (beside each
 * metric in nodes/evaluation/metrics/). AUC is one half wherever it is defined. An order has no mse, mae, logloss or ece:
 * they are left out.
 * @throws Problem as evaluation/evaluate does
 */
export const randomFloor = node('floors/random', {
  doc: 'What a uniformly random order of the candidates gives in the mean, in closed form.',
  in: { candidates: Pairs, test: Labels, evaluation: Evaluation, shape: Shape, train: optional(Pairs) },
  out: { metrics: Metrics, perUser: PerUserMetrics },
  use: { log: Log },
  run({ candidates, test, evaluation, shape, train }, _, { log }) {
    const judged = judge(
      { candidates: { user: candidates.user, item: candidates.item }, test, train },
      evaluation,
      shape,
    );
    if (judged.users.length === 0) log.warn('the test set is empty: no metric is defined');
    const rows = metricRows(evaluation.name);
    const perUser = userRows(judged.users.length * listMetricsOf(evaluation).length * evaluation.cutoffs.length);
    if (evaluation.metrics.includes('auc'))
      rows.add('auc', 0, hasBothClasses(judged, evaluation) ? 0.5 : Number.NaN, oneClass[evaluation.auc]);
    const means = averages(evaluation, expected, perUser);
    eachList(judged, evaluation, false, means.add);
    means.finish(rows);
    return { metrics: rows.table(), perUser: perUser.table() };
  },
});

/** Whether some pair of a positive and a negative candidate exists: of one user, or of any two where AUC is pooled. */
function hasBothClasses({ users, start, rating }: Judged, { auc, threshold }: Definition): boolean {
  let positive = false;
  let negative = false;
  for (const user of users) {
    if (auc === 'users') positive = negative = false;
    for (let at = start[user]!; at < start[user + 1]!; at++)
      if (rating[at]! >= threshold) positive = true;
      else negative = true;
    if (positive && negative) return true;
  }
  return false;
}
