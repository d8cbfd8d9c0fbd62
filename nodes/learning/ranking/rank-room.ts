/** Room in a memory to rank all items for a block of users, and the loop over the kernels that does it. */
import { type Kernels, sketchLength } from '../kernels/kernels.ts';
import type { Layout, Memory } from '../machine/memory.ts';
import type { KnownRows } from './known-rows.ts';

/** Users that are ranked at once: their lists and vectors stay in the second cache. */
export const usersAtOnce = 64;
/** Multiplications of one kernel call: about a millisecond. */
const work = 1 << 23;

export interface RankSize {
  /** Items that are ranked: 0 .. items. */
  readonly items: number;
  /** Floats of a vector, padded to a multiple of four. */
  readonly stride: number;
  /** Places of a list. */
  readonly top: number;
  /** Items that a user's list leaves out. */
  readonly known?: KnownRows | undefined;
}
/** The lists of a block; valid until the next one. */
export interface RankedBlock {
  /** The block's users are `users[first] .. users[first + count]`. */
  readonly first: number;
  readonly count: number;
  /** List r is at r top .. (r + 1) top, best first; ends early where `score` is -Infinity. */
  readonly item: Uint32Array;
  readonly score: Float32Array;
}
export interface Ranker {
  /** @param write writes the items' vectors to position `to`, row after row, `stride` floats each; to be called again when they change */
  take(write: (to: number) => void): void;
  /** Where the shift and the scale of item i are to be written: its score is (dot + shift[i]) scale[i]. */
  readonly shift: Float32Array;
  readonly scale: Float32Array;
  /**
   * Ranks users by inner product, block after block.
   * @param load writes the vectors of `users` to position `to`, row after row, `stride` floats each
   * @param affine whether shift and scale count @returns false when some score is not a number: the last block's lists are not valid
   */
  dots(
    users: Uint32Array,
    load: (users: Uint32Array, to: number) => void,
    affine: { readonly shift: boolean; readonly scale: boolean },
    visit: (block: RankedBlock) => void,
  ): boolean;
  /**
   * Ranks users by scores that are written block after block.
   * @param load writes the scores of items from .. to for each of `users` into `scores`, `to - from` floats a user
   */
  scores(
    users: Uint32Array,
    load: (users: Uint32Array, from: number, to: number, scores: Float32Array) => void,
    visit: (block: RankedBlock) => void,
  ): boolean;
}

export class RankRoom {
  readonly #size: RankSize;
  readonly #at;
  /** Items of one kernel call, a multiple of 8. */
  readonly #span: number;

  /** @param by `scores` keeps no vectors, and room for scores instead */
  constructor(layout: Layout, size: RankSize, by: 'dots' | 'scores' = 'dots') {
    const { items, stride, top, known } = size;
    const floats = layout.takeFloats;
    const dots = by === 'dots';
    this.#size = size;
    this.#span = 8 * Math.max(1, Math.floor(work / (8 * usersAtOnce * Math.max(stride, 16))));
    this.#at = {
      items: dots ? floats(items * stride) : -1,
      itemSketches: dots ? floats(sketchLength(items, stride)) : -1,
      rows: dots ? floats(usersAtOnce * stride) : -1,
      rowSketches: dots ? floats(sketchLength(usersAtOnce, stride)) : -1,
      shift: dots ? floats(items) : -1,
      scale: dots ? floats(items) : -1,
      scores: dots ? -1 : floats(usersAtOnce * Math.min(this.#span, items)),
      best: floats(usersAtOnce * top),
      bestIds: layout.takeIds(usersAtOnce * top),
      known: known ? layout.takeIds(mostKnown(known)) : -1,
      cursors: layout.takeIds(usersAtOnce),
      ends: layout.takeIds(usersAtOnce),
    };
  }

  bind(kernels: Kernels, { floats, ids }: Memory): Ranker {
    const { items, stride, top, known } = this.#size;
    const at = this.#at;
    const span = this.#span;
    const f = floats as Float32Array;
    const each = (
      users: Uint32Array,
      begin: (block: Uint32Array) => void,
      rank: (block: Uint32Array, from: number, to: number) => boolean,
      visit: (block: RankedBlock) => void,
    ): boolean => {
      for (let first = 0; first < users.length; first += usersAtOnce) {
        const block = users.subarray(first, Math.min(first + usersAtOnce, users.length));
        const places = block.length * top;
        f.fill(Number.NEGATIVE_INFINITY, at.best, at.best + places);
        if (known) loadKnown(known, block);
        begin(block);
        for (let from = 0; from < items; from += span)
          if (!rank(block, from, Math.min(from + span, items))) return false;
        visit({
          first,
          count: block.length,
          item: ids.subarray(at.bestIds, at.bestIds + places),
          score: f.subarray(at.best, at.best + places),
        });
      }
      return true;
    };
    const loadKnown = ({ start, item }: KnownRows, block: Uint32Array) => {
      let next = 0;
      for (const [r, u] of block.entries()) {
        const mine = item.subarray(start[u]!, start[u + 1]!);
        ids[at.cursors + r] = next;
        ids.set(mine, at.known + next);
        next += mine.length;
        ids[at.ends + r] = next;
      }
    };
    return {
      take(write) {
        write(at.items);
        kernels.sketchItems(at.items, stride, items, at.itemSketches);
      },
      shift: f.subarray(at.shift, at.shift + items),
      scale: f.subarray(at.scale, at.scale + items),
      dots(users, load, affine, visit) {
        const [shift, scale] = [affine.shift ? at.shift : -1, affine.scale ? at.scale : -1];
        const { rows, rowSketches, itemSketches, known: left, cursors, ends, best, bestIds } = at;
        return each(
          users,
          (block) => {
            load(block, rows);
            kernels.sketchUsers(rows, stride, block.length, rowSketches);
          },
          ({ length: n }, from, to) =>
            !!kernels.rankDots(
              ...([rows, rowSketches, stride, n, at.items, itemSketches, items, from, to, shift, scale] as const),
              ...([left, cursors, ends, best, bestIds, top] as const),
            ),
          visit,
        );
      },
      scores(users, load, visit) {
        return each(
          users,
          () => {},
          (block, from, to) => {
            const { scores, known: left, cursors, ends, best, bestIds } = at;
            const [n, wide] = [block.length, to - from];
            load(block, from, to, f.subarray(scores, scores + n * wide));
            return !!kernels.rankScores(scores, wide, n, from, to, left, cursors, ends, best, bestIds, top);
          },
          visit,
        );
      },
    };
  }
}

/** Known items of any block of users: at most what the users with the longest rows have. */
function mostKnown({ start }: KnownRows): number {
  const lengths = Uint32Array.from({ length: start.length - 1 }, (_, u) => start[u + 1]! - start[u]!).sort();
  let sum = 0;
  for (const length of lengths.subarray(-usersAtOnce)) sum += length;
  return Math.max(1, sum);
}
