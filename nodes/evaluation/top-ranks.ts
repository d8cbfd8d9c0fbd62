/**
 * The places of the best `k` scores among `start .. end`, best first, written to `out`; equal scores by ascending place.
 * A bounded heap with the worst kept place at its root: O(n log k), nothing allocated.
 * @returns how many places were written: min(k, end - start)
 */
export function topRanks(score: Float32Array, start: number, end: number, k: number, out: Uint32Array): number {
  /** Whether place a ranks behind place b. */
  const behind = (a: number, b: number) => {
    const x = score[a] as number;
    const y = score[b] as number;
    return x < y || (x === y && a > b);
  };
  const sink = (place: number, length: number) => {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      if (child + 1 < length && behind(out[child + 1] as number, out[child] as number)) child++;
      if (!behind(out[child] as number, place)) break;
      out[at] = out[child] as number;
      at = child;
    }
    out[at] = place;
  };
  let kept = 0;
  for (let place = start; place < end; place++) {
    if (kept < k) {
      let at = kept++;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!behind(place, out[parent] as number)) break;
        out[at] = out[parent] as number;
        at = parent;
      }
      out[at] = place;
    } else if (behind(out[0] as number, place)) sink(place, kept);
  }
  for (let length = kept - 1; length > 0; length--) {
    const worst = out[0] as number;
    sink(out[length] as number, length);
    out[length] = worst;
  }
  return kept;
}
