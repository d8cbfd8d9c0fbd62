/** The distinct ids in a block of a batch: what depends on a user or on an item alone is computed once for each of them. */
import type { Atom } from './atoms.ts';
import type { Layout, Memory } from './memory.ts';

/** Memory for the largest batch; a block uses it from its first row on, and no more of it than it has rows. */
export interface DistinctRoom {
  readonly side: 'user' | 'item';
  /** Position of the distinct ids, in the order in which the block has them. */
  readonly ids: number;
  /** Position of each row's place among them. */
  readonly places: number;
  /** Position of one score a distinct id. */
  readonly scores: number;
  /** Position of one slope a distinct id, or -1. */
  readonly slopes: number;
  /** What was counted last, by the block's first row. */
  readonly blocks: Map<number, { readonly rows: number; readonly count: number }>;
}

/** Undefined for a score that reads both sides, a state, rows made for a batch, or has no hidden layer that would be worth it. */
export function distinctRoom(atom: Atom, rows: number, trains: boolean, layout: Layout): DistinctRoom | undefined {
  if (!('layers' in atom) || atom.layers.length < 2) return undefined;
  const side = atom.dense[0]?.rows;
  if (side !== 'user' && side !== 'item') return undefined;
  if (atom.dense.some((edge) => edge.rows !== side || edge.at !== undefined)) return undefined;
  return {
    side,
    ids: layout.takeIds(rows),
    places: layout.takeIds(rows),
    scores: layout.takeFloats(rows),
    slopes: trains ? layout.takeFloats(rows) : -1,
    blocks: new Map(),
  };
}

/**
 * @param at position of the batch's ids @param known how many ids there can be
 * @returns what finds the distinct ids of rows `from .. from + n` and says how many there are
 */
export function counting(
  { ids: distinct, places, blocks }: DistinctRoom,
  { ids }: Memory,
  at: number,
  known: number,
): (from: number, n: number) => number {
  /** The place of an id in the present block, counted from 1. */
  const placeOf = new Uint32Array(known);
  return (from, n) => {
    let count = 0;
    for (let row = from; row < from + n; row++) {
      const id = ids[at + row] as number;
      if (placeOf[id] === 0) {
        ids[distinct + from + count] = id;
        placeOf[id] = ++count;
      }
      ids[places + row] = (placeOf[id] as number) - 1;
    }
    for (let k = 0; k < count; k++) placeOf[ids[distinct + from + k] as number] = 0;
    if (from === 0) blocks.clear();
    blocks.set(from, { rows: n, count });
    return count;
  };
}
