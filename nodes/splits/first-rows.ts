import { z } from 'zod';
import { node, Problem } from '../../core/index.ts';
import { Ratings } from '../ports.ts';
import { cut, toTest, toTrain } from './parts.ts';

/**
 * Cuts a table in two without chance: the first `floor(share * rows)` rows in the table's own order, and the rest.
 * @throws Problem bad-data when a part has no row
 */
export const firstRows = node('splits/first-rows', {
  doc: 'The first rows of a table and the rest, in the order that they come in.',
  in: { ratings: Ratings },
  out: { first: Ratings, rest: Ratings },
  config: z.strictObject({
    share: z.number().gt(0).lt(1).default(0.5).describe('share of the rows in the first part, rounded down'),
  }),
  weight: 'light',
  run({ ratings }, { share }) {
    const rows = ratings.user.length;
    const first = Math.floor(share * rows);
    if (first === 0 || first === rows)
      throw new Problem('bad-data', `a share of ${share} of ${rows} rows leaves a part without rows`, {
        where: 'ratings',
        hint: 'choose another share, or bring more rows',
      });
    const assigned = Uint8Array.from({ length: rows }, (_, row) => (row < first ? toTrain : toTest));
    const { train, test } = cut(ratings, assigned, { validation: false });
    return { first: train, rest: test };
  },
});
