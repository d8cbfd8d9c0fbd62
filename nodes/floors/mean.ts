import { Log, node } from '../../core/index.ts';
import { judge } from '../evaluation/judged.ts';
import { addPointErrors } from '../evaluation/point-errors.ts';
import { metricRows, userRows } from '../evaluation/rows.ts';
import { Evaluation, Labels, Metrics, Pairs, PerUserMetrics, Shape } from '../ports.ts';
import { meanLabel } from './counts.ts';

/**
 * What one number for every pair gives: the mean label of the training set. A constant orders nothing, so that only mse, mae,
 * logloss and ece are defined; `perUser` is empty.
 * @throws Problem as evaluation/evaluate does
 */
export const meanFloor = node('floors/mean', {
  doc: 'Errors of a constant: the mean label of the training set for every candidate.',
  in: { candidates: Pairs, test: Labels, evaluation: Evaluation, shape: Shape, train: Labels },
  out: { metrics: Metrics, perUser: PerUserMetrics },
  use: { log: Log },
  run({ candidates: { user, item }, test, evaluation, shape, train }, _, { log }) {
    const score = new Float32Array(user.length).fill(meanLabel(train.rating));
    const judged = judge({ candidates: { user, item, score }, test, train }, evaluation, shape);
    if (judged.users.length === 0) log.warn('the test set is empty: no metric is defined');
    const rows = metricRows(evaluation.name);
    addPointErrors(judged, evaluation, rows);
    return { metrics: rows.table(), perUser: userRows(0).table() };
  },
});
