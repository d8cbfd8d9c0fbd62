/**
 * Expected calibration error: sum over bins of (n_b / n) |mean probability - share of positives|, with equal-width bins
 * [0, 1/B), [1/B, 2/B), .., [1 - 1/B, 1]. NaN when there is no pair.
 * Source: Naeini, Cooper and Hauskrecht 2015.
 */
export function calibrationError(probabilities: ArrayLike<number>, labels: ArrayLike<number>, bins: number): number {
  const gap = new Float64Array(bins); // sum of p - y; its absolute value is n_b |mean p - mean y|
  for (let i = 0; i < probabilities.length; i++) {
    const p = probabilities[i] as number;
    gap[Math.min(bins - 1, Math.floor(p * bins))]! += p - (labels[i] as number);
  }
  let sum = 0;
  for (const g of gap) sum += Math.abs(g);
  return sum / probabilities.length;
}
