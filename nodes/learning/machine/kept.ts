/**
 * What of a machine outlives an epoch, by name: views of its memory and of the counters beside it. A checkpoint copies them,
 * and copying them back puts a machine where it was, to the bit. Everything else is made anew from the data and the epoch's
 * number: batches and their order, scores, gradients (which are 0 between steps).
 *
 * Whatever a part of the engine carries from one epoch to the next belongs here.
 */
export type KeptArray = Float32Array | Float64Array | Uint32Array;
export type Kept = ReadonlyMap<string, KeptArray>;

/** @throws TypeError for a name that is taken */
export function keptOf(...parts: readonly Iterable<readonly [name: string, values: KeptArray]>[]): Kept {
  const kept = new Map<string, KeptArray>();
  for (const part of parts)
    for (const [name, values] of part) {
      if (kept.has(name)) throw new TypeError(`'${name}' is kept twice`);
      kept.set(name, values);
    }
  return kept;
}
