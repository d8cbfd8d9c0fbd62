/** Sparse matrices in CSR form: row r has the entries starts[r] .. starts[r + 1] of `columns` and `values`, columns ascending. */
import { groupBy } from '../../../core/numeric/index.ts';

export interface SparseMatrix {
  readonly rows: number;
  readonly width: number;
  readonly starts: Uint32Array;
  readonly columns: Uint32Array;
  readonly values: Float32Array;
}
export interface Edges {
  readonly user: Uint32Array;
  readonly item: Uint32Array;
}

/**
 * The user-item matrix of a bipartite graph by two counting sorts, in O(edges + users + items): the order of the edges does
 * not matter, and an edge that occurs twice is there once. Entries are 1 / sqrt(degree of user * degree of item), the
 * off-diagonal block of D^-1/2 A D^-1/2; a row without edges is empty, so no degree of 0 is divided by.
 * @param edges ids below `users` and `items`
 */
export function bipartite({ user, item }: Edges, users: number, items: number): SparseMatrix {
  const byItem = groupBy(item, items).rows;
  const byUser = groupBy(
    byItem.map((e) => user[e]!),
    users,
  );
  const starts = new Uint32Array(users + 1);
  const columns = new Uint32Array(user.length);
  const degrees = new Uint32Array(items);
  let n = 0;
  for (let u = 0; u < users; u++) {
    starts[u] = n;
    for (let at = byUser.start[u]!; at < byUser.start[u + 1]!; at++) {
      const i = item[byItem[byUser.rows[at]!]!]!;
      if (n > starts[u]! && columns[n - 1] === i) continue;
      columns[n++] = i;
      degrees[i]!++;
    }
  }
  starts[users] = n;
  const values = new Float32Array(n);
  for (let u = 0; u < users; u++)
    for (let e = starts[u]!; e < starts[u + 1]!; e++)
      values[e] = 1 / Math.sqrt((starts[u + 1]! - starts[u]!) * degrees[columns[e]!]!);
  return { rows: users, width: items, starts, columns: columns.slice(0, n), values };
}

/** The transpose, by counting sort: its columns ascend too. */
export function transposed({ rows, width, starts, columns, values }: SparseMatrix): SparseMatrix {
  const { start, rows: order } = groupBy(columns, width);
  const rowOf = new Uint32Array(columns.length);
  for (let r = 0; r < rows; r++) rowOf.fill(r, starts[r], starts[r + 1]);
  return {
    rows: width,
    width: rows,
    starts: start,
    columns: order.map((e) => rowOf[e]!),
    values: Float32Array.from(order, (e) => values[e]!),
  };
}

/**
 * S = R'R, the items' matrix of two steps, if it has at most `most` entries; undefined otherwise. It is made row by row, so
 * that one which explodes is noticed before it is made. Sums in 64 bits, over users in ascending order.
 *
 * Counting alone takes as many additions as there are pairs of items of one user; where that is more than `work` (a few users
 * with very many items), the answer is undefined too, since making S would cost more than it saves.
 * @param back the transpose of R
 */
export function twoSteps(R: SparseMatrix, back: SparseMatrix, most: number, work = Infinity): SparseMatrix | undefined {
  let pairs = 0;
  for (let u = 0; u < R.rows; u++) pairs += (R.starts[u + 1]! - R.starts[u]!) ** 2;
  if (pairs > work) return undefined;
  const items = R.width;
  const starts = new Uint32Array(items + 1);
  const columns = new Uint32Array(Math.min(most, pairs));
  const values = new Float32Array(columns.length);
  const sums = new Float64Array(items);
  const seen = new Uint32Array(items); // the row that saw a column last, plus 1
  let n = 0;
  for (let i = 0; i < items; i++) {
    starts[i] = n;
    for (let e = back.starts[i]!; e < back.starts[i + 1]!; e++) {
      const u = back.columns[e]!;
      for (let f = R.starts[u]!; f < R.starts[u + 1]!; f++) {
        const j = R.columns[f]!;
        if (seen[j] !== i + 1) {
          if (n === most) return undefined;
          seen[j] = i + 1;
          sums[j] = 0;
          columns[n++] = j;
        }
        sums[j] = sums[j]! + back.values[e]! * R.values[f]!;
      }
    }
    columns.subarray(starts[i], n).sort();
    for (let e = starts[i]!; e < n; e++) values[e] = sums[columns[e]!]!;
  }
  starts[items] = n;
  return { rows: items, width: items, starts, columns: columns.slice(0, n), values: values.slice(0, n) };
}
