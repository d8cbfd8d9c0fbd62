import { type Distributions, distributions } from './distributions.ts';
import { isRounding, mean, variance } from './moments.ts';
import { noResult, type TestResult } from './test-result.ts';

/**
 * Welch's t test of two independent samples with unequal variances, two-sided; degrees of freedom by Welch-Satterthwaite.
 * NaN when a sample has fewer than two values or neither has any spread.
 */
export const welchT = async (a: ArrayLike<number>, b: ArrayLike<number>): Promise<WelchResult> =>
  welchWith((await distributions()).studentTails, a, b);

export type WelchResult = TestResult & { readonly df: number };
/** The same, with Student's tails at hand. */
export function welchWith(
  studentTails: Distributions['studentTails'],
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): WelchResult {
  const fromA = variance(a) / a.length;
  const fromB = variance(b) / b.length;
  const error = Math.sqrt(fromA + fromB);
  if (a.length < 2 || b.length < 2 || isRounding(error, Float64Array.of(...Array.from(a), ...Array.from(b))))
    return { ...noResult, df: Number.NaN };
  const statistic = (mean(a) - mean(b)) / error;
  const df = (fromA + fromB) ** 2 / (fromA ** 2 / (a.length - 1) + fromB ** 2 / (b.length - 1));
  return { statistic, p: studentTails(statistic, df), df };
}
