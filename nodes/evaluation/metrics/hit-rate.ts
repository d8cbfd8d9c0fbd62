import { hitsUpTo, type ListMetric, withoutPositives } from './list.ts';

/**
 * Hit rate at K = 1 when the first K hold a positive, else 0.
 * Expectation under a random order: 1 - product over r <= K of (n - p - r + 1) / (n - r + 1), drawing without replacement.
 */
export const hitRate: ListMetric = {
  empty: withoutPositives,
  sum: (list, k) => (hitsUpTo(list, k) > 0 ? 1 : 0),
  over: () => 1,
  expected({ candidates, reachable }, k) {
    let none = 1;
    for (let rank = 1; rank <= Math.min(k, candidates) && none > 0; rank++)
      none *= 1 - reachable / (candidates - rank + 1);
    return 1 - none;
  },
};
