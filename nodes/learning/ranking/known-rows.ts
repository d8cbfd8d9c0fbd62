/** Pairs as sorted rows: which items a user has. */
import { groupBy } from '../../../core/numeric/index.ts';
import { checkIds } from '../ids.ts';

export interface KnownRows {
  /** Items of user u: places `start[u] .. start[u + 1]` of `item`, each once; ascending unless `distinctRows` made them. */
  readonly start: Uint32Array;
  readonly item: Uint32Array;
}
export interface PairColumns {
  readonly user: Uint32Array;
  readonly item: Uint32Array;
}

/**
 * The pairs of all tables together. Takes room for the pairs and little beside them.
 * @param tables by the name that a message gives them
 * @throws Problem bad-data for an id outside the shape
 */
export function knownRows(
  tables: Readonly<Record<string, PairColumns>>,
  shape: { readonly users: number; readonly items: number },
): KnownRows {
  const rows = distinctRows(tables, shape);
  for (let u = 0; u < shape.users; u++) rows.item.subarray(rows.start[u]!, rows.start[u + 1]!).sort();
  return rows;
}

/**
 * The same where it does not matter in which order a user's items come: as they first occur.
 * @throws Problem bad-data for an id outside the shape
 */
export function distinctRows(
  tables: Readonly<Record<string, PairColumns>>,
  shape: { readonly users: number; readonly items: number },
): KnownRows {
  const given = Object.entries(tables);
  for (const [name, pairs] of given) checkIds(pairs, name, shape);
  const { user, item } = given.length === 1 ? given[0]![1] : joined(given.map(([, pairs]) => pairs));
  const { start, rows } = groupBy(user, shape.users);
  const seen = new Int32Array(shape.items).fill(-1);
  let kept = 0;
  for (let u = 0, at = 0; u < shape.users; u++) {
    const end = start[u + 1]!;
    start[u] = kept;
    for (; at < end; at++) {
      const i = item[rows[at]!]!;
      if (seen[i] === u) continue;
      seen[i] = u;
      rows[kept++] = i;
    }
  }
  start[shape.users] = kept;
  return { start, item: rows.subarray(0, kept) };
}

function joined(tables: readonly PairColumns[]): PairColumns {
  const rows = tables.reduce((sum, { user }) => sum + user.length, 0);
  const all = { user: new Uint32Array(rows), item: new Uint32Array(rows) };
  let at = 0;
  for (const { user, item } of tables) {
    all.user.set(user, at);
    all.item.set(item, at);
    at += user.length;
  }
  return all;
}
