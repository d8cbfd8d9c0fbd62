/** Which column of one set goes with which of another: a one-to-one matching of the largest absolute correlations. */
import munkres from 'munkres';
import { mean } from './moments.ts';

export interface Match {
  /** Column of the first set. */
  readonly first: number;
  /** Column of the second set. */
  readonly second: number;
  /** Pearson's correlation, signed; 0 where a column is constant. */
  readonly correlation: number;
}

/**
 * Matches columns one to one so that the sum of absolute correlations is largest (linear assignment, Hungarian method).
 * @param first columns of equal length
 * @param second columns of that length
 * @returns as many matches as the smaller set has columns, by ascending column of the second set
 */
export function matchColumns(first: readonly ArrayLike<number>[], second: readonly ArrayLike<number>[]): Match[] {
  if (first.length === 0 || second.length === 0) return [];
  const cross = correlations(first, second);
  const costs = cross.map((row) => row.map((r) => 1 - Math.abs(r)));
  return munkres(costs)
    .map(([a, b]) => ({ first: a, second: b, correlation: cross[a]![b] as number }))
    .sort((x, y) => x.second - y.second);
}

/** Pearson's correlation of every column of `first` (rows) with every column of `second`. */
function correlations(first: readonly ArrayLike<number>[], second: readonly ArrayLike<number>[]): number[][] {
  const left = first.map(standardised);
  const right = second.map(standardised);
  return left.map((a) => right.map((b) => dot(a, b)));
}

/** Centred and scaled to length 1; zeros where the column is constant, so that it correlates with nothing. */
function standardised(column: ArrayLike<number>): Float64Array {
  const centre = mean(column);
  const out = Float64Array.from(column, (x) => x - centre);
  const length = Math.sqrt(dot(out, out));
  // a constant column whose mean is off by an ulp
  const rounding = Math.abs(centre) * Math.sqrt(column.length) * 1e-12;
  return length <= rounding ? out.fill(0) : out.map((x) => x / length);
}

function dot(a: Float64Array, b: Float64Array): number {
  if (a.length !== b.length) throw new RangeError(`columns of ${a.length} and ${b.length} rows do not correlate`);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
