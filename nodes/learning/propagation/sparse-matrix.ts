/** Sparse matrices in CSR form: row r has the entries starts[r] .. starts[r + 1] of `columns` and `values`, columns ascending. */
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
  const byItem = countingSort(item, items);
  const order = countingSort(user, users, byItem.order);
  const starts = new Uint32Array(users + 1);
  const columns = new Uint32Array(user.length);
  const degrees = new Uint32Array(items);
  let n = 0;
  for (let u = 0; u < users; u++) {
    starts[u] = n;
    for (let at = order.starts[u]!; at < order.starts[u + 1]!; at++) {
      const i = item[order.order[at]!]!;
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

/** Positions of the keys sorted by key; equal keys keep the order `before`, which is that of the positions unless given. */
function countingSort(keys: Uint32Array, range: number, before?: Uint32Array) {
  const starts = new Uint32Array(range + 1);
  for (let e = 0; e < keys.length; e++) starts[keys[e]! + 1]!++;
  for (let k = 0; k < range; k++) starts[k + 1]! += starts[k]!;
  const next = starts.slice(0, range);
  const order = new Uint32Array(keys.length);
  for (let at = 0; at < keys.length; at++) {
    const e = before === undefined ? at : before[at]!;
    order[next[keys[e]!]!++] = e;
  }
  return { starts, order };
}

/** The transpose, by counting sort: its columns ascend too. */
export function transposed({ rows, width, starts, columns, values }: SparseMatrix): SparseMatrix {
  const sizes = new Uint32Array(width + 1);
  for (let e = 0; e < columns.length; e++) sizes[columns[e]! + 1]!++;
  for (let c = 0; c < width; c++) sizes[c + 1]! += sizes[c]!;
  const next = sizes.slice(0, width);
  const turned = { columns: new Uint32Array(columns.length), values: new Float32Array(columns.length) };
  for (let r = 0; r < rows; r++)
    for (let e = starts[r]!; e < starts[r + 1]!; e++) {
      const to = next[columns[e]!]!++;
      turned.columns[to] = r;
      turned.values[to] = values[e]!;
    }
  return { rows: width, width: rows, starts: sizes, ...turned };
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
