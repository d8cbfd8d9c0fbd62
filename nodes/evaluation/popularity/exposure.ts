/** What the lists of all users do to the items, at every cut-off; the metrics of popularity bias are read off it. */
import type { Definition } from '../schema.ts';
import { type ItemGroups, itemGroups, longTail } from './groups.ts';

/** One user's list, and what the user wanted. */
export interface UserList {
  /** The items at rank 1, 2, ...; what lies behind `depth` means nothing. */
  readonly top: Uint32Array;
  readonly depth: number;
  /** The user's test positives. */
  readonly wanted: Uint32Array;
  /** The rank of each of `wanted` among all candidates, 1 = top; NaN for one that was no candidate. Absent where unknown. */
  readonly ranks?: ArrayLike<number> | undefined;
}
/** At one cut-off K. */
export interface Exposure {
  readonly k: number;
  /** Lists with an item in them, which are those that the means are over. */
  readonly lists: number;
  /** Lists that contain item i: the recommendation frequency. */
  readonly recommended: Uint32Array;
  /** Users with item i both among their test positives and in their list. */
  readonly found: Uint32Array;
  /** Sum over lists of the mean number of train rows of their items. */
  readonly meanPopularity: number;
  /** Sum over lists of the share of their items that lie in the long tail. */
  readonly tailShare: number;
}
export interface Exposures {
  readonly popularity: Uint32Array;
  readonly groups: ItemGroups;
  /** Users with item i among their test positives. */
  readonly wanted: Uint32Array;
  readonly tail: Uint8Array;
  add(list: UserList): void;
  /** One for each cut-off, ascending. */
  finish(): readonly Exposure[];
}

/** @param popularity train rows of each item */
export function exposures(
  popularity: Uint32Array,
  { cutoffs, itemGroups: edges, headShare }: Pick<Definition, 'cutoffs' | 'itemGroups' | 'headShare'>,
): Exposures {
  const items = popularity.length;
  const tail = longTail(popularity, headShare);
  const wanted = new Uint32Array(items);
  const isWanted = new Uint8Array(items);
  // counted at the first cut-off that reaches the rank; later ones add what the earlier ones have
  const at = cutoffs.map(() => ({
    recommended: new Uint32Array(items),
    found: new Uint32Array(items),
    meanPopularity: 0,
    tailShare: 0,
  }));
  let lists = 0;
  return {
    popularity,
    groups: itemGroups(popularity, edges),
    wanted,
    tail,
    add({ top, depth, wanted: mine }) {
      for (const item of mine) {
        wanted[item]!++;
        isWanted[item] = 1;
      }
      let [rows, inTail, rank] = [0, 0, 0];
      for (const [n, k] of cutoffs.entries()) {
        const counts = at[n]!;
        for (const end = Math.min(k, depth); rank < end; rank++) {
          const item = top[rank]!;
          counts.recommended[item]!++;
          if (isWanted[item] === 1) counts.found[item]!++;
          rows += popularity[item]!;
          inTail += tail[item]!;
        }
        if (rank === 0) continue;
        counts.meanPopularity += rows / rank;
        counts.tailShare += inTail / rank;
      }
      if (rank > 0) lists++;
      for (const item of mine) isWanted[item] = 0;
    },
    finish: () =>
      at.map(({ recommended, found, ...sums }, n) => {
        const before = at[n - 1];
        if (before)
          for (let i = 0; i < items; i++) {
            recommended[i]! += before.recommended[i]!;
            found[i]! += before.found[i]!;
          }
        return { k: cutoffs[n]!, lists, recommended, found, ...sums };
      }),
  };
}
