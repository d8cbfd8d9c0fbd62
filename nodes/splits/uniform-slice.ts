import { z } from 'zod';
import { Log, node, Rng } from '../../core/index.ts';
import { take } from '../../core/numeric/index.ts';
import { Ratings } from '../ports.ts';
import { cut, toTest, toTrain, toValidation } from './parts.ts';
import { checkShares, rowsFor } from './shares.ts';

/**
 * Divides a uniform (randomised) log under a budget: a slice to learn from, a slice to stop and tune on, the rest as the
 * test. Results on the rest are not comparable with results on the whole uniform log: it has fewer candidates a user.
 */
export const uniformSlice = node('splits/uniform-slice', {
  doc: 'A random slice of the uniform log to learn from, one for validation, the rest is test.',
  source: 'the 5/5/90 practice of Chen et al. 2021 (AutoDebias)',
  in: { uniform: Ratings },
  out: { uniform: Ratings, validation: Ratings, test: Ratings },
  config: z.strictObject({
    train: z.number().gt(0).lt(1).default(0.05).describe('share of the uniform rows that may be learnt from'),
    validation: z.number().gt(0).lt(1).default(0.05).describe('share of the uniform rows for stopping and tuning'),
  }),
  use: { log: Log, rng: Rng },
  stream: 'split',
  run({ uniform }, config, { log, rng }) {
    checkShares({ test: config.train, validation: config.validation });
    const rows = uniform.user.length;
    const order = rng.for('rows').permutation(rows);
    const learn = rowsFor(config.train, rows);
    const validate = rowsFor(config.validation, rows);
    const assigned = new Uint8Array(rows).fill(toTest);
    for (let at = 0; at < learn; at++) assigned[order[at]!] = toTrain;
    for (let at = learn; at < learn + validate; at++) assigned[order[at]!] = toValidation;
    const { train, test, validation = take(uniform, []) } = cut(uniform, assigned, { validation: true });
    log.info(
      `${learn} uniform rows to learn from, ${validate} for validation, ${rows - learn - validate} for the test`,
    );
    return { uniform: train, validation, test };
  },
});
