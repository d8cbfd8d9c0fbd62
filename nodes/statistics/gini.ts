/**
 * Gini coefficient of counts: 0 when all are equal, towards 1 when one has everything. Zeros count. Null when all are zero.
 * G = 2 sum_i i x_(i) / (n sum x) - (n + 1) / n, x ascending, i from 1.
 */
export function gini(counts: Uint32Array): number | null {
  const sorted = counts.slice().sort();
  let sum = 0;
  let ranked = 0;
  for (let at = 0; at < sorted.length; at++) {
    sum += sorted[at]!;
    ranked += (at + 1) * sorted[at]!;
  }
  if (sum === 0) return null;
  return Math.max(0, (2 * ranked) / (sorted.length * sum) - (sorted.length + 1) / sorted.length);
}

/**
 * The Gini coefficient that chance alone gives: of counts that are binomial, as when every pair is observed with the same
 * probability. G = sum_k F(k) (1 - F(k)) / mean. Null when the mean is zero.
 * @param trials how often each could have been counted (for items: the number of users)
 * @param probability 0..1
 */
export function giniAtRandom(trials: number, probability: number): number | null {
  const mean = trials * probability;
  if (!(mean > 0)) return null;
  if (probability >= 1) return 0;
  const odds = Math.log(probability) - Math.log1p(-probability);
  // logarithms, because the first terms of many trials are smaller than any number
  let logTerm = trials * Math.log1p(-probability);
  let below = 0;
  let sum = 0;
  for (let k = 0; k < trials; k++) {
    below = Math.min(1, below + Math.exp(logTerm));
    sum += below * (1 - below);
    logTerm += Math.log(trials - k) - Math.log(k + 1) + odds;
  }
  return sum / mean;
}
