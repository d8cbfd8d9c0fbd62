/**
 * Samplers fill a stream's batch: ids of users and items, and the columns that the losses read. An epoch's order depends on
 * the seed, the stream's name and the epoch's number alone, so that methods that share a stream share its batches.
 */
import { type Random, shuffle } from '../../../core/numeric/index.ts';
import type { Memory } from '../machine/memory.ts';
import { Permutation } from './feistel.ts';
import type { ObservedPairs } from './observed.ts';

/** Observed rows and everything that is known about them. */
export interface TrainingRows {
  readonly users: number;
  readonly items: number;
  readonly user: Uint32Array;
  readonly item: Uint32Array;
  /** Columns of the observed rows by name; `y` is the label. */
  readonly columns: Readonly<Record<string, Float32Array>>;
}
/** Where in memory a stream's batch lies. */
export interface Batch {
  readonly size: number;
  readonly user: number;
  readonly item: number;
  /** The items of the negatives of a stream of triples: one position a place. */
  readonly negatives?: readonly number[];
  readonly columns: Readonly<Record<string, number>>;
  /** Rows that state columns name, as ids. */
  readonly states?: Readonly<Record<string, number>>;
}
export interface Sampler {
  /** Steps that an epoch can make before the stream runs dry. */
  readonly steps: number;
  startEpoch(epoch: number): void;
  /** Fills the batch of step `step` of the epoch. */
  draw(step: number): void;
}

export function observedSampler(
  name: string,
  batch: Batch,
  rows: TrainingRows,
  { floats, ids }: Memory,
  random: Random,
  last: 'drop' | 'fill' = 'drop',
): Sampler {
  const order = new Uint32Array(rows.user.length);
  const columns = Object.entries(batch.columns).map(([column, at]) => ({ at, values: rows.columns[column] }));
  const states = Object.entries(batch.states ?? {}).map(([name, at]) => ({
    at,
    values: rows.columns[name] as Float32Array,
  }));
  return {
    steps: Math[last === 'fill' ? 'ceil' : 'floor'](rows.user.length / batch.size),
    startEpoch(epoch) {
      for (let i = 0; i < order.length; i++) order[i] = i;
      shuffle(order, random.for(`shuffle/${name}/${epoch}`));
    },
    draw(step) {
      const start = step * batch.size;
      for (let r = 0; r < batch.size; r++) {
        const row = order[(start + r) % order.length]!;
        ids[batch.user + r] = rows.user[row]!;
        ids[batch.item + r] = rows.item[row]!;
      }
      for (const { at, values } of columns)
        for (let r = 0; r < batch.size; r++)
          floats[at + r] = values === undefined ? 1 : values[order[(start + r) % order.length]!]!; // only `o` has no values
      for (const { at, values } of states)
        for (let r = 0; r < batch.size; r++) ids[at + r] = values[order[(start + r) % order.length]!]!;
    },
  };
}

export function pairSampler(
  name: string,
  batch: Batch,
  rows: TrainingRows,
  memory: Memory,
  random: Random,
  observed: () => ObservedPairs,
): Sampler {
  const { users, items } = rows;
  const { ids } = memory;
  const permutation = new Permutation(users * items);
  const fill = pairColumns(batch, rows, memory, observed);
  return {
    steps: Math.floor((users * items) / batch.size),
    startEpoch(epoch) {
      permutation.key(random.for(`shuffle/${name}/${epoch}`));
    },
    draw(step) {
      const start = step * batch.size;
      for (let r = 0; r < batch.size; r++) {
        const pair = permutation.at(start + r);
        const user = Math.floor(pair / items);
        ids[batch.user + r] = user;
        ids[batch.item + r] = pair - user * items;
      }
      fill();
    },
  };
}

/** Blocks of one size, at most as large as asked: `count` of them, `size` ids each; a remainder below `count` is left out. */
export const blocksOf = (total: number, most: number): { readonly count: number; readonly size: number } => {
  const count = Math.ceil(total / most);
  return { count, size: Math.floor(total / count) };
};

export function blockSampler(
  name: string,
  batch: Batch,
  rows: TrainingRows,
  memory: Memory,
  random: Random,
  observed: () => ObservedPairs,
  most: { readonly users: number; readonly items: number },
): Sampler {
  const { ids } = memory;
  const user = blocksOf(rows.users, most.users);
  const item = blocksOf(rows.items, most.items);
  const users = new Uint32Array(rows.users);
  const items = new Uint32Array(rows.items);
  const fill = pairColumns(batch, rows, memory, observed);
  const shuffled = (order: Uint32Array, purpose: string) => {
    for (let i = 0; i < order.length; i++) order[i] = i;
    shuffle(order, random.for(purpose));
  };
  return {
    steps: user.count * item.count,
    startEpoch(epoch) {
      shuffled(users, `shuffle/${name}/users/${epoch}`);
      shuffled(items, `shuffle/${name}/items/${epoch}`);
    },
    draw(step) {
      const firstUser = Math.floor(step / item.count) * user.size;
      const firstItem = (step % item.count) * item.size;
      for (let r = 0; r < batch.size; r++) {
        ids[batch.user + r] = users[firstUser + Math.floor(r / item.size)]!;
        ids[batch.item + r] = items[firstItem + (r % item.size)]!;
      }
      fill();
    },
  };
}

/** Fills `o` and `y` for the pairs whose ids stand in the batch: labels of observed pairs, 0 elsewhere. */
function pairColumns(
  batch: Batch,
  rows: TrainingRows,
  { floats, ids }: Memory,
  observed: () => ObservedPairs,
): () => void {
  if (Object.keys(batch.columns).length === 0) return () => {};
  const known = observed();
  const { y: label, o: isObserved } = batch.columns;
  const labels = rows.columns.y;
  return () => {
    for (let r = 0; r < batch.size; r++) {
      const row = known.row(ids[batch.user + r]! * rows.items + ids[batch.item + r]!);
      if (isObserved !== undefined) floats[isObserved + r] = row >= 0 ? 1 : 0;
      if (label !== undefined) floats[label + r] = row >= 0 ? labels![row]! : 0;
    }
  };
}
