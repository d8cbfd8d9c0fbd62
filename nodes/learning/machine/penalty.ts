/** Penalties on the rows that a batch touches, with multiplicity (a user drawn twice counts twice), or on whole tables. */
import type { PenaltyDeclaration, TableDeclaration } from '../declaration.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Batch } from '../sampling/samplers.ts';
import { type Layout, type Memory, strideOf } from './memory.ts';
import type { Cells } from './optimiser.ts';
import type { RowList } from './tally.ts';

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

/**
 * @param moves whether a table takes a gradient in this step
 * @param batchRows the distinct rows of the stream's batch on a side, which the step counts anew each time
 */
export function penalty(
  declared: PenaltyDeclaration,
  tables: Readonly<Record<string, TableDeclaration>>,
  cells: ReadonlyMap<string, Cells & { readonly rows: number }>,
  moves: (table: string) => boolean,
  layout: Layout,
  batchRows: (side: 'user' | 'item') => RowList,
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
  const rowsOf = rowPicker(declared.on, layout, batchRows);
  if ('meanSquare' in declared) {
    const parts = declared.meanSquare.map(at).map((part) => ({ ...part, ids: rowsOf(part) }));
    const width = parts.reduce((total, part) => total + part.width, 0);
    return {
      add(kernels, batch, memory) {
        let value = 0;
        for (const { stride, values, gradient, ids } of parts) {
          const { list, counts, n } = ids(memory);
          const share = declared.weight / (width * (batch?.size ?? n));
          value += share * kernels.sumSquaresAt(values, stride, list, counts, n);
          if (gradient >= 0) kernels.scatterSquares(values, gradient, stride, list, counts, 2 * share, n);
        }
        return value;
      },
    };
  }
  if ('allPairs' in declared) {
    if (declared.on !== 'table') throw new TypeError("a penalty over all pairs is on 'table'");
    return allPairs(declared.weight, at(declared.allPairs[0]), at(declared.allPairs[1]), rowsOf, layout);
  }
  if ('betweenSets' in declared) {
    if (declared.on !== 'table') throw new TypeError("a penalty between sets is on 'table'");
    return betweenSets(declared.weight, at(declared.betweenSets[0]), at(declared.betweenSets[1]), layout);
  }
  const [a, b] = [at(declared.crossGram[0]), at(declared.crossGram[1])];
  if (a.side !== b.side) throw new TypeError('a cross-Gram penalty is on two tables of one side');
  const c = layout.takeFloats(a.width * b.stride);
  const ids = rowsOf(a);
  const share = declared.weight / (declared.reduce === 'sum' ? 1 : a.width * b.width);
  return {
    add(kernels, _, memory) {
      const { list, counts, n } = ids(memory);
      kernels.crossGram(a.values, a.width, a.stride, b.values, b.stride, list, counts, c, n);
      kernels.scatterCrossGram(
        a.values,
        a.gradient,
        a.width,
        a.stride,
        b.values,
        b.gradient,
        b.stride,
        list,
        counts,
        c,
        2 * share,
        n,
      );
      return share * kernels.sumSquares(c, a.width * b.stride);
    },
  };
}

type Rows = (memory: Memory) => RowList;

/** Which rows a penalty sees: those of the batch, or all of the table once. */
function rowPicker(on: string, layout: Layout, batchRows: (side: 'user' | 'item') => RowList): (side: Side) => Rows {
  if (on !== 'table')
    return ({ side }) => {
      const rows = batchRows(side);
      return () => rows;
    };
  return ({ rows }) => {
    const all = { list: layout.takeIds(rows), counts: layout.takeFloats(rows), n: rows };
    let filled = false;
    return ({ ids, floats }) => {
      if (!filled)
        for (let r = 0; r < rows; r++) {
          ids[all.list + r] = r;
          floats[all.counts + r] = 1;
        }
      filled = true;
      return all;
    };
  };
}

/** |A B'|^2 over all pairs of rows = sum of the entries of (A'A) * (B'B); its gradients are 2 A (B'B) and 2 B (A'A). */
function allPairs(weight: number, a: Side, b: Side, rowsOf: (side: Side) => Rows, layout: Layout): Penalty {
  if (a.width !== b.width) throw new TypeError('a penalty over all pairs is on two tables of one width');
  const size = a.width * a.stride;
  const [gramA, gramB, product] = [layout.takeFloats(size), layout.takeFloats(size), layout.takeFloats(size)];
  const [idsA, idsB] = [rowsOf(a), rowsOf(b)];
  const push = (
    kernels: Kernels,
    { values, gradient, width, stride }: Side,
    gram: number,
    { list, counts, n }: RowList,
  ) => {
    if (gradient >= 0)
      kernels.scatterCrossGram(values, gradient, width, stride, values, -1, stride, list, counts, gram, 2 * weight, n);
  };
  return {
    add(kernels, _, memory) {
      const [rowsA, rowsB] = [idsA(memory), idsB(memory)];
      kernels.crossGram(a.values, a.width, a.stride, a.values, a.stride, rowsA.list, rowsA.counts, gramA, rowsA.n);
      kernels.crossGram(b.values, b.width, b.stride, b.values, b.stride, rowsB.list, rowsB.counts, gramB, rowsB.n);
      kernels.mul(gramA, gramB, product, size);
      push(kernels, a, gramB, rowsA);
      push(kernels, b, gramA, rowsB);
      return weight * kernels.sum(product, size);
    },
  };
}

/**
 * With sets H and T, shares 1/|H| and 1/|T| and means m_H and m_T: the mean over pairs of |q_i - q_j|^2 is the share-weighted sum of
 * |q|^2 over both minus 2 m_H . m_T. It is tr(Q' L Q) / (|H| |T|) for the Laplacian L of the graph that joins every member of one
 * set with every member of the other.
 */
function betweenSets(weight: number, q: Side, sets: Side, layout: Layout): Penalty {
  if (sets.width !== 2 || sets.side !== q.side) throw new TypeError('sets are a table of two columns beside the rows');
  const { rows } = q;
  const [list, shares, counts] = [layout.takeIds(rows), layout.takeFloats(rows), layout.takeFloats(rows)];
  const [means, swapped] = [layout.takeFloats(2 * q.stride), layout.takeFloats(2 * q.stride)];
  let filled = false;
  return {
    add(kernels, _, { ids, floats }) {
      if (!filled)
        for (let r = 0; r < rows; r++) {
          const mine = sets.values + r * sets.stride;
          ids[list + r] = r;
          floats[counts + r] = 1;
          floats[shares + r] = (floats[mine] as number) + (floats[mine + 1] as number);
        }
      filled = true;
      kernels.crossGram(sets.values, 2, sets.stride, q.values, q.stride, list, counts, means, rows);
      kernels.affine(means, 1, 0, swapped + q.stride, q.stride);
      kernels.affine(means + q.stride, 1, 0, swapped, q.stride);
      const own = kernels.sumSquaresAt(q.values, q.stride, list, shares, rows);
      if (q.gradient >= 0) {
        kernels.scatterSquares(q.values, q.gradient, q.stride, list, shares, 2 * weight, rows);
        kernels.scatterCrossGram(
          sets.values,
          -1,
          2,
          sets.stride,
          q.values,
          q.gradient,
          q.stride,
          list,
          counts,
          swapped,
          -2 * weight,
          rows,
        );
      }
      // the product of means with swapped means holds m_H . m_T twice
      kernels.mul(means, swapped, swapped, 2 * q.stride);
      return weight * (own - kernels.sum(swapped, 2 * q.stride));
    },
  };
}
