/** Ids index memory: every table of pairs is held against the data set's shape before a kernel sees it. */
import { Problem } from '../../core/index.ts';

/**
 * @param port what a message calls the table
 * @throws Problem bad-data for an id outside the shape
 */
export function checkIds(
  { user, item }: { readonly user: Uint32Array; readonly item: Uint32Array },
  port: string,
  { users, items }: { readonly users: number; readonly items: number },
): void {
  for (let row = 0; row < user.length; row++) {
    if (user[row]! >= users) throw outside('user', user[row]!, users, port, row);
    if (item[row]! >= items) throw outside('item', item[row]!, items, port, row);
  }
}

/** The Problem of one id. */
export const outside = (what: string, id: number, count: number, port: string, row: number) =>
  new Problem('bad-data', `${what} ${id} is not below the ${count} ${what}s of the data set's shape`, {
    where: `${port}, row ${row}`,
    hint: 'ids must be dense; read the data through a datasets/ node, which maps them',
  });
