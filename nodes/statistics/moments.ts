/** Arithmetic mean; NaN of nothing. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}

/** Unbiased sample variance (divisor n - 1), in two passes; NaN below two values. */
export function variance(values: ArrayLike<number>): number {
  if (values.length < 2) return Number.NaN;
  const centre = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += ((values[i] as number) - centre) ** 2;
  return squares / (values.length - 1);
}

/** Sample standard deviation (divisor n - 1); NaN below two values. */
export const standardDeviation = (values: ArrayLike<number>): number => Math.sqrt(variance(values));

/** a - b, pair by pair. */
export function differences(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  if (a.length !== b.length) throw new RangeError(`${a.length} and ${b.length} values do not pair up`);
  return Float64Array.from({ length: a.length }, (_, i) => (a[i] as number) - (b[i] as number));
}

/**
 * Whether a spread is nothing but rounding: equal values whose mean is off by an ulp have a standard deviation near 1e-17,
 * and a test would find them infinitely significant.
 */
export function isRounding(spread: number, values: ArrayLike<number>): boolean {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i] as number));
  return spread <= largest * 1e-12;
}
