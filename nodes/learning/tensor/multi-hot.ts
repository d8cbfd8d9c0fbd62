/** Sparse rows, most of whose entries are 0. */

/** A sparse matrix by rows: entries of row r are `start[r]` to `start[r + 1]` of `column` and `value`. */
export interface MultiHot {
  readonly rows: number;
  readonly columns: number;
  /** `rows + 1` positions. */
  readonly start: Uint32Array;
  readonly column: Uint32Array;
  readonly value: Float32Array;
}

/** The rows at `at`, in that order. */
export function rowsAt(of: MultiHot, at: ArrayLike<number>): MultiHot {
  const start = new Uint32Array(at.length + 1);
  for (let row = 0; row < at.length; row++)
    start[row + 1] = start[row]! + of.start[(at[row] as number) + 1]! - of.start[at[row] as number]!;
  const entries = start[at.length] as number;
  const column = new Uint32Array(entries);
  const value = new Float32Array(entries);
  for (let row = 0; row < at.length; row++) {
    const [from, to] = [of.start[at[row] as number], of.start[(at[row] as number) + 1]];
    column.set(of.column.subarray(from, to), start[row]);
    value.set(of.value.subarray(from, to), start[row]);
  }
  return { rows: at.length, columns: of.columns, start, column, value };
}

/** Rows of `left` with those of `right` behind them. */
export function beside(left: MultiHot, right: MultiHot): MultiHot {
  const { rows } = left;
  if (right.rows !== rows) throw new RangeError(`${rows} and ${right.rows} rows do not stand side by side`);
  const entries = left.column.length + right.column.length;
  const start = new Uint32Array(rows + 1);
  const column = new Uint32Array(entries);
  const value = new Float32Array(entries);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (const [of, shift] of [[left, 0] as const, [right, left.columns] as const])
      for (let from = of.start[row] as number; from < (of.start[row + 1] as number); from++, at++) {
        column[at] = (of.column[from] as number) + shift;
        value[at] = of.value[from] as number;
      }
    start[row + 1] = at;
  }
  return { rows, columns: left.columns + right.columns, start, column, value };
}
