/**
 * The optimiser of one group, with moments of its own. Steps are dense: a row whose gradient is 0 moves, too. Where most rows
 * of a large table have no gradient, their steps are put off until somebody reads them, and are then taken at once, in
 * registers instead of through memory; the bits are the same.
 */
import type { GroupDeclaration } from '../declaration.ts';
import { beta1, beta2, type Kernels } from '../kernels/kernels.ts';
import type { Layout, Memory } from './memory.ts';
import type { RowList } from './tally.ts';

/** Where a table's values and gradient lie. */
export interface Cells {
  readonly values: number;
  readonly gradient: number;
  /** Floats, padding included. */
  readonly count: number;
}
export interface Rows extends Cells {
  readonly rows: number;
  readonly stride: number;
}
/** How a group treats a table: all rows each step, all rows but later, or only the rows that a step reads. */
export type Treatment = 'dense' | 'deferred' | 'lazy';
export interface Optimiser {
  /**
   * Moves the tables along the gradient that they hold; zeroes the gradient of those for which `isLast` holds.
   * @param touched the rows that the step reads of a table that is not dense
   */
  step(kernels: Kernels, memory: Memory, isLast: (table: string) => boolean, touched: (table: string) => RowList): void;
  /** Makes up for deferred steps: of the given rows, or of all. Nothing happens to tables that are not deferred. */
  settle(kernels: Kernels, table: string, rows?: RowList): void;
  /** Sum of squared gradient entries, before decay. */
  gradientSquares(kernels: Kernels): number;
  readonly own: readonly string[];
}

/** Steps that a row can be behind. */
const horizon = 256;

export function optimiser(
  group: GroupDeclaration,
  cells: ReadonlyMap<string, Rows>,
  layout: Layout,
  treatment: (table: string) => Treatment,
): Optimiser {
  const by = group.by ?? 'adam';
  const l2 = group.l2 ?? 0;
  const schedule = layout.takeFloats(2 * horizon);
  const tables = group.own.map((name) => {
    const mine = cells.get(name) as Rows;
    const how = treatment(name);
    const first = layout.takeFloats(mine.count);
    const second = by === 'sgd' ? 0 : layout.takeFloats(mine.count);
    return { name, ...mine, how, first, second, settled: how === 'deferred' ? layout.takeIds(mine.rows) : -1 };
  });
  const deferred = tables.filter(({ how }) => how === 'deferred');
  let steps = 0;
  let base = 0;
  const settle = (kernels: Kernels, of: (typeof tables)[number], list: number, n: number) =>
    kernels.adamSettle(of.values, of.first, of.second, of.stride, of.settled, list, n, l2, schedule, base, steps);
  return {
    own: group.own,
    step(kernels, memory, isLast, touched) {
      steps++;
      const first = 1 - beta1 ** steps;
      const second = Math.sqrt(1 - beta2 ** steps);
      // TensorFlow corrects the whole step, so that its epsilon is not corrected
      const rate = by === 'adam-tf' ? (group.rate * second) / first : group.rate / first;
      const root = by === 'adam-tf' ? 1 : second;
      for (let t = 0; t < tables.length; t++) {
        const of = tables[t]!;
        const last = isLast(of.name);
        if (by === 'sgd')
          kernels.sgd(of.values, of.gradient, of.first, of.count, l2, group.rate, group.momentum ?? 0, last);
        else if (of.how === 'dense')
          kernels.adam(of.values, of.gradient, of.first, of.second, of.count, l2, rate, root, last);
        else {
          const { list, n } = touched(of.name);
          kernels.adamRows(of.values, of.gradient, of.first, of.second, of.stride, list, n, l2, rate, root, last);
          if (of.how === 'deferred') for (let r = 0; r < n; r++) memory.ids[of.settled + memory.ids[list + r]!] = steps;
        }
      }
      if (deferred.length === 0) return;
      memory.floats[schedule + 2 * (steps - base - 1)] = rate;
      memory.floats[schedule + 2 * (steps - base - 1) + 1] = 1 / root;
      if (steps - base < horizon) return;
      for (const of of deferred) settle(kernels, of, -1, of.rows);
      base = steps;
    },
    settle(kernels, table, rows) {
      for (let t = 0; t < deferred.length; t++) {
        const of = deferred[t]!;
        if (of.name === table) settle(kernels, of, rows ? rows.list : -1, rows ? rows.n : of.rows);
      }
    },
    gradientSquares(kernels) {
      let total = 0;
      for (const { gradient, count } of tables) total += kernels.sumSquares(gradient, count);
      return total;
    },
  };
}
