import { z } from 'zod';
import { node, Problem } from '../../core/index.ts';
import { take } from '../../core/numeric/index.ts';
import { Ratings, Shape } from '../ports.ts';

/**
 * Keeps the users with the lowest ids, those below `users`, and makes the shape that goes with them. Rows keep their order.
 * @throws Problem bad-data when the data set has fewer users, or a table no row of those that are kept
 */
export const firstUsers = node('splits/first-users', {
  doc: 'The users with the lowest ids, in both logs, and the shape that goes with them.',
  in: { log: Ratings, uniform: Ratings, shape: Shape },
  out: { log: Ratings, uniform: Ratings, shape: Shape },
  config: z.strictObject({ users: z.number().int().positive().describe('how many users are kept') }),
  weight: 'light',
  run({ log, uniform, shape }, { users }) {
    if (shape.users < users)
      throw new Problem('bad-data', `the data set has ${shape.users} users, and ${users} were to be kept`, {
        where: 'shape',
      });
    const kept = (ratings: typeof log, where: string) => {
      const rows = Uint32Array.from(ratings.user.keys()).filter((row) => (ratings.user[row] as number) < users);
      if (rows.length === 0) throw new Problem('bad-data', `no row is of the first ${users} users`, { where });
      return take(ratings, rows);
    };
    return { log: kept(log, 'log'), uniform: kept(uniform, 'uniform'), shape: { users, items: shape.items } };
  },
});
