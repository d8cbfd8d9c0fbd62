import { z } from 'zod';
import { Log, node, optional, Rng } from '../../core/index.ts';
import { Ratings } from '../ports.ts';
import { count, cut, idsBelow, reportCold, toTest, toTrain, toValidation } from './parts.ts';
import { checkShares, rowsFor, shares } from './shares.ts';

/**
 * Divides each user's rows at random: every user gives the share of their rows, rounded to the nearest whole row. A user
 * always keeps at least one row in train; validation gives way first, then test.
 */
export const perUserSplit = node('splits/per-user', {
  doc: "A random share of each user's rows for test, and one for validation; everyone keeps a row in train.",
  in: { ratings: Ratings },
  out: { train: Ratings, test: Ratings, validation: optional(Ratings) },
  config: z.strictObject(shares),
  use: { log: Log, rng: Rng },
  stream: 'split',
  run({ ratings }, config, { log, rng }) {
    checkShares(config);
    const { user } = ratings;
    const users = idsBelow(user);
    const rowsOfUser = new Uint32Array(users);
    for (const u of user) rowsOfUser[u]!++;
    const test = new Uint32Array(users);
    const validation = new Uint32Array(users);
    let without = 0;
    for (let u = 0; u < users; u++) {
      const rows = rowsOfUser[u]!;
      if (rows === 0) continue;
      test[u] = Math.min(rowsFor(config.test, rows), rows - 1);
      validation[u] = Math.min(rowsFor(config.validation, rows), rows - 1 - test[u]!);
      if (test[u] === 0) without++;
    }
    const assigned = new Uint8Array(user.length);
    // rows are visited in random order and fill their user's quotas, so one permutation serves all users
    for (const row of rng.for('rows').permutation(user.length)) {
      const u = user[row]!;
      if (test[u]! > 0) {
        test[u]!--;
        assigned[row] = toTest;
      } else if (validation[u]! > 0) {
        validation[u]!--;
        assigned[row] = toValidation;
      } else assigned[row] = toTrain;
    }
    if (without > 0) log.warn(`${count(without, 'user')} with few rows give none to test`, { users: without });
    const parts = cut(ratings, assigned, { validation: config.validation > 0 });
    reportCold(log, parts.train, parts.test);
    return parts;
  },
});
