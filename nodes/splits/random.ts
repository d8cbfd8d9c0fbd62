import { z } from 'zod';
import { Log, node, optional, Rng } from '../../core/index.ts';
import { Ratings } from '../ports.ts';
import { cut, reportCold, toTest, toValidation } from './parts.ts';
import { checkShares, rowsFor, shares } from './shares.ts';

/**
 * Divides the rows at random. Part sizes are the shares of the number of rows, rounded to the nearest whole row; rows keep
 * their order inside a part. The test part follows the same biased distribution as the log.
 */
export const randomSplit = node('splits/random', {
  doc: 'A uniformly random share of the rows for test, and one for validation.',
  in: { ratings: Ratings },
  out: { train: Ratings, test: Ratings, validation: optional(Ratings) },
  config: z.strictObject(shares),
  use: { log: Log, rng: Rng },
  stream: 'split',
  run({ ratings }, config, { log, rng }) {
    checkShares(config);
    const rows = ratings.user.length;
    const order = rng.for('rows').permutation(rows);
    const test = rowsFor(config.test, rows);
    const validation = rowsFor(config.validation, rows);
    const assigned = new Uint8Array(rows);
    for (let at = 0; at < test; at++) assigned[order[at]!] = toTest;
    for (let at = test; at < test + validation; at++) assigned[order[at]!] = toValidation;
    const parts = cut(ratings, assigned, { validation: config.validation > 0 });
    reportCold(log, parts.train, parts.test);
    return parts;
  },
});
