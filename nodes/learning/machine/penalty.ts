/** Penalties on the rows that a batch touches, with multiplicity (a user drawn twice counts twice), or on whole tables. */
import type { PenaltyDeclaration, TableDeclaration } from '../declaration.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Batch } from '../sampling/samplers.ts';
import { type Layout, type Memory, strideOf } from './memory.ts';
import type { Cells } from './optimiser.ts';

export interface Penalty {
  /** Adds the gradient and returns the penalty's value, weight included. `batch` is not read on whole tables. */
  add(kernels: Kernels, batch: Batch | undefined, memory: Memory): number;
}
interface Side {
  readonly side: 'user' | 'item';
  readonly width: number;
  readonly stride: number;
  readonly values: number;
  readonly gradient: number;
  readonly rows: number;
}

/** @param moves whether a table takes a gradient in this step */
export function penalty(
  declared: PenaltyDeclaration,
  tables: Readonly<Record<string, TableDeclaration>>,
  cells: ReadonlyMap<string, Cells & { readonly rows: number }>,
  moves: (table: string) => boolean,
  layout: Layout,
): Penalty {
  const at = (name: string): Side => {
    const table = tables[name];
    if (table === undefined || (table.rows !== 'user' && table.rows !== 'item'))
      throw new TypeError(`a penalty cannot be on '${name}', which has no rows by user or item`);
    const { values, gradient, rows } = cells.get(name) as Cells & { rows: number };
    return {
      side: table.rows,
      width: table.width,
      stride: strideOf(table.width),
      values,
      gradient: moves(name) ? gradient : -1,
      rows,
    };
  };
  const rowsOf = rowPicker(declared.on, layout);
  if ('meanSquare' in declared) {
    const parts = declared.meanSquare.map(at).map((part) => ({ ...part, ids: rowsOf(part) }));
    const width = parts.reduce((total, part) => total + part.width, 0);
    return {
      add(kernels, batch, memory) {
        let value = 0;
        for (const { stride, values, gradient, ids } of parts) {
          const { position, n } = ids(batch, memory);
          const share = declared.weight / (width * n);
          value += share * kernels.sumSquaresAt(values, stride, position, n);
          if (gradient >= 0) kernels.scatterSquares(values, gradient, stride, position, 2 * share, n);
        }
        return value;
      },
    };
  }
  if ('allPairs' in declared) {
    if (declared.on !== 'table') throw new TypeError("a penalty over all pairs is on 'table'");
    return allPairs(declared.weight, at(declared.allPairs[0]), at(declared.allPairs[1]), rowsOf, layout);
  }
  const [a, b] = [at(declared.crossGram[0]), at(declared.crossGram[1])];
  if (a.side !== b.side) throw new TypeError('a cross-Gram penalty is on two tables of one side');
  const c = layout.takeFloats(a.width * b.stride);
  const ids = rowsOf(a);
  const share = declared.weight / (declared.reduce === 'sum' ? 1 : a.width * b.width);
  return {
    add(kernels, batch, memory) {
      const { position, n } = ids(batch, memory);
      kernels.crossGram(a.values, a.width, a.stride, b.values, b.stride, position, c, n);
      kernels.scatterCrossGram(
        a.values,
        a.gradient,
        a.width,
        a.stride,
        b.values,
        b.gradient,
        b.stride,
        position,
        c,
        2 * share,
        n,
      );
      return share * kernels.sumSquares(c, a.width * b.stride);
    },
  };
}

type Rows = (batch: Batch | undefined, memory: Memory) => { readonly position: number; readonly n: number };

/** Which rows a penalty sees: those of the batch, or all of the table once. */
function rowPicker(on: string, layout: Layout): (side: Side) => Rows {
  if (on !== 'table')
    return ({ side }) =>
      (batch) => ({ position: (batch as Batch)[side], n: (batch as Batch).size });
  return ({ rows }) => {
    const position = layout.takeIds(rows);
    let filled = false;
    return (_, { ids }) => {
      if (!filled) for (let r = 0; r < rows; r++) ids[position + r] = r;
      filled = true;
      return { position, n: rows };
    };
  };
}

/** |A B'|^2 over all pairs of rows = sum of the entries of (A'A) * (B'B); its gradients are 2 A (B'B) and 2 B (A'A). */
function allPairs(weight: number, a: Side, b: Side, rowsOf: (side: Side) => Rows, layout: Layout): Penalty {
  if (a.width !== b.width) throw new TypeError('a penalty over all pairs is on two tables of one width');
  const size = a.width * a.stride;
  const [gramA, gramB, product] = [layout.takeFloats(size), layout.takeFloats(size), layout.takeFloats(size)];
  const [idsA, idsB] = [rowsOf(a), rowsOf(b)];
  const push = (kernels: Kernels, { values, gradient, width, stride }: Side, gram: number, at: number, n: number) => {
    if (gradient >= 0)
      kernels.scatterCrossGram(values, gradient, width, stride, values, -1, stride, at, gram, 2 * weight, n);
  };
  return {
    add(kernels, batch, memory) {
      const [rowsA, rowsB] = [idsA(batch, memory), idsB(batch, memory)];
      kernels.crossGram(a.values, a.width, a.stride, a.values, a.stride, rowsA.position, gramA, rowsA.n);
      kernels.crossGram(b.values, b.width, b.stride, b.values, b.stride, rowsB.position, gramB, rowsB.n);
      kernels.mul(gramA, gramB, product, size);
      push(kernels, a, gramB, rowsA.position, rowsA.n);
      push(kernels, b, gramA, rowsB.position, rowsB.n);
      return weight * kernels.sum(product, size);
    },
  };
}
