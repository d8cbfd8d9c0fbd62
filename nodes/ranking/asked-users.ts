import { z } from 'zod';
import { node, optional, Problem } from '../../core/index.ts';
import { Ids, Shape } from '../ports.ts';
import { Users } from './ports.ts';

/** So many unknown ids are named in a message. */
const named = 10;

/**
 * Dense ids of users that are named by their external ids; by their dense ids where the data set has no external ones.
 * The order is that of `ids`; a repeated id counts once.
 *
 * @throws Problem unknown-name with the ids that the data set does not have
 */
export const askedUsers = node('ranking/asked-users', {
  doc: 'Users by their external ids.',
  in: { userIds: optional(Ids), shape: Shape },
  out: { users: Users },
  config: z.strictObject({ ids: z.array(z.string()).min(1).describe('ids of users as the data have them') }),
  weight: 'light',
  run({ userIds, shape }, { ids }) {
    const dense = new Map(userIds?.id.map((id, n) => [id, n] as const));
    const placeOf = (id: string) =>
      userIds ? dense.get(id) : /^\d+$/.test(id) && Number(id) < shape.users ? Number(id) : undefined;
    const unique = [...new Set(ids)];
    const unknown = unique.filter((id) => placeOf(id) === undefined);
    if (unknown.length > 0)
      throw new Problem(
        'unknown-name',
        `the data set has no user ${unknown
          .slice(0, named)
          .map((id) => `'${id}'`)
          .join(', ')}${unknown.length > named ? ` and ${unknown.length - named} more` : ''}`,
        {
          where: `${unknown.length} of ${unique.length} asked users`,
          hint: userIds
            ? `its ${shape.users} users have ids such as ${userIds.id
                .slice(0, 3)
                .map((id) => `'${id}'`)
                .join(', ')}`
            : `it has no external ids: users are 0 to ${shape.users - 1}`,
        },
      );
    return { users: { user: Uint32Array.from(new Set(unique.map((id) => placeOf(id) as number))) } };
  },
});
