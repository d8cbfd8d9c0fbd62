import { z } from 'zod';
import { node, Problem } from '../../core/index.ts';
import { Labels, Shape } from '../ports.ts';

/**
 * The probability that each pair is positive, from a completed rating matrix: with g the rating cut to [low, high],
 * eta = epsilon + (1 - epsilon) (g - min g) / (max g - min g). The larger epsilon, the more alike are all pairs.
 *
 * The sides change places, as in the authors' code: a `user` of `preference` is an item of `completed` (a film), and its
 * lists rank people. `preference` has all pairs, by user, then item, and eta as its rating; `shape` fits it.
 *
 * @throws Problem bad-data when `completed` does not hold all pairs by user and item, or all its ratings are equal
 */
export const softPreference = node('datasets/soft-preference', {
  doc: 'Turns a completed rating matrix into probabilities of a positive, films as users: the truth of semi-synthetic data.',
  source: 'Li et al. 2024 (ICDE), section VI.A; epsilon 0 as in the code',
  in: { completed: Labels, shape: Shape },
  out: { preference: Labels, shape: Shape },
  config: z.strictObject({
    low: z.number().default(0).describe('completed ratings below become this'),
    high: z.number().default(5).describe('completed ratings above become this'),
    epsilon: z.number().min(0).lt(1).default(0).describe('the smallest probability'),
  }),
  run({ completed, shape }, { low, high, epsilon }) {
    const { users: people, items: films } = shape;
    checkAllPairs(completed, people, films);
    const g = completed.rating.map((rating) => Math.min(high, Math.max(low, rating)));
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (const value of g) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    if (!(most > least))
      throw new Problem('bad-data', `all completed ratings are ${least}: there is nothing to prefer`, {
        where: 'completed',
        hint: 'look at the bounds `low` and `high`, and at the completion',
      });
    const user = new Uint32Array(g.length);
    const item = new Uint32Array(g.length);
    const rating = new Float32Array(g.length);
    for (let film = 0, at = 0; film < films; film++)
      for (let person = 0; person < people; person++, at++) {
        user[at] = film;
        item[at] = person;
        rating[at] = epsilon + ((1 - epsilon) * (g[person * films + film]! - least)) / (most - least);
      }
    return { preference: { user, item, rating }, shape: { users: films, items: people } };
  },
});

interface Pairs {
  readonly user: Uint32Array;
  readonly item: Uint32Array;
}
/** @throws Problem bad-data unless the table lists all pairs, by user, then item */
export function checkAllPairs({ user, item }: Pairs, users: number, items: number): void {
  let row = 0;
  while (row < user.length && user[row] === Math.floor(row / items) && item[row] === row % items) row++;
  if (row === users * items && row === user.length) return;
  throw new Problem('bad-data', `the table does not list all ${users * items} pairs by user and item`, {
    where: row < user.length ? `row ${row} (user ${user[row]}, item ${item[row]})` : `${user.length} rows`,
    hint: "wire it from the node that made all pairs, with that node's shape",
  });
}
