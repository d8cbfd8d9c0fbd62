/** Sums over the entries of sparse rows, and over dense rows beside them, on the kernels of the engine. */
import type { Kernels } from '../kernels/kernels.ts';
import type { NumericEngine } from '../kernels/numeric.ts';
import { Layout, type Memory, strideOf } from '../machine/memory.ts';
import type { MultiHot } from './multi-hot.ts';

/** Arguments and results are copied: they belong to a backend with a memory of its own, and are small beside the sums. */
export class SparseSums {
  readonly #numeric: NumericEngine;
  #room: { readonly bytes: number; readonly buffer: ArrayBuffer; readonly kernels: Kernels } | undefined;

  constructor(numeric: NumericEngine) {
    this.#numeric = numeric;
  }

  /** x w. @param w columns of x times `width`, row by row @throws Problem bad-config when there is no memory of that size */
  product(x: MultiHot, w: Float32Array, width: number): Float32Array {
    const { kernels, floats, place, table, out, stride } = this.#tables(x, width, x.columns, x.rows);
    write(floats, table, w, width, stride);
    kernels.sparse(place.starts, place.columns, place.values, table, -1, out, stride, 1, false, 0, x.rows);
    return read(floats, out, x.rows, width, stride);
  }

  /** x' d. @param d rows of x times `width` @throws Problem bad-config when there is no memory of that size */
  turnedProduct(x: MultiHot, d: Float32Array, width: number): Float32Array {
    const { kernels, floats, place, table, out, stride } = this.#tables(x, width, x.rows, x.columns);
    write(floats, table, d, width, stride);
    kernels.fill(out, x.columns * stride, 0);
    kernels.sparseBackRows(place.starts, place.columns, place.values, table, out, stride, 1, 0, x.rows);
    return read(floats, out, x.columns, width, stride);
  }

  /**
   * @param z logits, a row for each of x
   * @returns the mean over rows of the summed log(1 + e^z) - x z, and (sigmoid(z) - x) / rows
   * @throws Problem bad-config when there is no memory of that size
   */
  bernoulli(x: MultiHot, z: Float32Array): { readonly loss: number; readonly gradient: Float32Array } {
    const layout = new Layout();
    const [logits, work] = [layout.takeFloats(z.length), layout.takeFloats(z.length)];
    const { kernels, floats } = this.#open(layout);
    floats.set(z, logits);
    kernels.softplus(logits, work, z.length);
    let sum = kernels.sum(work, z.length);
    const share = 1 / x.rows;
    kernels.sigmoid(logits, work, z.length);
    kernels.affine(work, share, 0, work, z.length);
    for (let row = 0; row < x.rows; row++)
      for (let at = x.start[row] as number; at < (x.start[row + 1] as number); at++) {
        const entry = row * x.columns + (x.column[at] as number);
        const value = x.value[at] as number;
        sum -= value * (z[entry] as number);
        floats[work + entry] = (floats[work + entry] as number) - share * value;
      }
    return { loss: sum / x.rows, gradient: floats.slice(work, work + z.length) };
  }

  /** The entries of x, and room for a table of `above` rows that is read and one of `below` that is written. */
  #tables(x: MultiHot, width: number, above: number, below: number) {
    const layout = new Layout();
    const stride = strideOf(width);
    const entries = x.column.length;
    const place = {
      starts: layout.takeIds(x.rows + 1),
      columns: layout.takeIds(entries),
      values: layout.takeFloats(entries),
    };
    const [table, out] = [layout.takeFloats(above * stride), layout.takeFloats(below * stride)];
    const { kernels, floats, ids } = this.#open(layout);
    ids.set(x.start, place.starts);
    ids.set(x.column, place.columns);
    floats.set(x.value, place.values);
    return { kernels, floats, place, table, out, stride };
  }

  /** Memory of the last call where it is large enough, with whatever that has left in it. */
  #open(layout: Layout): { kernels: Kernels; floats: Float32Array; ids: Uint32Array } {
    if (this.#room === undefined || this.#room.bytes < layout.bytes) {
      this.#room = undefined; // the old memory may go before the new one comes
      const { bytes } = layout;
      const arena = this.#numeric.arena(bytes);
      this.#room = { bytes, buffer: arena.buffer, kernels: arena.kernels(layout.build(arena.buffer)) };
    }
    const { floats, ids }: Memory = layout.build(this.#room.buffer);
    return { kernels: this.#room.kernels, floats: floats as Float32Array, ids };
  }
}

function write(floats: Float32Array, at: number, rows: Float32Array, width: number, stride: number): void {
  if (width === stride) {
    floats.set(rows, at);
    return;
  }
  for (let from = 0, to = at; from < rows.length; from += width, to += stride) {
    floats.set(rows.subarray(from, from + width), to);
    floats.fill(0, to + width, to + stride);
  }
}
function read(floats: Float32Array, at: number, rows: number, width: number, stride: number): Float32Array {
  if (width === stride) return floats.slice(at, at + rows * width);
  const out = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++)
    out.set(floats.subarray(at + row * stride, at + row * stride + width), row * width);
  return out;
}
