/** Triples of a user, an item that the user has and items that the user does not have. */
import { Problem } from '../../../core/index.ts';
import { groupBy, type Random } from '../../../core/numeric/index.ts';
import type { Memory } from '../machine/memory.ts';
import type { StreamDeclaration } from '../vocabulary.ts';
import { Permutation } from './feistel.ts';
import type { Batch, Sampler, TrainingRows } from './samplers.ts';

type Triples = Extract<StreamDeclaration, { readonly draw: 'triples' }>;

/**
 * Each step has a generator of its own, so that a batch depends on the seed, the stream's name, the epoch and the step alone.
 * Columns are those of the positive's row.
 * @throws Problem bad-data when no user has an item to prefer to another one
 */
export function tripleSampler(
  name: string,
  batch: Batch,
  rows: TrainingRows,
  { floats, ids }: Memory,
  random: Random,
  { user: by, popularity }: Triples,
): Sampler {
  const clicked = new ClickedItems(rows);
  const counts = new Uint32Array(rows.items);
  for (const item of rows.item) counts[item]!++;
  const weights = Float64Array.from(counts, (n) => (popularity === 0 ? 1 : n === 0 ? 0 : n ** popularity));
  const drawable = weights.reduce((n, weight) => n + (weight > 0 ? 1 : 0), 0);
  const negative = popularity === 0 ? (from: Random) => from.below(rows.items) : aliasDraw(weights);
  const users = Uint32Array.from({ length: rows.users }, (_, user) => user).filter((user) => {
    const n = clicked.distinct(user);
    return n > 0 && n < drawable;
  });
  if (users.length === 0)
    throw new Problem('bad-data', 'no user has both a train row and an item without one, so there are no triples', {
      where: 'train',
      hint: 'a method on clicks needs items that a user did not click',
    });
  const allowed = new Uint8Array(rows.users);
  for (const user of users) allowed[user] = 1;
  const from = rows.user.every((user) => allowed[user] === 1)
    ? undefined
    : Uint32Array.from({ length: rows.user.length }, (_, row) => row).filter((row) => allowed[rows.user[row]!] === 1);
  const order = by === 'uniform' && batch.size <= users.length ? new Permutation(users.length) : undefined;
  const columns = Object.entries(batch.columns).map(([column, at]) => ({ at, values: rows.columns[column] }));
  const readsRows = columns.some(({ values }) => values !== undefined);
  const negatives = batch.negatives as readonly number[];
  const { start, row: rowsOf } = clicked;
  let epoch = 0;
  return {
    steps: Math.floor(rows.user.length / batch.size) + 1,
    startEpoch(next) {
      epoch = next;
    },
    draw(step) {
      const draws = random.for(`triples/${name}/${epoch}/${step}`);
      order?.key(draws);
      for (let r = 0; r < batch.size; r++) {
        // a user's entries lie side by side, and the row that they come from is far away: it is read for its columns alone
        let [user, item, row] = [0, 0, 0];
        if (by === 'uniform') {
          user = users[order ? order.at(r) : draws.below(users.length)]!;
          const first = start[user]!;
          const at = first + draws.below(start[user + 1]! - first);
          item = clicked.item[at]!;
          if (readsRows) row = rowsOf[at]!;
        } else {
          row = from ? from[draws.below(from.length)]! : draws.below(rows.user.length);
          user = rows.user[row]!;
          item = rows.item[row]!;
        }
        ids[batch.user + r] = user;
        ids[batch.item + r] = item;
        for (const { at, values } of columns) floats[at + r] = values === undefined ? 1 : values[row]!; // only `o` has no values
        for (let k = 0; k < negatives.length; k++) {
          let other = negative(draws);
          while (clicked.has(user, other)) other = negative(draws);
          ids[negatives[k]! + r] = other;
        }
      }
    },
  };
}

/** The items of each user, ascending, with the rows that they come from. */
export class ClickedItems {
  /** Where each user's entries begin; one more at the end. */
  readonly start: Uint32Array;
  readonly item: Uint32Array;
  readonly row: Uint32Array;

  constructor(rows: { readonly users: number; readonly user: Uint32Array; readonly item: Uint32Array }) {
    const { start, rows: order } = groupBy(rows.user, rows.users);
    for (let u = 0; u < rows.users; u++)
      order.subarray(start[u], start[u + 1]).sort((a, b) => rows.item[a]! - rows.item[b]! || a - b);
    this.start = start;
    this.row = order;
    this.item = Uint32Array.from(order, (row) => rows.item[row]!);
  }

  has(user: number, item: number): boolean {
    let low = this.start[user]!;
    let high = this.start[user + 1]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.item[middle]! < item) low = middle + 1;
      else high = middle;
    }
    return low < this.start[user + 1]! && this.item[low] === item;
  }

  distinct(user: number): number {
    let n = 0;
    for (let at = this.start[user]!; at < this.start[user + 1]!; at++)
      if (at === this.start[user] || this.item[at] !== this.item[at - 1]) n++;
    return n;
  }
}

/** Draws places in proportion to their weights with one integer and one uniform number (Walker 1977, Vose 1991). */
export function aliasDraw(weights: Float64Array): (random: Random) => number {
  const n = weights.length;
  const total = weights.reduce((a, b) => a + b, 0);
  const share = weights.map((weight) => (weight * n) / total);
  const other = new Uint32Array(n);
  const small: number[] = [];
  const large: number[] = [];
  for (let i = n - 1; i >= 0; i--) (share[i]! < 1 ? small : large).push(i);
  for (let s = small.pop(); s !== undefined; s = small.pop()) {
    const l = large.at(-1);
    if (l === undefined) {
      // only rounding leaves a share below 1 here; a weight of 0 always finds a partner
      share[s] = 1;
      continue;
    }
    other[s] = l;
    share[l] = share[l]! - (1 - share[s]!);
    if (share[l]! < 1) small.push(large.pop() as number);
  }
  for (const l of large) share[l] = 1;
  return (random) => {
    const place = random.below(n);
    return random.uniform() < share[place]! ? place : other[place]!;
  };
}
