import { type ListMetric, withoutPositives } from './list.ts';

/**
 * Reciprocal rank at K = 1 / (rank of the first positive), 0 when the first K hold none. Its mean over users is MRR@K.
 * Expectation under a random order: sum over r <= K of P(the first hit is at r) / r, drawing without replacement.
 */
export const reciprocalRank: ListMetric = {
  empty: withoutPositives,
  sum({ hits, depth }, k) {
    const end = Math.min(k, depth);
    for (let rank = 0; rank < end; rank++) if (hits[rank] === 1) return 1 / (rank + 1);
    return 0;
  },
  over: () => 1,
  expected({ candidates, reachable }, k) {
    let none = 1;
    let sum = 0;
    for (let rank = 1; rank <= Math.min(k, candidates) && none > 0; rank++) {
      const hit = reachable / (candidates - rank + 1);
      sum += (none * hit) / rank;
      none *= 1 - hit;
    }
    return sum;
  },
};
