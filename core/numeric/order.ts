/** Orders that do not depend on the engine's sort: ties fall to the lower id, always. */

/** Positions of `scores` from the largest to the smallest; equal scores in ascending order of `ids`. NaN comes last. */
export function descending(scores: ArrayLike<number>, ids: ArrayLike<number>): Uint32Array {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i);
  return order.sort((a, b) => {
    const x = scores[a] as number;
    const y = scores[b] as number;
    if (x === y) return (ids[a] as number) - (ids[b] as number);
    if (Number.isNaN(x)) return Number.isNaN(y) ? (ids[a] as number) - (ids[b] as number) : 1;
    return Number.isNaN(y) || x > y ? -1 : 1;
  });
}

/** Rows grouped by a dense id in [0, groups): rows of group g are `rows[start[g] .. start[g+1])`, in their old order (counting sort). */
export function groupBy(ids: Uint32Array, groups: number): { start: Uint32Array; rows: Uint32Array } {
  const start = new Uint32Array(groups + 1);
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] as number;
    if (id >= groups) throw new RangeError(`id ${id} in row ${i} is not below ${groups}`);
    start[id + 1]!++;
  }
  for (let g = 0; g < groups; g++) start[g + 1]! += start[g]!;
  const next = start.slice(0, groups);
  const rows = new Uint32Array(ids.length);
  for (let i = 0; i < ids.length; i++) rows[next[ids[i]!]!++] = i;
  return { start, rows };
}
