/** Penalties on the rows that a batch touches, with multiplicity: a user drawn twice counts twice. */
import type { PenaltyDeclaration, TableDeclaration } from '../declaration.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Batch } from '../sampling/samplers.ts';
import { type Layout, strideOf } from './memory.ts';
import type { Cells } from './optimiser.ts';

export interface Penalty {
  /** Adds the gradient and returns the penalty's value, weight included. */
  add(kernels: Kernels, batch: Batch): number;
}

/** @param moves whether a table takes a gradient in this step */
export function penalty(
  declared: PenaltyDeclaration,
  tables: Readonly<Record<string, TableDeclaration>>,
  cells: ReadonlyMap<string, Cells>,
  moves: (table: string) => boolean,
  layout: Layout,
): Penalty {
  const at = (name: string) => {
    const table = tables[name];
    if (table === undefined || table.rows === 'one')
      throw new TypeError(`a penalty cannot be on '${name}', which has no rows by user or item`);
    const { values, gradient } = cells.get(name) as Cells;
    return {
      side: table.rows,
      width: table.width,
      stride: strideOf(table.width),
      values,
      gradient: moves(name) ? gradient : -1,
    };
  };
  if ('meanSquare' in declared) {
    const parts = declared.meanSquare.map(at);
    const width = parts.reduce((total, part) => total + part.width, 0);
    return {
      add(kernels, batch) {
        let squares = 0;
        const share = declared.weight / (width * batch.size);
        for (const { side, stride, values, gradient } of parts) {
          squares += kernels.sumSquaresAt(values, stride, batch[side], batch.size);
          if (gradient >= 0) kernels.scatterSquares(values, gradient, stride, batch[side], 2 * share, batch.size);
        }
        return share * squares;
      },
    };
  }
  const [a, b] = [at(declared.crossGram[0]), at(declared.crossGram[1])];
  if (a.side !== b.side) throw new TypeError('a cross-Gram penalty is on two tables of one side');
  const c = layout.takeFloats(a.width * b.stride);
  return {
    add(kernels, batch) {
      const ids = batch[a.side];
      kernels.crossGram(a.values, a.width, a.stride, b.values, b.stride, ids, c, batch.size);
      const share = declared.weight / (a.width * b.width);
      kernels.scatterCrossGram(
        a.values,
        a.gradient,
        a.width,
        a.stride,
        b.values,
        b.gradient,
        b.stride,
        ids,
        c,
        2 * share,
        batch.size,
      );
      return share * kernels.sumSquares(c, a.width * b.stride);
    },
  };
}
