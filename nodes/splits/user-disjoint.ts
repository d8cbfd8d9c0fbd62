import { z } from 'zod';
import { Log, node, optional, Problem, Rng } from '../../core/index.ts';
import { take } from '../../core/numeric/index.ts';
import { Ratings } from '../ports.ts';
import { count, cut, idsBelow, rowsOfPart, toTest, toTrain, toValidation } from './parts.ts';
import { checkShares, rowsFor } from './shares.ts';

const heldBack = 3;

/**
 * Strong generalisation: the users of train, validation and test are disjoint. `foldIn` holds back a random share of each
 * test user's rows for methods that can place a new user from some of their ratings; a test user always keeps one test row.
 */
export const userDisjointSplit = node('splits/user-disjoint', {
  doc: 'Users are divided, not rows; test users may give a share of their rows to fold them in.',
  in: { ratings: Ratings },
  out: { train: Ratings, test: Ratings, validation: optional(Ratings), foldIn: optional(Ratings) },
  config: z.strictObject({
    test: z.number().gt(0).lt(1).default(0.2).describe('share of the users for the test part'),
    validation: z.number().min(0).lt(1).default(0).describe('share of the users for the validation part; 0: none'),
    foldIn: z.number().min(0).lt(1).default(0).describe("share of a test user's rows given to fold them in; 0: none"),
  }),
  use: { log: Log, rng: Rng },
  stream: 'split',
  run({ ratings }, config, { log, rng }) {
    checkShares(config);
    const { user } = ratings;
    const below = idsBelow(user);
    const rowsOfUser = new Uint32Array(below);
    for (const u of user) rowsOfUser[u]!++;
    const there = Uint32Array.from({ length: below }, (_, u) => u).filter((u) => rowsOfUser[u]! > 0);
    const order = rng.for('users').permutation(there.length);
    const test = rowsFor(config.test, there.length);
    const validation = rowsFor(config.validation, there.length);
    const partOfUser = new Uint8Array(below).fill(toTrain);
    for (let at = 0; at < test; at++) partOfUser[there[order[at]!]!] = toTest;
    for (let at = test; at < test + validation; at++) partOfUser[there[order[at]!]!] = toValidation;
    const assigned = Uint8Array.from(user, (u) => partOfUser[u]!);
    let single = 0;
    if (config.foldIn > 0) {
      const quota = new Uint32Array(below);
      for (const u of there) {
        if (partOfUser[u] !== toTest) continue;
        quota[u] = Math.min(rowsFor(config.foldIn, rowsOfUser[u]!), rowsOfUser[u]! - 1);
        if (quota[u] === 0) single++;
      }
      for (const row of rng.for('fold-in').permutation(user.length))
        if (assigned[row] === toTest && quota[user[row]!]! > 0) {
          quota[user[row]!]!--;
          assigned[row] = heldBack;
        }
    }
    if (single > 0) log.warn(`${count(single, 'test user')} with few rows give none to fold in`, { users: single });
    const parts = cut(ratings, assigned, { validation: config.validation > 0 });
    if (config.foldIn === 0) return parts;
    const foldIn = take(ratings, rowsOfPart(assigned, heldBack));
    if (foldIn.user.length === 0)
      throw new Problem('bad-data', 'no test user has a row to fold in', {
        where: 'foldIn',
        hint: 'choose a larger foldIn',
      });
    return { ...parts, foldIn };
  },
});
