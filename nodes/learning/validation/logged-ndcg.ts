/** NDCG over the candidates that were logged for each user, as a number to stop on. */

interface Rows {
  readonly user: Uint32Array;
  readonly item: Uint32Array;
  readonly rating: Float32Array;
}

/**
 * NDCG@cutoff with binary gains and discount log2(rank + 1), against the best that the user's positives can make; mean over
 * users with a positive (a label of at least one half). Equal scores rank the lower item id first.
 *
 * @returns what computes it from a score for each row; NaN without a user that has a positive
 */
export function loggedNdcg({ user, item, rating }: Rows, cutoff: number): (scores: Float32Array) => number {
  const lists = new Map<number, number[]>();
  for (let row = 0; row < user.length; row++) {
    const list = lists.get(user[row] as number) ?? [];
    list.push(row);
    lists.set(user[row] as number, list);
  }
  const weight = Float64Array.from({ length: cutoff }, (_, rank) => 1 / Math.log2(rank + 2));
  const positive = (row: number) => (rating[row] as number) >= 0.5;
  const judged = [...lists.values()].flatMap((rows) => {
    const positives = rows.filter(positive).length;
    if (positives === 0) return [];
    const ideal = weight.subarray(0, Math.min(positives, cutoff)).reduce((a, b) => a + b, 0);
    return [{ rows: rows.sort((a, b) => (item[a] as number) - (item[b] as number)), ideal }];
  });
  return (scores) => {
    let total = 0;
    for (const { rows, ideal } of judged) {
      // sorting is stable, so that ties keep the order of ids
      const ranked = [...rows].sort((a, b) => (scores[b] as number) - (scores[a] as number));
      let gain = 0;
      for (let rank = 0; rank < Math.min(cutoff, ranked.length); rank++)
        if (positive(ranked[rank] as number)) gain += weight[rank] as number;
      total += gain / ideal;
    }
    return total / judged.length;
  };
}
