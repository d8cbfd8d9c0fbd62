import { distributions } from './distributions.ts';

export interface ChiSquare {
  readonly statistic: number;
  readonly df: number;
  /** 0 where it is below about 1e-15. */
  readonly p: number;
  /** Below 5 the p is a rough guide. */
  readonly smallestExpected: number;
}

/**
 * Pearson's test that two samples have the same distribution over categories: sum (seen - expected)^2 / expected over both
 * samples, with one degree of freedom less than there are categories that occur. Null when one sample is empty or when
 * only one category occurs. It takes observations as independent.
 * @throws RangeError when the lengths differ
 */
export async function chiSquare(a: ArrayLike<number>, b: ArrayLike<number>): Promise<ChiSquare | null> {
  if (a.length !== b.length) throw new RangeError(`${a.length} and ${b.length} categories`);
  const total = (of: ArrayLike<number>) => Array.from(of).reduce((sum, n) => sum + n, 0);
  const [inA, inB] = [total(a), total(b)];
  let statistic = 0;
  let occurring = 0;
  let smallestExpected = Number.POSITIVE_INFINITY;
  for (let at = 0; at < a.length; at++) {
    const both = a[at]! + b[at]!;
    if (both === 0) continue;
    occurring++;
    for (const [seen, size] of [
      [a[at]!, inA],
      [b[at]!, inB],
    ] as const) {
      const expected = (both * size) / (inA + inB);
      smallestExpected = Math.min(smallestExpected, expected);
      statistic += (seen - expected) ** 2 / expected;
    }
  }
  if (inA === 0 || inB === 0 || occurring < 2) return null;
  const df = occurring - 1;
  return { statistic, df, p: (await distributions()).chiSquareTail(statistic, df), smallestExpected };
}
