/** The optimiser of one group, with moments of its own. */
import type { GroupDeclaration } from '../declaration.ts';
import type { Tree } from '../expression/tree.ts';
import { beta1, beta2, type Kernels } from '../kernels/kernels.ts';
import type { KeptArray } from './kept.ts';
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
export interface MovedRows extends Rows {
  /** Entries of a row; the rest of `stride` is padding. */
  readonly width: number;
}
export interface Optimiser {
  /**
   * Moves the tables along the gradient that they hold; zeroes the gradient of those for which `isLast` holds.
   * @param read the rows that the step reads of a table that moves lazily
   */
  step(
    kernels: Kernels,
    memory: Memory,
    isLast: (table: string) => boolean,
    read: (table: string) => RowList | undefined,
  ): void;
  /** Sum of squared gradient entries, before decay. */
  gradientSquares(kernels: Kernels): number;
  readonly own: readonly string[];
  /** Its moments and its count of steps. */
  kept(memory: Memory): Iterable<readonly [name: string, values: KeptArray]>;
}

/**
 * @param named what the group is called
 * @param numberOf the value of a bound of the group
 */
export function optimiser(
  named: string,
  group: GroupDeclaration,
  cells: ReadonlyMap<string, MovedRows>,
  layout: Layout,
  numberOf: (tree: Tree) => number,
): Optimiser {
  const by = group.by ?? 'adam';
  const l2 = group.l2 ?? 0;
  const tables = group.own.map((name) => {
    const mine = cells.get(name) as MovedRows;
    const first = layout.takeFloats(mine.count);
    const second = by === 'sgd' ? -1 : layout.takeFloats(mine.count);
    return { name, ...mine, first, second };
  });
  const bounds = group.within?.map(numberOf);
  const steps = new Float64Array(1);
  return {
    own: group.own,
    step(k, { floats }, isLast, read) {
      const now = (steps[0] as number) + 1;
      steps[0] = now;
      const first = 1 - beta1 ** now;
      const second = Math.sqrt(1 - beta2 ** now);
      // TensorFlow corrects the whole step, so that its epsilon is not corrected
      const rate = by === 'adam-tf' ? (group.rate * second) / first : group.rate / first;
      const root = by === 'adam-tf' ? 1 : second;
      for (let t = 0; t < tables.length; t++) {
        const { name, values, gradient, count, stride, first: m, second: v } = tables[t]!;
        const last = isLast(name);
        if (group.ascend) k.affine(gradient, -1, 0, gradient, count);
        if (by === 'sgd') k.sgd(values, gradient, m, count, l2, group.rate, group.momentum ?? 0, last);
        else {
          const rows = by === 'adam-lazy' ? read(name) : undefined;
          if (rows === undefined) k.adam(values, gradient, m, v, count, l2, rate, root, last);
          else k.adamRows(values, gradient, m, v, stride, rows.list, rows.n, l2, rate, root, last);
        }
        // another group that has the table moves down the slope that was found
        if (group.ascend && !last) k.affine(gradient, -1, 0, gradient, count);
        if (bounds !== undefined) keepWithin(floats, tables[t]!, bounds[0] as number, bounds[1] as number);
      }
    },
    gradientSquares(kernels) {
      let total = 0;
      for (const { gradient, count } of tables) total += kernels.sumSquares(gradient, count);
      return total;
    },
    *kept({ floats }) {
      yield [`group ${named}/steps`, steps];
      for (const { name, count, first, second } of tables) {
        yield [`group ${named}/${name}/first`, floats.subarray(first, first + count)];
        if (second >= 0) yield [`group ${named}/${name}/second`, floats.subarray(second, second + count)];
      }
    },
  };
}

function keepWithin(
  floats: Memory['floats'],
  { values, rows, stride, width }: MovedRows,
  low: number,
  high: number,
): void {
  for (let r = 0; r < rows; r++)
    for (let k = 0; k < width; k++) {
      const at = values + r * stride + k;
      floats[at] = Math.min(Math.max(floats[at] as number, low), high);
    }
}
