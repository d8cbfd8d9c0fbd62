/** What every split does after it has decided where each row goes: cut, refuse empty parts, and say who is cold. */
import { Problem, type StepLog, type View } from '../../core/index.ts';
import { take } from '../../core/numeric/index.ts';
import type { Ratings } from '../ports.ts';

export type RatingsView = View<typeof Ratings>;
/** Numbers of parts in a Uint8Array with one entry a row. */
export const toTrain = 0;
export const toTest = 1;
export const toValidation = 2;

/** Rows of one part, in their old order. */
export function rowsOfPart(assigned: Uint8Array, part: number): Uint32Array {
  let count = 0;
  for (let row = 0; row < assigned.length; row++) if (assigned[row] === part) count++;
  const rows = new Uint32Array(count);
  for (let row = 0, at = 0; row < assigned.length; row++) if (assigned[row] === part) rows[at++] = row;
  return rows;
}

/**
 * Cuts the table.
 * @param wanted whether a validation part was asked for
 * @throws Problem bad-data when a part that was asked for has no row
 */
export function cut(ratings: RatingsView, assigned: Uint8Array, wanted: { readonly validation: boolean }) {
  const part = (name: string, number: number): RatingsView => {
    const rows = rowsOfPart(assigned, number);
    if (rows.length === 0) throw emptyPart(name, assigned.length);
    return take(ratings, rows);
  };
  return {
    train: part('train', toTrain),
    test: part('test', toTest),
    ...(wanted.validation && { validation: part('validation', toValidation) }),
  };
}

export const emptyPart = (name: string, rows: number): Problem =>
  new Problem(
    'bad-data',
    `the ${name} part of the split is empty: ${rows === 1 ? '1 row was' : `${rows} rows were`} to be divided`,
    {
      where: name,
      hint:
        rows === 0
          ? 'the table has no rows; look at the steps before the split'
          : 'choose a larger share, or bring more data',
    },
  );

/**
 * Says which users and items of the test part the train part does not know. Learners score them from their initial
 * parameters, so a reader of the results has to know how many there are.
 */
export function reportCold(log: StepLog, train: RatingsView, test: RatingsView, name = 'test'): void {
  const users = unknown(train.user, test.user);
  const items = unknown(train.item, test.item);
  if (users.ids === 0 && items.ids === 0) return;
  const told = [
    ...(users.ids > 0 ? [`${count(users.ids, 'user')} (${count(users.rows, 'row')})`] : []),
    ...(items.ids > 0 ? [`${count(items.ids, 'item')} (${count(items.rows, 'row')})`] : []),
  ];
  log.warn(`the ${name} part has ${told.join(' and ')} without a row in train; they are kept`, {
    users: users.ids,
    items: items.ids,
  });
}

export const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

function unknown(known: Uint32Array, asked: Uint32Array): { ids: number; rows: number } {
  let largest = 0;
  for (const id of known) if (id > largest) largest = id;
  for (const id of asked) if (id > largest) largest = id;
  const state = new Uint8Array(largest + 1);
  for (const id of known) state[id] = 1;
  let [ids, rows] = [0, 0];
  for (const id of asked) {
    if (state[id] === 1) continue;
    rows++;
    if (state[id] === 0) ids++;
    state[id] = 2;
  }
  return { ids, rows };
}

/** One more than the largest id; only for counting, never for a model's shape. */
export function idsBelow(ids: Uint32Array): number {
  let below = 0;
  for (const id of ids) if (id >= below) below = id + 1;
  return below;
}
