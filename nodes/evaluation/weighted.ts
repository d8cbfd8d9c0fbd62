import { z } from 'zod';
import { Log, node, Problem } from '../../core/index.ts';
import { Evaluation, Labels, Metrics, Propensities, Scores } from '../ports.ts';
import { logLoss } from './metrics/log-loss.ts';
import { metricRows } from './rows.ts';

/**
 * What a uniform test would say, estimated from observed rows: row r weighs w = 1 / max(p, clip), and every mean is
 * self-normalised, sum w x / sum w (SNIPS). `auc` is the weighted share of (positive, negative) pairs in which the positive
 * has the higher score, ties counting one half; `mse`, `mae` and `logloss` compare scores with labels. Only ratios of
 * propensities matter. Unbiased no further than the propensities are right.
 *
 * Rows of `scores`, `test` and `p` must be the same pairs in the same order. Results carry the definition's name with
 * `+snips`.
 *
 * @throws Problem bad-data when the tables do not fit each other
 */
export const weightedEvaluate = node('evaluation/weighted', {
  doc: 'AUC, squared and absolute error and log loss of observed rows, weighted by self-normalised inverse propensities.',
  source: 'Swaminathan and Joachims 2015; Schnabel et al. 2016, section 3',
  in: { scores: Scores, test: Labels, p: Propensities, evaluation: Evaluation },
  out: { metrics: Metrics },
  config: z.strictObject({
    clip: z.number().gt(0).lt(1).default(0.01).describe('smallest propensity that counts as such'),
  }),
  use: { log: Log },
  run({ scores, test, p, evaluation }, { clip }, { log }) {
    checkRows(test, scores, 'scores');
    checkRows(test, p, 'p');
    const label = test.rating.map((rating) => (rating >= evaluation.threshold ? 1 : 0));
    const weight = Float64Array.from(p.p, (value) => 1 / Math.max(value, clip));
    const [sum, squares] = [total(weight, () => 1), total(weight, (row) => weight[row]!)];
    log.info(
      `${weight.length} rows weigh as much as ${((sum * sum) / squares).toFixed(0)}, ${p.p.filter((value) => value < clip).length} propensities are clipped`,
    );
    const rows = metricRows(`${evaluation.name}+snips`);
    rows.add('auc', 0, weightedAuc(scores.score, label, weight), 'all rows belong to one class');
    const reason = whyNoErrors(scores.score, evaluation.scale);
    const mean = (of: (row: number) => number) => (reason === '' ? total(weight, of) / sum : Number.NaN);
    const off = (row: number) => scores.score[row]! - label[row]!;
    rows.add(
      'mse',
      0,
      mean((row) => off(row) ** 2),
      reason,
    );
    rows.add(
      'mae',
      0,
      mean((row) => Math.abs(off(row))),
      reason,
    );
    rows.add(
      'logloss',
      0,
      mean((row) => logLoss(scores.score.subarray(row, row + 1), label.subarray(row, row + 1))),
      reason,
    );
    return { metrics: rows.table() };
  },
});

interface Pairs {
  readonly user: Uint32Array;
  readonly item: Uint32Array;
}
function checkRows(test: Pairs, other: Pairs, where: string) {
  const rows = test.user.length;
  if (rows === 0) throw new Problem('bad-data', 'there is no row to measure on', { where: 'test' });
  let row = 0;
  while (row < rows && test.user[row] === other.user[row] && test.item[row] === other.item[row]) row++;
  if (row === rows && other.user.length === rows) return;
  throw new Problem('bad-data', `'${where}' does not hold the rows of the test in their order`, {
    where: `${where}, row ${row}`,
    hint: 'make it from the same table',
  });
}

const whyNoErrors = (scores: Float32Array, scale: string): string => {
  if (scale !== 'probability') return 'scores of this definition are no probabilities';
  return scores.some((score) => !(score >= 0 && score <= 1)) ? 'some scores lie outside [0, 1]' : '';
};

function total(weight: Float64Array, of: (row: number) => number): number {
  let sum = 0;
  for (let row = 0; row < weight.length; row++) sum += weight[row]! * of(row);
  return sum;
}

/** Sum over positives i and negatives j of w_i w_j [s_i > s_j], over the sum of w_i w_j; NaN with one class. O(n log n). */
function weightedAuc(score: Float32Array, label: Float32Array, weight: Float64Array): number {
  const order = Uint32Array.from(score, (_, row) => row).sort((a, b) => score[a]! - score[b]! || a - b);
  let [positives, negatives, wins] = [0, 0, 0];
  for (let from = 0; from < order.length; ) {
    let [up, down] = [0, 0];
    let to = from;
    for (; to < order.length && score[order[to]!] === score[order[from]!]; to++)
      if (label[order[to]!] === 1) up += weight[order[to]!]!;
      else down += weight[order[to]!]!;
    wins += up * (negatives + down / 2);
    positives += up;
    negatives += down;
    from = to;
  }
  return wins / (positives * negatives);
}
