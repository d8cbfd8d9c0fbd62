/** A sparse matrix in the machine's memory, and its products with tables in calls of well under a millisecond. */
import type { Kernels } from '../kernels/kernels.ts';
import type { SparseMatrix } from '../propagation/sparse-matrix.ts';
import type { Layout, Memory } from './memory.ts';
import type { RowList } from './tally.ts';

/** Multiplications a call: V8 keeps a kernel that runs for long in slow baseline code. */
const workOfCall = 2 ** 20;

export class Sparse {
  readonly #from: SparseMatrix;
  readonly #starts: number;
  readonly #columns: number;
  readonly #values: number;
  /** Rows at which calls begin, by the stride of the table. */
  readonly #calls = new Map<number, readonly number[]>();

  constructor(from: SparseMatrix, layout: Layout) {
    this.#from = from;
    this.#starts = layout.takeIds(from.rows + 1);
    this.#columns = layout.takeIds(from.columns.length);
    this.#values = layout.takeFloats(from.columns.length);
  }

  /** Once the memory is there. */
  write({ ids, floats }: Memory): void {
    ids.set(this.#from.starts, this.#starts);
    ids.set(this.#from.columns, this.#columns);
    floats.set(this.#from.values, this.#values);
  }

  /** out = scale (base + A x), or `adds` that to out. */
  times(k: Kernels, x: number, base: number, out: number, stride: number, scale: number, adds: boolean): void {
    const begins = this.#begins(stride);
    for (let c = 0; c + 1 < begins.length; c++) {
      const from = begins[c] as number;
      const n = (begins[c + 1] as number) - from;
      k.sparse(this.#starts, this.#columns, this.#values, x, base, out, stride, scale, adds, from, n);
    }
  }
  /** The same on the listed rows alone. */
  timesAt(k: Kernels, x: number, base: number, out: number, stride: number, scale: number, { list, n }: RowList): void {
    const most = this.#rowsOfCall(stride);
    for (let r = 0; r < n; r += most)
      k.sparseAt(
        this.#starts,
        this.#columns,
        this.#values,
        x,
        base,
        out,
        stride,
        scale,
        list + r,
        Math.min(most, n - r),
      );
  }
  /**
   * out = base + A'x, made from the rows of A: the sums of `times` on the transpose in their order, so to the same bits. It is
   * faster where out stays in the nearest caches and x does not.
   */
  turned(k: Kernels, x: number, base: number, out: number, stride: number): void {
    k.copy(base, out, this.#from.width * stride);
    const begins = this.#begins(stride);
    for (let c = 0; c + 1 < begins.length; c++) {
      const from = begins[c] as number;
      const n = (begins[c + 1] as number) - from;
      k.sparseBackRows(this.#starts, this.#columns, this.#values, x, out, stride, 1, from, n);
    }
  }
  /** out += scale A'x, where x is 0 outside of the listed rows. */
  back(k: Kernels, x: number, out: number, stride: number, scale: number, { list, n }: RowList): void {
    const most = this.#rowsOfCall(stride);
    for (let r = 0; r < n; r += most)
      k.sparseBack(this.#starts, this.#columns, this.#values, x, out, stride, scale, list + r, Math.min(most, n - r));
  }

  #rowsOfCall(stride: number): number {
    const { rows, columns } = this.#from;
    return Math.max(1, Math.floor((workOfCall * rows) / (stride * (columns.length + rows))));
  }
  #begins(stride: number): readonly number[] {
    const known = this.#calls.get(stride);
    if (known !== undefined) return known;
    const { starts, rows } = this.#from;
    const begins = [0];
    let work = 0;
    for (let r = 0; r < rows; r++) {
      work += (starts[r + 1]! - starts[r]! + 1) * stride;
      if (work >= workOfCall || r === rows - 1) {
        begins.push(r + 1);
        work = 0;
      }
    }
    this.#calls.set(stride, begins);
    return begins;
  }
}
