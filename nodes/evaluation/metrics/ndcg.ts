import type { Definition } from '../schema.ts';
import { eachHitCount, type ListMetric, type RankedList } from './list.ts';

/** The weights of ranks 1 .. depth under a definition's discount. */
export function rankWeights({ discount }: Definition, depth: number): Float64Array {
  return Float64Array.from({ length: depth }, (_, i) => {
    const rank = i + 1;
    if (discount === 'none') return 1;
    return 1 / Math.log2(discount === 'log2' ? rank + 1 : Math.max(rank, 2));
  });
}

/** The gain of a rating: 0 for a pair that nobody rated (NaN). */
export function gainOf(rating: number, { gain, threshold }: Definition): number {
  if (Number.isNaN(rating)) return 0;
  if (gain === 'linear') return Math.max(0, rating);
  if (rating < threshold) return 0;
  return gain === 'binary' ? 1 : 2 ** (rating - threshold + 1) - 1;
}

/** Sum of gains times weights over the first `k` ranks. */
function discounted(gains: Float64Array, length: number, weights: Float64Array, k: number): number {
  const end = Math.min(k, length);
  let sum = 0;
  for (let rank = 0; rank < end; rank++) sum += (gains[rank] as number) * (weights[rank] as number);
  return sum;
}

function weightUpTo(weights: Float64Array, k: number): number {
  let sum = 0;
  for (let rank = 0; rank < k; rank++) sum += weights[rank] as number;
  return sum;
}

function idealOfHits({ gains, depth, weights }: RankedList, k: number): number {
  const found = gains.slice(0, Math.min(k, depth)).sort().reverse();
  return discounted(found, found.length, weights, k);
}

/**
 * Normalised discounted cumulative gain: DCG@K / ideal DCG@K with DCG@K = sum over ranks r <= K of gain(r) w(r).
 * The ideal is by definition the user's best K gains, K gains of 1, or the retrieved gains moved to the top.
 * Source: Jaervelin and Kekaelaeinen 2002.
 *
 * Expectation under a random order: each rank holds the mean gain of the candidates, so E[DCG@K] = mean gain x sum of w(r).
 * With the ideal of the retrieved hits: given h hits in the first m = min(K, n) ranks each rank holds a hit with
 * probability h/m, so E = sum over h of P(h) (h/m) (w(1) + .. + w(m)) / (w(1) + .. + w(h)).
 */
export const ndcg: ListMetric = {
  empty: (list) => list.idealLength === 0,
  sum: ({ gains, depth, weights }, k) => discounted(gains, depth, weights, k),
  over: (list, k, { ideal }) =>
    ideal === 'achievable'
      ? discounted(list.ideal, list.idealLength, list.weights, k)
      : ideal === 'cutoff'
        ? weightUpTo(list.weights, k)
        : idealOfHits(list, k),
  expected(list, k, definition) {
    const { candidates, gainSum, weights } = list;
    if (candidates === 0) return 0;
    const m = Math.min(k, candidates);
    const reach = weightUpTo(weights, m);
    if (definition.ideal !== 'hits') {
      const over = ndcg.over(list, k, definition);
      return over === 0 ? 0 : ((gainSum / candidates) * reach) / over;
    }
    if (definition.gain !== 'binary' || definition.average === 'pooled') return Number.NaN;
    let sum = 0;
    eachHitCount(list, k, (hits, probability) => {
      if (hits > 0) sum += (probability * (hits / m) * reach) / weightUpTo(weights, hits);
    });
    return sum;
  },
};
