/** Naive Bayes propensities as expressions, so that they are known for every pair and may hold a trainable smoothing. */
import { count, type Num, type Rows } from './tree.ts';

/**
 * P(observed | label): P(label | observed) P(observed) / P(label), with `smoothing` pseudo-counts in the first two:
 * (|O| + m) / (pairs + 2 m) for P(observed), (positives + m) / (|O| + 2 m) for P(1 | observed). Pairs without a label count as
 * negative.
 * @param label 1 for observed positives, 0 for observed negatives and for pairs that are not observed
 * @param positive P(label = 1) over all pairs
 * @param of what counts as all pairs
 */
export function naiveBayes(label: Rows, positive: Num, of: 'pairs' | 'ids', smoothing?: Num): Rows {
  const smooth = (n: Num, times: number) => (smoothing === undefined ? n : n.plus(smoothing.times(times)));
  const observed = smooth(count('observed'), 1).over(smooth(count(of), 2));
  const liked = smooth(count('positive'), 1).over(smooth(count('observed'), 2));
  const disliked = liked.negated().plus(1);
  return label.choose(liked.times(observed).over(positive), disliked.times(observed).over(positive.negated().plus(1)));
}
