/** Tables and parameters of a program, and their places in memory. */
import type { Program, TableDeclaration } from '../declaration.ts';
import type { TrainingRows } from '../sampling/samplers.ts';
import type { BoundTable } from './machine.ts';
import { type Layout, strideOf } from './memory.ts';

/** Declarations by name; a parameter is a table of one number. */
export const declaredIn = ({ tables, parameters }: Program): Readonly<Record<string, TableDeclaration>> => ({
  ...tables,
  ...Object.fromEntries(
    Object.entries(parameters).map(([name, start]) => [
      name,
      { rows: 'one', width: 1, start: { constant: start } } as const,
    ]),
  ),
});

export function placedTables(
  declared: Readonly<Record<string, TableDeclaration>>,
  rows: TrainingRows,
  layout: Layout,
): ReadonlyMap<string, BoundTable> {
  const tables = new Map<string, BoundTable>();
  for (const [name, declaration] of Object.entries(declared)) {
    const count = rowsOf(declaration, rows);
    const stride = strideOf(declaration.width);
    tables.set(name, {
      declaration,
      rows: count,
      stride,
      width: declaration.width,
      count: count * stride,
      values: layout.takeFloats(count * stride),
      gradient: layout.takeFloats(count * stride),
    });
  }
  return tables;
}

const rowsOf = ({ rows }: TableDeclaration, of: TrainingRows): number =>
  rows === 'user' ? of.users : rows === 'item' ? of.items : rows === 'one' ? 1 : rows;
