/** One user's ranked list as the metrics of lists see it, and what such a metric is. */
import type { Definition } from '../schema.ts';

export interface RankedList {
  /** How many ranks are filled in below: min(largest cut-off, candidates). */
  depth: number;
  /** Items that were ranked for this user. */
  candidates: number;
  /** Positives in the user's test rows: the P of every denominator. */
  positives: number;
  /** Positives among the candidates; fewer than `positives` when a positive was not a candidate. */
  reachable: number;
  /** Sum of the gains of all candidates. */
  gainSum: number;
  /** Whether the item at rank r (index r - 1) is positive. */
  readonly hits: Uint8Array;
  /** The gain of the item at rank r (index r - 1). */
  readonly gains: Float64Array;
  /** How many gains above zero `ideal` holds. */
  idealLength: number;
  /** The user's gains above zero in descending order. */
  readonly ideal: Float64Array;
  /** The weight of rank r (index r - 1) in NDCG, up to the largest cut-off. */
  readonly weights: Float64Array;
}

/**
 * A metric of one user's list at cut-off `k`: `sum / over`, in [0, 1]; 0 where `over` is 0. Pooled averages add the sums and
 * the overs of all users before dividing.
 */
export interface ListMetric {
  /** Whether the user has nothing to find, so that the zero-positive rule decides. */
  empty(list: RankedList): boolean;
  sum(list: RankedList, k: number, definition: Definition): number;
  over(list: RankedList, k: number, definition: Definition): number;
  /** The expectation of `sum / over` when all orders of the candidates are equally likely; NaN where no closed form is known. */
  expected(list: RankedList, k: number, definition: Definition): number;
}

export const withoutPositives = (list: RankedList): boolean => list.positives === 0;

export function hitsUpTo({ hits, depth }: RankedList, k: number): number {
  const end = Math.min(k, depth);
  let found = 0;
  for (let rank = 0; rank < end; rank++) found += hits[rank] as number;
  return found;
}

/** Expected hits in the first k of a random order: min(k, n) p / n for n candidates of which p are positive. */
export const expectedHits = ({ candidates, reachable }: RankedList, k: number): number =>
  candidates === 0 ? 0 : (Math.min(k, candidates) * reachable) / candidates;

/**
 * Calls `visit(h, probability)` for each possible number h of hits in the first k of a random order: the hypergeometric
 * distribution, each probability from the one before it, so that no factorial overflows.
 */
export function eachHitCount(
  { candidates, reachable }: RankedList,
  k: number,
  visit: (hits: number, probability: number) => void,
): void {
  const m = Math.min(k, candidates);
  const least = Math.max(0, m - (candidates - reachable));
  const most = Math.min(m, reachable);
  // Logarithms relative to the first term; the terms are normalised by their own sum.
  const terms = new Float64Array(most - least + 1);
  let peak = 0;
  for (let h = least + 1, log = 0; h <= most; h++) {
    log += Math.log(((reachable - h + 1) * (m - h + 1)) / (h * (candidates - reachable - m + h)));
    terms[h - least] = log;
    peak = Math.max(peak, log);
  }
  let total = 0;
  for (const log of terms) total += Math.exp(log - peak);
  for (let h = least; h <= most; h++) visit(h, Math.exp((terms[h - least] as number) - peak) / total);
}
