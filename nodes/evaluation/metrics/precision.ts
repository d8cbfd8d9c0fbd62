import { expectedHits, hitsUpTo, type ListMetric, withoutPositives } from './list.ts';

/**
 * Precision@K = (positives in the first K) / K, or / min(K, candidates) where the definition divides by the list's length.
 * Expectation under a random order: min(K, n) p / n hits, p of the n candidates being positive.
 */
export const precision: ListMetric = {
  empty: withoutPositives,
  sum: hitsUpTo,
  over: ({ candidates }, k, definition) => (definition.precision === 'cutoff' ? k : Math.min(k, candidates)),
  expected(list, k, definition) {
    const over = precision.over(list, k, definition);
    return over === 0 ? 0 : expectedHits(list, k) / over;
  },
};
