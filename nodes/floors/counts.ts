/** What the floors need of a training set: how often each id occurs, and the sum of its labels. */
export interface Tally {
  readonly count: Float64Array;
  readonly sum: Float64Array;
}

export function tally(ids: Uint32Array, size: number, labels: Float32Array): Tally {
  const count = new Float64Array(size);
  const sum = new Float64Array(size);
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row] as number;
    count[id]! += 1;
    sum[id]! += labels[row] as number;
  }
  return { count, sum };
}

/** The mean label of all rows; 0 for an empty training set. */
export function meanLabel(labels: Float32Array): number {
  let sum = 0;
  for (const label of labels) sum += label;
  return labels.length === 0 ? 0 : sum / labels.length;
}

/** Means that start at `prior` with the weight of `pseudo` observations: (sum + pseudo prior) / (count + pseudo). */
export const shrunkMeans = ({ count, sum }: Tally, prior: number, pseudo: number): Float64Array =>
  count.map((n, id) => (n + pseudo === 0 ? prior : ((sum[id] as number) + pseudo * prior) / (n + pseudo)));
