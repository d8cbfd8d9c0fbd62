/** Items by their popularity: the number of train rows. */
import { groupBy } from '../../../core/numeric/index.ts';

export interface ItemGroups {
  /** `<=10`, `<=50`, ..., `>500`: the most train rows of an item in it, or more than the last edge. */
  readonly names: readonly string[];
  /** The group of each item. */
  readonly of: Uint8Array;
  /** Items in each group. */
  readonly sizes: Uint32Array;
}

/** Groups by ascending popularity. A group holds items with more rows than the edge before it and at most its own. */
export function itemGroups(popularity: Uint32Array, edges: readonly number[]): ItemGroups {
  const of = Uint8Array.from(popularity, (rows) => {
    const group = edges.findIndex((edge) => rows <= edge);
    return group < 0 ? edges.length : group;
  });
  const sizes = new Uint32Array(edges.length + 1);
  for (const group of of) sizes[group]!++;
  const last = edges.at(-1);
  return { names: [...edges.map((edge) => `<=${edge}`), last === undefined ? 'all' : `>${last}`], of, sizes };
}

/**
 * 1 for every item of the long tail: those outside the smallest set of most popular items that holds `headShare` of the train
 * rows. Of items with equally many rows the lower id counts as more popular.
 * Source: the short head of Abdollahpouri, Burke and Mobasher 2019 (FLAIRS).
 */
export function longTail(popularity: Uint32Array, headShare: number): Uint8Array {
  const tail = new Uint8Array(popularity.length).fill(1);
  const order = Uint32Array.from(popularity.keys()).sort((a, b) => popularity[b]! - popularity[a]! || a - b);
  const total = popularity.reduce((sum, rows) => sum + rows, 0);
  let held = 0;
  for (const item of order) {
    if (held >= headShare * total) break;
    held += popularity[item]!;
    tail[item] = 0;
  }
  return tail;
}

/** Train rows of each item. */
export function popularityOf(item: Uint32Array, items: number): Uint32Array {
  const { start } = groupBy(item, items);
  return Uint32Array.from({ length: items }, (_, i) => start[i + 1]! - start[i]!);
}
