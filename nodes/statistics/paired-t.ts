import { distributions } from './distributions.ts';
import { differences, isRounding, mean, standardDeviation } from './moments.ts';
import { noResult, type TestResult } from './test-result.ts';

/**
 * Student's t test of paired values, two-sided: t = mean(d) / (sd(d) / sqrt(n)) with n - 1 degrees of freedom, d = a - b.
 * NaN below two pairs, and where all differences are equal: without spread there is no error to measure by.
 * @throws RangeError when the lengths differ
 */
export async function pairedT(a: ArrayLike<number>, b: ArrayLike<number>): Promise<TestResult> {
  const d = differences(a, b);
  const spread = standardDeviation(d);
  if (d.length < 2 || isRounding(spread, Float64Array.of(...Array.from(a), ...Array.from(b)))) return noResult;
  const statistic = mean(d) / (spread / Math.sqrt(d.length));
  return { statistic, p: (await distributions()).studentTails(statistic, d.length - 1) };
}
