import { z } from 'zod';
import { Log, node, Problem, Rng } from '../../core/index.ts';
import { Ratings } from '../ports.ts';
import { cut, reportCold, toTest } from './parts.ts';

/**
 * One fold of a k-fold division of the rows. The folds of one seed are disjoint, together complete, and differ in size by at
 * most one row; a study runs over `fold`.
 */
export const kFoldSplit = node('splits/k-fold', {
  doc: 'Fold number `fold` of `folds` is test, the others are train.',
  in: { ratings: Ratings },
  out: { train: Ratings, test: Ratings },
  config: z.strictObject({
    folds: z.number().int().min(2).default(5).describe('number of folds'),
    fold: z.number().int().min(0).default(0).describe('the fold that is test, counted from 0'),
  }),
  use: { log: Log, rng: Rng },
  stream: 'split',
  run({ ratings }, { folds, fold }, { log, rng }) {
    if (fold >= folds)
      throw new Problem('bad-config', `there is no fold ${fold} of ${folds}`, {
        hint: `folds count from 0 to ${folds - 1}`,
      });
    const rows = ratings.user.length;
    const order = rng.for('rows').permutation(rows);
    const assigned = new Uint8Array(rows);
    for (let at = fold; at < rows; at += folds) assigned[order[at]!] = toTest;
    const parts = cut(ratings, assigned, { validation: false });
    reportCold(log, parts.train, parts.test);
    return parts;
  },
});
