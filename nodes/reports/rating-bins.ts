/** Histograms of ratings over bins that several tables share. */
export interface Bins {
  readonly bins: readonly { readonly from: number; readonly to: number }[];
  count(ratings: Float32Array): Uint32Array;
}

/** So many values are shown one by one; more become ranges. */
const mostValues = 20;
const ranges = 10;

/** Each value is a bin of its own, ascending, or the span is cut into ten equal ranges when there are too many values. */
export function binsOf(tables: readonly Float32Array[]): Bins {
  const values = new Set<number>();
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const ratings of tables)
    for (const rating of ratings) {
      if (values.size <= mostValues) values.add(rating);
      if (rating < least) least = rating;
      if (rating > most) most = rating;
    }
  if (values.size <= mostValues) return singles([...values].sort((a, b) => a - b));
  const width = (most - least) / ranges;
  return {
    bins: Array.from({ length: ranges }, (_, n) => ({
      from: least + n * width,
      to: n === ranges - 1 ? most : least + (n + 1) * width,
    })),
    count: (ratings) => {
      const counts = new Uint32Array(ranges);
      for (const rating of ratings) counts[Math.min(ranges - 1, Math.floor((rating - least) / width))]!++;
      return counts;
    },
  };
}

function singles(values: readonly number[]): Bins {
  const place = new Map(values.map((value, at) => [value, at]));
  return {
    bins: values.map((value) => ({ from: value, to: value })),
    count: (ratings) => {
      const counts = new Uint32Array(values.length);
      for (const rating of ratings) counts[place.get(rating) as number]!++;
      return counts;
    },
  };
}
