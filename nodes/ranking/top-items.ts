import { z } from 'zod';
import { Cancel, Log, node, optional, Progress } from '../../core/index.ts';
import { outside } from '../learning/ids.ts';
import { Numeric } from '../learning/kernels/numeric.ts';
import { listsOfAll } from '../learning/ranking/all-ranked.ts';
import { explained } from '../learning/ranking/explained.ts';
import { knownRows } from '../learning/ranking/known-rows.ts';
import { Pairs, Params, Shape } from '../ports.ts';
import { TopItems, Users } from './ports.ts';

/**
 * The `top` items with the highest scores for every user that has train rows, or for the given `users`; equal scores go to
 * the lower item id. Users ascend, or come in the order in which they are given; a user with fewer items left gets fewer
 * rows. A given user without a train row is left out, and the log says how many there are: the model has learnt nothing of
 * them.
 *
 * `test`, `validation` and `uniform` hold ratings that were kept from training; a user knows those items, too, and those of
 * `known`.
 *
 * @throws Problem bad-config when reasons are asked of a score that no inner product orders
 * @throws Problem bad-data when an id lies outside the shape, the model knows fewer users or items than the shape, or a score
 * is NaN
 */
export const topItems = node('ranking/top-items', {
  doc: 'The best-scored items of each user, without those that the user has rated.',
  in: {
    model: Params,
    train: Pairs,
    shape: Shape,
    users: optional(Users),
    test: optional(Pairs),
    validation: optional(Pairs),
    uniform: optional(Pairs),
    known: optional(Pairs),
  },
  out: { top: TopItems },
  config: z.strictObject({
    top: z.number().int().positive().default(10).describe('items a user'),
    leaveOut: z
      .enum(['rated', 'train', 'nothing'])
      .default('rated')
      .describe('items that are no candidates: all that the user has rated, those of train, or none'),
    explain: z
      .boolean()
      .default(false)
      .describe('whether each row says what the item is charged: columns match, gate and penalty'),
  }),
  use: { log: Log, cancel: Cancel, progress: Progress, numeric: Numeric },
  async run(
    { model, train, shape, users, test, validation, uniform, known },
    { top, leaveOut, explain },
    { log, cancel, progress, numeric },
  ) {
    const learnt = knownRows({ train }, shape);
    for (const [row, u] of users?.user.entries() ?? [])
      if (u >= shape.users) throw outside('user', u, shape.users, 'users', row);
    const all = users ? users.user : Uint32Array.from({ length: shape.users }, (_, u) => u);
    const asked = all.filter((u) => learnt.start[u + 1]! > learnt.start[u]!);
    if (users && asked.length < all.length) {
      const without = all.length - asked.length;
      log.warn(
        `${without} of ${all.length} asked users have no train row and get no recommendations: the model knows nothing of them`,
        { users: without },
      );
    }
    const tables = Object.fromEntries(
      Object.entries({ train, test, validation, uniform, known }).flatMap(([name, pairs]) =>
        pairs ? [[name, pairs]] : [],
      ),
    );
    const left = leaveOut === 'rated' ? knownRows(tables, shape) : leaveOut === 'train' ? learnt : undefined;
    const request = { model, users: asked, shape, top, known: left };
    const best = await listsOfAll(request, { numeric, cancel, progress });
    return { top: { ...best, ...(explain && explained(best, model, numeric)) } };
  },
});
