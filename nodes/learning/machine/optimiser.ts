/** The optimiser of one group: dense steps over all rows of its tables, moments of its own. */
import type { GroupDeclaration } from '../declaration.ts';
import { beta1, beta2, type Kernels } from '../kernels/kernels.ts';
import type { Layout } from './memory.ts';

/** Where a table's values and gradient lie. */
export interface Cells {
  readonly values: number;
  readonly gradient: number;
  /** Floats, padding included. */
  readonly count: number;
}
export interface Optimiser {
  /** Moves the tables along the gradient that they hold; zeroes the gradient of those for which `isLast` holds. */
  step(kernels: Kernels, isLast: (table: string) => boolean): void;
  /** Sum of squared gradient entries, before decay. */
  gradientSquares(kernels: Kernels): number;
  readonly own: readonly string[];
}

export function optimiser(group: GroupDeclaration, cells: ReadonlyMap<string, Cells>, layout: Layout): Optimiser {
  const by = group.by ?? 'adam';
  const l2 = group.l2 ?? 0;
  const tables = group.own.map((name) => {
    const mine = cells.get(name) as Cells;
    const first = layout.takeFloats(mine.count);
    return { name, ...mine, first, second: by === 'adam' ? layout.takeFloats(mine.count) : 0 };
  });
  let steps = 0;
  return {
    own: group.own,
    step(kernels, isLast) {
      steps++;
      const rate = group.rate / (1 - beta1 ** steps);
      const rootCorrection = Math.sqrt(1 - beta2 ** steps);
      for (const { name, values, gradient, first, second, count } of tables)
        if (by === 'adam') kernels.adam(values, gradient, first, second, count, l2, rate, rootCorrection, isLast(name));
        else kernels.sgd(values, gradient, first, count, l2, group.rate, group.momentum ?? 0, isLast(name));
    },
    gradientSquares(kernels) {
      let total = 0;
      for (const { gradient, count } of tables) total += kernels.sumSquares(gradient, count);
      return total;
    },
  };
}
