import { Problem } from '../../core/index.ts';
import type { Shape } from '../ports.ts';

/** Above this many pairs a table of all of them is refused (about half a gigabyte). */
const most = 40_000_000;

/**
 * A table of every pair, row by row of users: user u and item i stand in row u * items + i.
 * @param fill writes the labels of one user's items
 * @throws Problem bad-data when there are too many pairs
 */
export function allPairs({ users, items }: Shape, fill: (user: number, labels: Float32Array) => void) {
  const rows = users * items;
  if (rows > most)
    throw new Problem(
      'bad-data',
      `${users} users x ${items} items are ${rows} pairs, and a table of all of them holds at most ${most}`,
      {
        hint: 'use an imputation that the estimator computes itself, such as a constant prior',
      },
    );
  const user = new Uint32Array(rows);
  const item = new Uint32Array(rows);
  const label = new Float32Array(rows);
  for (let u = 0; u < users; u++) {
    const from = u * items;
    user.fill(u, from, from + items);
    for (let i = 0; i < items; i++) item[from + i] = i;
    fill(u, label.subarray(from, from + items));
  }
  return { user, item, label };
}
