/** Time as splits see it: required, and ordered without a comparison sort's dependence on the engine. */
import { Problem } from '../../core/index.ts';
import type { RatingsView } from './parts.ts';

/** @throws Problem bad-data when the table has no times */
export function timesOf({ time }: RatingsView): BigInt64Array {
  if (time !== undefined) return time;
  throw new Problem('bad-data', 'the ratings have no times, and this split divides by time', {
    where: 'ratings',
    hint: 'name the column of times of your file, or take splits/per-user or splits/random',
  });
}

/** Rows from the earliest to the latest; rows of the same time keep their order. */
export function rowsByTime(time: BigInt64Array): Uint32Array {
  const order = new Uint32Array(time.length);
  for (let row = 0; row < order.length; row++) order[row] = row;
  return order.sort((a, b) => {
    const [x, y] = [time[a]!, time[b]!];
    return x < y ? -1 : x > y ? 1 : a - b;
  });
}
