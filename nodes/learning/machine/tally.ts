/** The rows of one side that a step's batches read, each once, with how often it occurs. */
import type { Kernels } from '../kernels/kernels.ts';
import type { Layout } from './memory.ts';

/** A list of distinct rows in memory. */
export interface RowList {
  /** Positions of the rows' ids, and of how often each counts. */
  readonly list: number;
  readonly counts: number;
  readonly n: number;
}
export class Tally implements RowList {
  readonly list: number;
  readonly counts: number;
  readonly #slots: number;
  n = 0;

  /** @param rows of the side @param most ids that the batches hold together */
  constructor(rows: number, most: number, layout: Layout) {
    const size = Math.min(rows, most);
    this.list = layout.takeIds(size);
    this.counts = layout.takeFloats(size);
    this.#slots = layout.takeIds(rows);
  }

  /** Reads the batches anew. */
  count(kernels: Kernels, batches: readonly { readonly ids: number; readonly size: number }[]): void {
    let n = 0;
    for (let b = 0; b < batches.length; b++) {
      const { ids, size } = batches[b]!;
      n = kernels.tally(ids, size, this.#slots, this.list, this.counts, n);
    }
    kernels.untally(this.#slots, this.list, n);
    this.n = n;
  }
}
