import { z } from 'zod';
import { Cancel, Log, node, optional, Problem, Progress } from '../../core/index.ts';
import { groupBy } from '../../core/numeric/index.ts';
import { topRanks } from '../evaluation/top-ranks.ts';
import { Numeric } from '../learning/kernels/numeric.ts';
import { type Scorer, scorer } from '../learning/serve.ts';
import { Pairs, Params, Shape } from '../ports.ts';
import { TopItems, Users } from './ports.ts';

/** Pairs that are scored at once; what is held beside the result stays below this, or below one row of items. */
const atOnce = 1 << 18;

/**
 * The `top` items with the highest scores for every user that has train rows, or for the given `users`; equal scores go to
 * the lower item id. Users ascend, or come in the order in which they are given; a user with fewer items left gets fewer
 * rows. A given user without a train row is left out, and the log says how many there are: the model has learnt nothing of
 * them.
 *
 * `test`, `validation` and `uniform` hold ratings that were kept from training; a user knows those items, too.
 *
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
  },
  out: { top: TopItems },
  config: z.strictObject({
    top: z.number().int().positive().default(10).describe('items a user'),
    leaveOut: z
      .enum(['rated', 'train', 'nothing'])
      .default('rated')
      .describe('items that are no candidates: all that the user has rated, those of train, or none'),
  }),
  use: { log: Log, cancel: Cancel, progress: Progress, numeric: Numeric },
  run(
    { model, train, shape, users, test, validation, uniform },
    { top, leaveOut },
    { log, cancel, progress, numeric },
  ) {
    const served = scorer(model, numeric);
    checkFits(served, shape);
    const tables = { train, ...(leaveOut === 'rated' && { test, validation, uniform }) };
    const known = Object.entries(tables).flatMap(([name, pairs]) => (pairs ? [grouped(name, pairs, shape)] : []));
    const learnt = known[0] as Known;
    const isLearnt = (u: number) => learnt.start[u + 1]! > learnt.start[u]!;
    const all = users ? users.user : Uint32Array.from({ length: shape.users }, (_, u) => u);
    for (const u of all) if (u >= shape.users) throw outside('users', 'user', u, shape.users);
    const asked = all.filter(isLearnt);
    if (users && asked.length < all.length) {
      const without = all.length - asked.length;
      log.warn(
        `${without} of ${all.length} asked users have no train row and get no recommendations: the model knows nothing of them`,
        { users: without },
      );
    }
    const kept = leaveOut === 'nothing' ? [] : known;
    const most = Math.min(top, shape.items);
    const result = {
      user: new Uint32Array(asked.length * most),
      item: new Uint32Array(asked.length * most),
      rank: new Uint32Array(asked.length * most),
      score: new Float32Array(asked.length * most),
    };
    const room = Math.max(atOnce, shape.items);
    const user = new Uint32Array(room);
    const item = new Uint32Array(room);
    const score = new Float32Array(room);
    const best = new Uint32Array(most);
    const knows = new Int32Array(shape.items).fill(-1);
    let rows = 0;
    for (let first = 0; first < asked.length; ) {
      cancel.check();
      const ends: number[] = [];
      let filled = 0;
      let next = first;
      while (next < asked.length && filled + shape.items <= room) {
        const u = asked[next]!;
        for (const { start, rows: at, item: items } of kept)
          for (let k = start[u]!; k < start[u + 1]!; k++) knows[items[at[k]!]!] = next;
        for (let i = 0; i < shape.items; i++) {
          if (knows[i] === next) continue;
          user[filled] = u;
          item[filled++] = i;
        }
        ends.push(filled);
        next++;
      }
      served.score(user.subarray(0, filled), item.subarray(0, filled), score.subarray(0, filled));
      checkNumbers(score, filled, user, item);
      let begin = 0;
      for (const [n, end] of ends.entries()) {
        const count = topRanks(score, begin, end, most, best);
        for (let r = 0; r < count; r++, rows++) {
          const place = best[r]!;
          result.user[rows] = asked[first + n]!;
          result.item[rows] = item[place]!;
          result.rank[rows] = r + 1;
          result.score[rows] = score[place]!;
        }
        begin = end;
      }
      first = next;
      progress.report(first, asked.length, 'users');
    }
    return {
      top: {
        user: result.user.subarray(0, rows),
        item: result.item.subarray(0, rows),
        rank: result.rank.subarray(0, rows),
        score: result.score.subarray(0, rows),
      },
    };
  },
});

interface Rated {
  readonly user: Uint32Array;
  readonly item: Uint32Array;
}
type Known = ReturnType<typeof grouped>;

function grouped(name: string, { user, item }: Rated, shape: Shape) {
  for (let r = 0; r < user.length; r++) {
    if (user[r]! >= shape.users) throw outside(`${name}, row ${r}`, 'user', user[r]!, shape.users);
    if (item[r]! >= shape.items) throw outside(`${name}, row ${r}`, 'item', item[r]!, shape.items);
  }
  return { ...groupBy(user, shape.users), item };
}

const outside = (where: string, what: string, id: number, count: number) =>
  new Problem('bad-data', `${what} ${id} is not below the ${count} ${what}s of the data set's shape`, { where });

function checkFits({ users, items }: Scorer, shape: Shape) {
  if (users >= shape.users && items >= shape.items) return;
  throw new Problem(
    'bad-data',
    `the model knows ${users} users and ${items} items, and the data set has ${shape.users} and ${shape.items}`,
    { where: 'model', hint: 'model and shape must come from one protocol' },
  );
}

function checkNumbers(score: Float32Array, length: number, user: Uint32Array, item: Uint32Array) {
  for (let r = 0; r < length; r++)
    if (Number.isNaN(score[r]))
      throw new Problem('bad-data', `the model's score of user ${user[r]} and item ${item[r]} is not a number`, {
        where: 'model',
        hint: 'its training diverged: try a lower `rate` or a higher `l2`',
      });
}
