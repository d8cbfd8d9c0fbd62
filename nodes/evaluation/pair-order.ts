/** Tables of (user, item) pairs in canonical order: by user, then by item, with duplicates refused. Linear time. */
import { Problem } from '../../core/index.ts';
import { groupBy } from '../../core/numeric/index.ts';
import type { Shape } from '../ports.ts';

interface PairColumns {
  readonly user: Uint32Array;
  readonly item: Uint32Array;
}
export interface OrderedPairs extends PairColumns {
  /** Rows of user u are `start[u] .. start[u + 1]`. */
  readonly start: Uint32Array;
  /** The row of the table that stands at each place. */
  readonly row: Uint32Array;
}

function checkIds(ids: Uint32Array, limit: number, what: string, where: string) {
  for (let row = 0; row < ids.length; row++)
    if ((ids[row] as number) >= limit)
      throw new Problem('bad-data', `${what} ${ids[row]} in row ${row} is outside the data set's ${limit} ${what}s`, {
        where,
        hint: 'wire this table and the shape from the same data set',
      });
}

/**
 * Sorts pairs by user and item (two counting sorts).
 * @param where names the table in messages
 * @throws Problem `bad-data` for ids outside the shape and for a pair that occurs twice
 */
export function orderPairs({ user, item }: PairColumns, shape: Shape, where: string): OrderedPairs {
  checkIds(user, shape.users, 'user', where);
  checkIds(item, shape.items, 'item', where);
  const byItem = groupBy(item, shape.items).rows;
  const users = new Uint32Array(user.length);
  for (let at = 0; at < users.length; at++) users[at] = user[byItem[at]!]!;
  const { start, rows } = groupBy(users, shape.users);
  const items = new Uint32Array(item.length);
  for (let at = 0; at < rows.length; at++) {
    rows[at] = byItem[rows[at]!]!;
    users[at] = user[rows[at]!]!;
    items[at] = item[rows[at]!]!;
  }
  const ordered = { user: users, item: items, start, row: rows };
  refuseDuplicates(ordered, where);
  return ordered;
}

function refuseDuplicates({ user, item, row }: OrderedPairs, where: string) {
  const examples: string[] = [];
  let twice = 0;
  for (let at = 1; at < user.length; at++)
    if (user[at] === user[at - 1] && item[at] === item[at - 1]) {
      twice++;
      if (examples.length < 3)
        examples.push(`(user ${user[at]}, item ${item[at]}) in rows ${row[at - 1]} and ${row[at]}`);
    }
  if (twice === 0) return;
  const more = twice > examples.length ? `, and ${twice - examples.length} more` : '';
  throw new Problem('bad-data', `a pair occurs twice: ${examples.join('; ')}${more}`, {
    where,
    hint: 'a pair has one score and one label; remove the duplicates in the data step',
  });
}

/** For each place of `left`, the place of the same pair in `right`, or -1 (a merge of the two orders). */
export function matchPairs(left: OrderedPairs, right: OrderedPairs): Int32Array {
  const match = new Int32Array(left.user.length).fill(-1);
  let at = 0;
  for (let i = 0; i < match.length; i++) {
    const user = left.user[i] as number;
    const item = left.item[i] as number;
    while (
      at < right.user.length &&
      ((right.user[at] as number) < user || (right.user[at] === user && (right.item[at] as number) < item))
    )
      at++;
    if (right.user[at] === user && right.item[at] === item) match[i] = at;
  }
  return match;
}
