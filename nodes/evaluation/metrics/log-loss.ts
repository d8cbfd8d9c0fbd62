/** Probabilities are kept this far from 0 and 1 (the spacing of 32-bit floats at 1), so that one sure mistake is not infinite. */
const margin = 2 ** -23;

/**
 * Log loss (binary cross-entropy): the mean of -y ln p - (1 - y) ln(1 - p), in nats, with p clipped to [2^-23, 1 - 2^-23].
 * NaN when there is no pair.
 */
export function logLoss(probabilities: ArrayLike<number>, labels: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) {
    const p = Math.min(Math.max(probabilities[i] as number, margin), 1 - margin);
    sum -= Math.log(labels[i] === 1 ? p : 1 - p);
  }
  return sum / probabilities.length;
}
