/** Random tables of ratings for property tests, and what tests ask of parts. */
import fc from 'fast-check';
import type { RatingsView } from '../../../nodes/splits/parts.ts';

interface Row {
  readonly user: number;
  readonly item: number;
  readonly rating: number;
  readonly time: number;
}
/** Distinct ratings, so that a row can be told from every other. */
export const ratingsOf = (rows: readonly Omit<Row, 'rating'>[]): RatingsView & { readonly time: BigInt64Array } => ({
  user: Uint32Array.from(rows, ({ user }) => user),
  item: Uint32Array.from(rows, ({ item }) => item),
  rating: Float32Array.from(rows, (_, n) => n),
  time: BigInt64Array.from(rows, ({ time }) => BigInt(time)),
});

export const someRatings = (minLength = 12) =>
  fc
    .array(fc.record({ user: fc.nat(6), item: fc.nat(9), time: fc.nat(20) }), { minLength, maxLength: 60 })
    .map(ratingsOf);

/** The numbers of a part's rows in the table that was divided. */
export const rowNumbers = (part: RatingsView | undefined): readonly number[] => Array.from(part?.rating ?? []);

/** Each row whole and in one part only, and rows of a part in their old order. */
export function isPartition(whole: RatingsView, parts: readonly (RatingsView | undefined)[]): boolean {
  const seen = new Set<number>();
  for (const part of parts) {
    let before = -1;
    for (const [at, row] of rowNumbers(part).entries()) {
      if (seen.has(row) || row <= before) return false;
      seen.add(row);
      before = row;
      if (whole.user[row] !== part?.user[at] || whole.item[row] !== part?.item[at]) return false;
      if (whole.time && whole.time[row] !== part?.time?.[at]) return false;
    }
  }
  return seen.size === whole.user.length;
}
