/** A design with its memory: where a score finds what it reads, and who counts rows before a step. */
import type { Kernels } from '../kernels/kernels.ts';
import type { Batch } from '../sampling/samplers.ts';
import type { AtomEdge } from './atoms.ts';
import type { Counted, Design } from './design.ts';
import type { Leaves } from './lower.ts';
import type { BoundTable } from './machine.ts';
import { placeOf } from './made-rows.ts';
import type { Memory } from './memory.ts';
import { type Place, type Surroundings, scoreRows } from './scores.ts';

/** Places that steps of any stream share, as long as the largest batch. */
export interface Shared {
  /** Ids that are all 0. */
  readonly zeros: number;
  /** 0, 1, 2, ... */
  readonly places: number;
  readonly turned: number;
}
export const noTables: ReadonlySet<string> = new Set();

export class Site {
  readonly design: Design;
  readonly batches: ReadonlyMap<string, Batch>;
  readonly memory: Memory;
  readonly kernels: Kernels;
  readonly shared: Shared;
  readonly leaves: Leaves;

  constructor(
    design: Design,
    batches: ReadonlyMap<string, Batch>,
    shared: Shared,
    { memory, kernels }: { readonly memory: Memory; readonly kernels: Kernels },
  ) {
    this.design = design;
    this.batches = batches;
    this.shared = shared;
    this.memory = memory;
    this.kernels = kernels;
    this.leaves = {
      memory,
      column: (stream, name) => this.batch(stream).columns[name] as number,
      parameter: (name) => memory.floats[this.table(name).values] as number,
      score: (stream, name, at, out) =>
        scoreRows(
          design.atoms.atom(name),
          this.surroundings(stream, noTables, at),
          out,
          design.scratch(stream, name, at),
        ),
    };
  }

  batch = (stream: string): Batch => this.batches.get(stream) as Batch;
  table = (name: string): BoundTable => this.design.tables.get(name) as BoundTable;

  /** @param moved tables whose gradients are wanted @param at which item of a row: 0 its own, from 1 on its negatives */
  surroundings(stream: string, moved: ReadonlySet<string>, at: number): Surroundings {
    const { kernels, memory, shared } = this;
    const { atoms, madeRows, cells, options } = this.design;
    const batch = this.batch(stream);
    const item = at === 0 ? batch.item : (batch.negatives?.[at - 1] as number);
    return {
      kernels,
      memory,
      place: (name: string): Place => {
        const moves = atoms.behind(name).some((table) => moved.has(table));
        const own = madeRows.cells(stream, at, name);
        if (own !== undefined) return placeOf(own, moves);
        const { values, gradient, stride, rows: count } = cells(name);
        return { values, gradient: moves ? gradient : -1, stride, width: atoms.widthOf(name), rows: count };
      },
      ids: (side: AtomEdge['rows']) =>
        side === 'user' ? batch.user : side === 'item' ? item : side === 'batch' ? shared.places : shared.zeros,
      state: (column: string): number => {
        const place = batch.states?.[column];
        if (place === undefined)
          throw new TypeError(
            `state column '${column}' is not declared, or stream '${stream}' does not draw observed rows`,
          );
        return place;
      },
      input: (port: string) => {
        const input = options.inputs?.[port];
        if (input?.scorer === undefined) throw new TypeError(`a score reads port '${port}', which was not given`);
        return input.scorer;
      },
    };
  }

  /** @returns what counts anew the rows that are counted before a step */
  counting(counted: ReadonlyMap<string, Counted>): () => void {
    const all = [...counted.values()].map(({ tally, streams, side }) => ({
      tally,
      batches: streams.flatMap((stream) => {
        const batch = this.batch(stream);
        const drawn = [batch[side], ...((side === 'item' && batch.negatives) || [])];
        return drawn.map((ids) => ({ ids, size: batch.size }));
      }),
    }));
    return () => {
      for (const { tally, batches } of all) tally.count(this.kernels, batches);
    };
  }
}
