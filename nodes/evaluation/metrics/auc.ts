/**
 * Area under the ROC curve: the share of (positive, negative) pairs in which the positive has the higher score; a tie counts
 * one half. Equal to the Mann-Whitney statistic U / (P N). Sorts both arrays in place, O(n log n).
 * @returns NaN when there is no positive or no negative.
 */
export function auc(positives: Float32Array, negatives: Float32Array): number {
  if (positives.length === 0 || negatives.length === 0) return Number.NaN;
  positives.sort();
  negatives.sort();
  let below = 0;
  let upTo = 0;
  let wins = 0; // twice the number, so that it stays an integer
  for (let i = 0; i < positives.length; i++) {
    const score = positives[i] as number;
    while (below < negatives.length && (negatives[below] as number) < score) below++;
    while (upTo < negatives.length && (negatives[upTo] as number) <= score) upTo++;
    wins += below + upTo;
  }
  return wins / (2 * positives.length * negatives.length);
}
