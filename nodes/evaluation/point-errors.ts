/** MSE, MAE, log loss and calibration error of the candidates that have a test rating, where scores mean something. */
import type { Judged } from './judged.ts';
import { meanAbsoluteError } from './metrics/absolute-error.ts';
import { calibrationError } from './metrics/calibration-error.ts';
import { logLoss } from './metrics/log-loss.ts';
import { meanSquaredError } from './metrics/squared-error.ts';
import type { MetricRows } from './rows.ts';
import type { Definition } from './schema.ts';

/**
 * Scale `probability` compares with the label 0 or 1 and needs scores in [0, 1]; scale `rating` compares with the rating and
 * has no log loss and no calibration; scale `raw` has none of the four. What is not defined is NaN with its reason.
 */
export function addPointErrors(judged: Judged, definition: Definition, rows: MetricRows): void {
  const { scale, threshold, bins } = definition;
  const { score, target } = rated(judged, scale === 'rating' ? undefined : threshold);
  const reason = whyNot(score, scale);
  const asProbability = reason === '' && scale === 'rating' ? 'scores are ratings, not probabilities' : reason;
  rows.add('mse', 0, reason ? Number.NaN : meanSquaredError(score, target), reason);
  rows.add('mae', 0, reason ? Number.NaN : meanAbsoluteError(score, target), reason);
  rows.add('logloss', 0, asProbability ? Number.NaN : logLoss(score, target), asProbability);
  rows.add('ece', 0, asProbability ? Number.NaN : calibrationError(score, target, bins), asProbability);
}

/** Scores and targets of the rated candidates of evaluated users: the rating, or with a threshold the label 0 or 1. */
function rated({ users, start, score, rating }: Judged, threshold: number | undefined) {
  const scores = new Float32Array(score.length);
  const target = new Float32Array(score.length);
  let found = 0;
  for (const user of users)
    for (let at = start[user]!; at < start[user + 1]!; at++) {
      const given = rating[at]!;
      if (Number.isNaN(given)) continue;
      scores[found] = score[at]!;
      target[found++] = threshold === undefined ? given : given >= threshold ? 1 : 0;
    }
  return { score: scores.subarray(0, found), target: target.subarray(0, found) };
}

function whyNot(scores: Float32Array, scale: Definition['scale']): string {
  if (scale === 'raw') return 'scores of this definition only order items';
  if (scores.length === 0) return 'no candidate has a test rating';
  if (scale === 'probability' && scores.some((s) => s < 0 || s > 1))
    return 'scores are not probabilities: some lie outside [0, 1]';
  return '';
}
