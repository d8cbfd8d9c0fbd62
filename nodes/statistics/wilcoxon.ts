import { distributions } from './distributions.ts';
import { midRanks } from './mid-ranks.ts';
import { differences } from './moments.ts';
import { noResult, type TestResult } from './test-result.ts';

/** Up to this many pairs the distribution is counted out; 2^50 subsets are still exact in 64-bit floats. */
const exactLimit = 50;

/**
 * Wilcoxon's signed-rank test of paired values, two-sided. `statistic` is W, the smaller of the rank sums of positive and
 * negative differences; zero differences are dropped (Wilcoxon's own rule).
 *
 * Without ties among the sizes and with at most 50 pairs, p is exact: twice the smaller tail of the null distribution.
 * Otherwise the normal approximation with the tie correction of the variance, n(n+1)(2n+1)/24 - sum(t^3 - t)/48, and a
 * continuity correction of 1/2.
 *
 * NaN when no difference is left. Two differences that agree but for rounding count as different: round values first where
 * that matters.
 * @throws RangeError when the lengths differ
 */
export async function wilcoxonSignedRank(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): Promise<TestResult & { readonly exact: boolean }> {
  const d = differences(a, b).filter((difference) => difference !== 0);
  const n = d.length;
  if (n === 0) return { ...noResult, exact: false };
  const { ranks, ties } = midRanks(d.map(Math.abs));
  let plus = 0;
  for (let i = 0; i < n; i++) if (d[i]! > 0) plus += ranks[i]!;
  const statistic = Math.min(plus, (n * (n + 1)) / 2 - plus);
  if (ties === 0 && n <= exactLimit) return { statistic, p: exactTails(statistic, n), exact: true };
  const deviation = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24 - ties / 48);
  const distance = Math.max(0, (n * (n + 1)) / 4 - statistic - 0.5);
  return { statistic, p: (await distributions()).normalTails(distance / deviation), exact: false };
}

/** 2 P(W <= w), at most 1, when each of the ranks 1 .. n is positive with probability one half: subsets counted by their sum. */
function exactTails(w: number, n: number): number {
  const most = (n * (n + 1)) / 2;
  const subsets = new Float64Array(most + 1);
  subsets[0] = 1;
  for (let rank = 1; rank <= n; rank++) for (let sum = most; sum >= rank; sum--) subsets[sum]! += subsets[sum - rank]!;
  let below = 0;
  for (let sum = 0; sum <= w; sum++) below += subsets[sum]!;
  return Math.min(1, (2 * below) / 2 ** n);
}
