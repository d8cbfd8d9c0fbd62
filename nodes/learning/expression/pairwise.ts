/** Losses of a positive item's score against those of negatives: one value a triple. */
import { ones, type Rows } from './tree.ts';

export const pairwiseLosses = ['bce', 'bpr', 'softmax'] as const;
export type PairwiseLoss = (typeof pairwiseLosses)[number];

const average = (terms: readonly Rows[]): Rows => terms.reduce((a, b) => a.plus(b)).times(1 / terms.length);

/**
 * With positive score s and negatives t_1 .. t_k:
 * `bce` -log sigma(s) - mean_j log(1 - sigma(t_j)), so that a positive weighs as much as its negatives together and the loss
 * starts at 2 ln 2; `bpr` mean_j -log sigma(s - t_j) (Rendle et al. 2009); `softmax` -log(e^s / (e^s + sum_j e^t_j)), sampled
 * softmax without a correction for how negatives are drawn.
 * @param weight of the click: of the first term of `bce`, of all of a loss that compares scores
 */
export function pairwise(loss: PairwiseLoss, positive: Rows, negatives: readonly Rows[], weight: Rows = ones): Rows {
  if (loss === 'bce') return weight.times(bceOf(positive)).plus(average(negatives.map((t) => t.softplus())));
  if (loss === 'bpr') return weight.times(average(negatives.map((t) => t.minus(positive).softplus())));
  // log(e^a + e^b) = a + softplus(b - a), which overflows nowhere
  const total = negatives.reduce((sum, t) => sum.plus(t.minus(sum).softplus()), positive);
  return weight.times(total.minus(positive));
}
/** -log sigma(s). */
export const bceOf = (positive: Rows): Rows => positive.negated().softplus();
