/** Which rows of which tables a step reads: those that a lazy optimiser moves. */
import { Problem } from '../../../core/index.ts';
import type { Program, StepDeclaration } from '../declaration.ts';
import type { Graph } from '../expression/graph.ts';
import type { Atoms } from './atoms.ts';

/**
 * The streams through which a step reads a table, which may be one that a propagation makes; `table` stands for a penalty on all
 * of its rows, `graph` for a propagation that reads them.
 */
export type Reads = ReadonlyMap<string, ReadonlySet<string>>;

export function readsOf(graph: Graph, atoms: Atoms, penalties: StepDeclaration['penalties'] = []): Reads {
  const reads = new Map<string, Set<string>>();
  const note = (table: string, stream: string) => reads.set(table, (reads.get(table) ?? new Set()).add(stream));
  for (const { op, name, on } of graph.nodes) {
    if (op !== 'score') continue;
    for (const { table } of atoms.sources(name)) {
      note(table, on as string);
      if (atoms.propagations.has(table)) for (const source of atoms.behind(table)) note(source, 'graph');
    }
  }
  for (const penalty of penalties) for (const table of tablesOf(penalty)) note(table, penalty.on);
  return reads;
}
const tablesOf = (penalty: NonNullable<StepDeclaration['penalties']>[number]): readonly string[] =>
  'meanSquare' in penalty
    ? penalty.meanSquare
    : 'crossGram' in penalty
      ? penalty.crossGram
      : 'betweenSets' in penalty
        ? penalty.betweenSets
        : penalty.allPairs;

/**
 * Tables by user or item that a lazy optimiser owns; its other tables, whose rows every step reads, move densely.
 * @throws Problem bad-config where such a table has another optimiser too, or a penalty on all of its rows
 */
export function lazyTables(program: Program, steps: readonly Reads[]): ReadonlySet<string> {
  const groups = Object.values(program.groups);
  const lazy = groups.filter(({ by }) => by === 'adam-lazy').flatMap(({ own }) => own);
  const found = new Set(lazy.filter((table) => ['user', 'item'].includes(String(program.tables[table]?.rows))));
  for (const table of found) {
    if (groups.filter(({ own }) => own.includes(table)).length > 1)
      throw new Problem('bad-config', `'${table}' has a lazy optimiser and another one`, {
        hint: 'a table with a lazy optimiser belongs to one group',
      });
    if (steps.some((reads) => reads.get(table)?.has('graph')))
      throw new Problem('bad-config', `a lazy optimiser moves the rows of a batch, and '${table}' is propagated`, {
        hint: "a batch reaches rows far beyond its own over the graph: choose `by: adam` or 'adam-tf'",
      });
    if (steps.some((reads) => reads.get(table)?.has('table')))
      throw new Problem(
        'bad-config',
        `a lazy optimiser moves the rows of a batch, and a penalty is on all of '${table}'`,
        { hint: 'choose `by: adam`, or put the penalty on a stream' },
      );
  }
  return found;
}
