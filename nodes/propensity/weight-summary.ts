/** Numbers about the weights 1 / max(p, clip), from propensities in ascending order. */
export interface WeightSummary {
  readonly sum: number;
  /** Kish's effective sample size. */
  readonly effective: number;
  /** Share of the weight that the heaviest 1 % of rows (at least one) carry. */
  readonly topShare: number;
}

export function summariseWeights(sorted: Float32Array, clip: number): WeightSummary {
  const top = Math.max(1, Math.floor(sorted.length / 100));
  let sum = 0;
  let squares = 0;
  let heaviest = 0;
  for (let row = 0; row < sorted.length; row++) {
    const w = 1 / Math.max(sorted[row]!, clip);
    sum += w;
    squares += w * w;
    if (row < top) heaviest += w; // the smallest propensities come first
  }
  return { sum, effective: squares === 0 ? 0 : (sum * sum) / squares, topShare: sum === 0 ? 0 : heaviest / sum };
}

/** The smallest of the clips (in ascending order) that keeps half of the rows as effective sample size; 0 when none is needed. */
export function suggestedClip(sorted: Float32Array, clips: readonly number[]): number {
  const enough = (clip: number) => summariseWeights(sorted, clip).effective >= sorted.length / 2;
  if (sorted.length === 0 || enough(0)) return 0;
  return clips.find(enough) ?? (clips.at(-1) as number);
}

/** Mean absolute gap between estimated and true propensity over ten bins of equal size, ordered by the estimate. */
export function calibrationError(estimate: Float32Array, truth: Float32Array): number {
  if (estimate.length !== truth.length)
    throw new RangeError(`${estimate.length} estimates and ${truth.length} true propensities`);
  const order = Uint32Array.from({ length: estimate.length }, (_, row) => row).sort(
    (a, b) => estimate[a]! - estimate[b]! || a - b,
  );
  const bins = Math.min(10, order.length);
  let gap = 0;
  for (let bin = 0; bin < bins; bin++) {
    const from = Math.floor((bin * order.length) / bins);
    const to = Math.floor(((bin + 1) * order.length) / bins);
    let difference = 0;
    for (let at = from; at < to; at++) difference += estimate[order[at]!]! - truth[order[at]!]!;
    gap += Math.abs(difference);
  }
  return order.length === 0 ? 0 : gap / order.length;
}
