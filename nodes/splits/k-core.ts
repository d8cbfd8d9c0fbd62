import { z } from 'zod';
import { Log, node, optional, Problem } from '../../core/index.ts';
import { filter } from '../../core/numeric/index.ts';
import { Ids, Ratings, Shape } from '../ports.ts';
import { count, idsBelow, type RatingsView } from './parts.ts';

/**
 * What is left when users with few items and items with few users are dropped, again and again until all have enough. First,
 * where `threshold` is given, only ratings of at least it stay; and of several rows of one pair the latest, the last in the
 * table where times are equal or absent. Those who are left get new dense ids in the order in which they appear; `userIds` and
 * `itemIds` lead back to the ids of the data. Rows keep their order.
 *
 * @throws Problem bad-data when nothing is left
 */
export const kCore = node('splits/k-core', {
  doc: 'Drops users and items with few partners until there are none.',
  source: 'code of Wei et al. 2021 (KDD): five and five, ratings of 4 and more of MovieLens',
  in: { ratings: Ratings, userIds: optional(Ids), itemIds: optional(Ids) },
  out: { ratings: Ratings, shape: Shape, userIds: Ids, itemIds: Ids },
  config: z.strictObject({
    users: z.number().int().positive().default(5).describe('fewest different items of a user'),
    items: z.number().int().positive().default(5).describe('fewest different users of an item'),
    threshold: z.number().optional().describe('smallest rating that stays; all stay without'),
    duplicates: z.enum(['latest', 'keep']).default('latest').describe('rows of a pair that stay'),
  }),
  use: { log: Log },
  run({ ratings, userIds, itemIds }, config, { log }) {
    const rated = config.threshold === undefined ? ratings : above(ratings, config.threshold);
    const single = config.duplicates === 'latest' ? latestOfPairs(rated) : rated;
    let kept = single;
    for (let before = -1; kept.user.length !== before; ) {
      before = kept.user.length;
      kept = withEnough(kept, 'user', 'item', config.users);
      kept = withEnough(kept, 'item', 'user', config.items);
    }
    if (kept.user.length === 0)
      throw new Problem(
        'bad-data',
        `of ${count(ratings.user.length, 'row')} none is left: no user has ${config.users} items with ${config.items} users each`,
        {
          where: 'ratings',
          hint: 'ask for fewer `users` and `items`, or a lower `threshold`',
        },
      );
    const [user, item] = [inOrder(kept.user), inOrder(kept.item)];
    log.info(
      `${kept.user.length} of ${count(ratings.user.length, 'row')} are left, of ${count(user.first.length, 'user')} and ${count(item.first.length, 'item')}`,
    );
    return {
      ratings: { ...kept, user: user.dense, item: item.dense },
      shape: { users: user.first.length, items: item.first.length },
      userIds: { id: user.first.map((id) => userIds?.id[id] ?? String(id)) },
      itemIds: { id: item.first.map((id) => itemIds?.id[id] ?? String(id)) },
    };
  },
});

const above = (ratings: RatingsView, threshold: number): RatingsView =>
  filter(ratings, (row) => ratings.rating[row]! >= threshold);

function latestOfPairs(ratings: RatingsView): RatingsView {
  const { user, item, time } = ratings;
  const width = idsBelow(item);
  const latest = new Map<number, number>();
  for (let row = 0; row < user.length; row++) {
    const pair = user[row]! * width + item[row]!;
    const held = latest.get(pair);
    if (held === undefined || time === undefined || time[row]! >= time[held]!) latest.set(pair, row);
  }
  return filter(ratings, (row) => latest.get(user[row]! * width + item[row]!) === row);
}

/** Rows of those with at least `least` different partners. */
function withEnough(ratings: RatingsView, of: 'user' | 'item', partner: 'user' | 'item', least: number): RatingsView {
  const [ids, others] = [ratings[of], ratings[partner]];
  const width = idsBelow(others);
  const partners = new Uint32Array(idsBelow(ids));
  const seen = new Set<number>();
  for (let row = 0; row < ids.length; row++) {
    const pair = ids[row]! * width + others[row]!;
    if (seen.has(pair)) continue;
    seen.add(pair);
    partners[ids[row]!]!++;
  }
  return filter(ratings, (row) => partners[ids[row]!]! >= least);
}

/** New ids by first appearance; `first[n]` is the old id of the new id n. */
function inOrder(ids: Uint32Array): { readonly dense: Uint32Array; readonly first: readonly number[] } {
  const made = new Map<number, number>();
  const dense = Uint32Array.from(ids, (id) => {
    const known = made.get(id);
    if (known !== undefined) return known;
    made.set(id, made.size);
    return made.size - 1;
  });
  return { dense, first: [...made.keys()] };
}
