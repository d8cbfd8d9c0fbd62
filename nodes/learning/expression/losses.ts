/** Losses that many methods share, as compositions of the elementary operations. */
import { constant, type Num, type Operand, type Rows } from './tree.ts';

/** Cross-entropy of a logit `z` against a target in [0, 1]: softplus(z) - target z. The target may carry a gradient. */
export const logisticLoss = (z: Rows, target: Rows | Num | number): Rows => z.softplus().minus(z.times(target));

/**
 * Cross-entropy of a probability against a target: -target log(p + eps) - (1 - target) log(1 - p + eps).
 * `eps` belongs to the method: 1e-6 in the Multi, ESCM2 and DT families (specs of Li et al., ICDE 2024).
 */
export const crossEntropyOf = (p: Rows, target: Rows, eps: number): Rows =>
  target
    .times(p.log(eps))
    .plus(constant(1).minus(target).times(constant(1).minus(p).log(eps)))
    .negated();

/** A cross-entropy of a logit against a target in [0, 1]. */
export type ScoreEntropy = (z: Rows, target: Rows | Num | number) => Rows;
/** Where PyTorch bounds the division in the gradient of its `binary_cross_entropy`. */
const torchGuard = 1e-12;
/**
 * The same cross-entropy by way of sigmoid(z) in 32 bits, as code has it that puts PyTorch's `binary_cross_entropy` behind a
 * sigmoid. From a score of about 17 on, the probability rounds to 1 and no gradient is left: such a pair stays where it is.
 */
export const saturatingLoss: ScoreEntropy = (z, target) => {
  const p = z.sigmoid();
  const liked = p.log(torchGuard);
  const not = constant(1).minus(p).log(torchGuard);
  return not.times(target).minus(not).minus(liked.times(target));
};

/** 1 / clip(p, low, 1): an inverse propensity, clipped from below; no gradient where p lies under the clip. */
export const inverse = (p: Rows, low: number): Rows => constant(1).over(p.clip(low, 1));

export const squaredError = (a: Rows, b: Operand): Rows => a.minus(b).squared();

/**
 * Negative log likelihood of the class that `column` names under a softmax over `logits`: log sum_e exp(z_e) - z_class. The sum is
 * folded as log(exp(a) + exp(b)) = a + softplus(b - a), which does not overflow.
 */
export function classLoss(logits: readonly Rows[], column: Rows): Rows {
  const [first, ...rest] = logits;
  if (first === undefined) throw new TypeError('a class is one of at least one');
  const total = rest.reduce((sum, z) => sum.plus(z.minus(sum).softplus()), first);
  const chosen = logits.map((z, e) => column.inside(e - 0.5, e + 0.5).times(z)).reduce((a, b) => a.plus(b));
  return total.minus(chosen);
}
