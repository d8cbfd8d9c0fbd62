import { expectedHits, hitsUpTo, type ListMetric, withoutPositives } from './list.ts';

/**
 * Recall@K = (positives in the first K) / P, or / min(P, K) where the definition says `achievable`.
 * Expectation under a random order: min(K, n) p / n hits, p of the n candidates being positive.
 */
export const recall: ListMetric = {
  empty: withoutPositives,
  sum: hitsUpTo,
  over: ({ positives }, k, definition) => (definition.recall === 'positives' ? positives : Math.min(positives, k)),
  expected(list, k, definition) {
    const over = recall.over(list, k, definition);
    return over === 0 ? 0 : expectedHits(list, k) / over;
  },
};
