/** Ranks from 1; equal values share the mean of their ranks. `ties` is the sum of t^3 - t over groups of t equal values. */
export function midRanks(values: Float64Array): { ranks: Float64Array; ties: number } {
  const order = Uint32Array.from(values.keys()).sort((i, j) => values[i]! - values[j]! || i - j);
  const ranks = new Float64Array(values.length);
  let ties = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let at = from; at < to; at++) ranks[order[at]!] = (from + 1 + to) / 2;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  return { ranks, ties };
}
