import { z } from 'zod';
import { node, Problem } from '../../core/index.ts';
import { LegacyNumpy } from '../../core/numeric/index.ts';
import { Ratings } from '../ports.ts';
import { cut, idsBelow, toTest, toTrain } from './parts.ts';

/**
 * Divides users as code does that calls `numpy.random.RandomState(seed).permutation` on the users of a table: the first
 * `floor(share * users)` of the permutation are `first`, the others `rest`. The users are those that have a row, by ascending
 * id; rows keep their order. The same seed and another share give nested parts.
 *
 * @throws Problem bad-data when a part has no user
 */
export const legacyUsersSplit = node('splits/legacy-users', {
  doc: "Users divided by numpy's legacy generator under a fixed seed: the split that published code used, row for row.",
  source: 'Zhang et al. 2023 (iDCF, KDD), code: seed 1234, 70 % test and 30 % validation users of the randomised log',
  in: { ratings: Ratings },
  out: { first: Ratings, rest: Ratings },
  config: z.strictObject({
    share: z.number().gt(0).lt(1).default(0.7).describe('share of the users in the first part, rounded down'),
    seed: z.number().int().min(0).max(4294967295).default(1234).describe("seed of numpy's generator"),
  }),
  run({ ratings }, { share, seed }) {
    const there = usersOf(ratings.user);
    const first = Math.floor(share * there.length);
    if (first === 0 || first === there.length)
      throw new Problem('bad-data', `a share of ${share} of ${there.length} users leaves a part without users`, {
        where: 'ratings',
        hint: 'choose another share, or bring more users',
      });
    const order = new LegacyNumpy(seed).permutation(there.length);
    const partOfUser = new Uint8Array((there.at(-1) as number) + 1).fill(toTest);
    for (let at = 0; at < first; at++) partOfUser[there[order[at] as number] as number] = toTrain;
    const { train, test } = cut(
      ratings,
      Uint8Array.from(ratings.user, (user) => partOfUser[user] as number),
      { validation: false },
    );
    return { first: train, rest: test };
  },
});

/** Users that have a row, ascending. */
function usersOf(user: Uint32Array): Uint32Array {
  const rows = new Uint32Array(idsBelow(user));
  for (const id of user) rows[id]!++;
  return Uint32Array.from(rows.keys()).filter((id) => rows[id]! > 0);
}
