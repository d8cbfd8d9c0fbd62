/** Columns that training reassigns: each train row gets the class under which an expression is smallest. */
import type { Random } from '../../../core/numeric/index.ts';
import type { Program } from '../declaration.ts';
import type { Batch, TrainingRows } from '../sampling/samplers.ts';
import type { Memory } from './memory.ts';

/** The program's state columns beside the others, with their first values; they are written to when classes change. */
export function withState(rows: TrainingRows, state: Program['state'], random: Random): TrainingRows {
  const columns = Object.entries(state ?? {}).map(([name, { classes }]) => {
    const draws = random.for(`state/${name}`);
    return [name, Float32Array.from(rows.user, () => draws.below(classes))] as const;
  });
  return { ...rows, columns: { ...rows.columns, ...Object.fromEntries(columns) } };
}

/**
 * @param column the state column, which is rewritten
 * @param evaluate runs the expression on the rows that the batch holds, and says where its values lie
 * @returns what reassigns all rows; it returns how many got another class
 */
export function assigning(
  column: { readonly name: string; readonly classes: number },
  rows: TrainingRows,
  batch: Batch,
  { floats, ids }: Memory,
  evaluate: { readonly run: () => void; readonly values: number },
): () => number {
  const state = rows.columns[column.name] as Float32Array;
  const total = rows.user.length;
  const least = new Float64Array(batch.size);
  const chosen = new Float32Array(batch.size);
  const columns = Object.entries(batch.columns).filter(([name]) => name !== column.name);
  const own = batch.columns[column.name];
  const named = batch.states?.[column.name];
  return () => {
    let moved = 0;
    for (let start = 0; start < total; start += batch.size) {
      const n = Math.min(batch.size, total - start);
      // the last batch is filled up with the first rows, whose values are not read
      const row = (r: number) => (start + r) % total;
      for (let r = 0; r < batch.size; r++) {
        ids[batch.user + r] = rows.user[row(r)]!;
        ids[batch.item + r] = rows.item[row(r)]!;
      }
      for (const [name, at] of columns)
        for (let r = 0; r < batch.size; r++) floats[at + r] = rows.columns[name]?.[row(r)] ?? 1; // only `o` has no values
      for (let c = 0; c < column.classes; c++) {
        for (let r = 0; r < batch.size; r++) {
          if (own !== undefined) floats[own + r] = c;
          if (named !== undefined) ids[named + r] = c;
        }
        evaluate.run();
        for (let r = 0; r < n; r++) {
          const value = floats[evaluate.values + r] as number;
          if (c > 0 && !(value < least[r]!)) continue;
          least[r] = value;
          chosen[r] = c;
        }
      }
      for (let r = 0; r < n; r++) {
        if (state[start + r] !== chosen[r]) moved++;
        state[start + r] = chosen[r]!;
      }
    }
    return moved;
  };
}
