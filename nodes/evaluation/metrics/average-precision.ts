import { eachHitCount, hitsUpTo, type ListMetric, withoutPositives } from './list.ts';

/** Expected sum over r <= m of [hit at r] (hits up to r) / r, when `hits` of `length` places are hits in random order. */
function expectedSum(m: number, hits: number, length: number): number {
  if (length === 0 || hits === 0) return 0;
  const another = length > 1 ? (hits - 1) / (length - 1) : 0;
  let sum = 0;
  for (let rank = 1; rank <= m; rank++) sum += (1 + (rank - 1) * another) / rank;
  return (sum * hits) / length;
}

/**
 * Average precision at K = sum over hits at rank r <= K of (hits up to r) / r, divided by P, min(P, K) or the number of hits
 * in the first K, as the definition says. Its mean over users is MAP@K.
 *
 * Expectation under a random order: rank r is a hit with probability p/n, and given that, each of the r - 1 ranks before it
 * with probability (p - 1)/(n - 1). Divided by the hits: the same given h hits in the first m ranks, averaged over h.
 */
export const averagePrecision: ListMetric = {
  empty: withoutPositives,
  sum({ hits, depth }, k) {
    const end = Math.min(k, depth);
    let found = 0;
    let sum = 0;
    for (let rank = 0; rank < end; rank++)
      if (hits[rank] === 1) {
        found++;
        sum += found / (rank + 1);
      }
    return sum;
  },
  over: (list, k, { map }) =>
    map === 'positives' ? list.positives : map === 'achievable' ? Math.min(list.positives, k) : hitsUpTo(list, k),
  expected(list, k, definition) {
    const m = Math.min(k, list.candidates);
    if (definition.map !== 'hits') {
      const over = averagePrecision.over(list, k, definition);
      return over === 0 ? 0 : expectedSum(m, list.reachable, list.candidates) / over;
    }
    if (definition.average === 'pooled') return Number.NaN;
    let sum = 0;
    eachHitCount(list, k, (hits, probability) => {
      if (hits > 0) sum += (probability * expectedSum(m, hits, m)) / hits;
    });
    return sum;
  },
};
