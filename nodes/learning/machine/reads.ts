/** Which rows of which tables the steps of a program read, and what that means for their optimiser. */
import { Problem } from '../../../core/index.ts';
import type { Program } from '../declaration.ts';
import type { Graph } from '../expression/graph.ts';
import type { Atoms } from './atoms.ts';
import type { Treatment } from './optimiser.ts';

/** The streams through which a step reads a table; `table` stands for a penalty on all of its rows. */
export type Reads = ReadonlyMap<string, ReadonlySet<string>>;

export function readsOf(graph: Graph, atoms: Atoms, penalties: Program['batch'][number]['penalties'] = []): Reads {
  const reads = new Map<string, Set<string>>();
  const note = (table: string, stream: string) => reads.set(table, (reads.get(table) ?? new Set()).add(stream));
  for (const { op, name, on } of graph.nodes) {
    if (op !== 'score') continue;
    const atom = atoms.atom(name);
    if ('input' in atom) continue;
    const edges = 'bias' in atom ? [atom.bias] : 'dot' in atom ? atom.dot : atom.dense;
    for (const { table } of edges) note(table, on as string);
  }
  for (const penalty of penalties)
    for (const table of 'meanSquare' in penalty
      ? penalty.meanSquare
      : 'crossGram' in penalty
        ? penalty.crossGram
        : penalty.allPairs)
      note(table, penalty.on);
  return reads;
}

/** What deferring asks for: below it, a table lies in the near caches and dense steps are as fast. */
export const largeTable = 1 << 18;

/**
 * @param floats of a table @param rows of a table by user or item, 0 for others @param sizes of the batches
 * @throws Problem bad-config for a lazy optimiser beside a penalty on whole tables
 */
export function treatmentsOf(
  program: Program,
  steps: readonly Reads[],
  floats: (table: string) => number,
  rows: (table: string) => number,
  sizes: ReadonlyMap<string, number>,
  large: number,
): (table: string) => Treatment {
  const owners = new Map<string, string[]>();
  for (const [name, { own }] of Object.entries(program.groups))
    for (const table of own) owners.set(table, [...(owners.get(table) ?? []), name]);
  const treatments = new Map<string, Treatment>();
  for (const [table, groups] of owners) {
    const by = groups.map((name) => program.groups[name]!.by ?? 'adam');
    const streams = steps.map((reads) => [...(reads.get(table) ?? [])]);
    const whole = streams.some((of) => of.includes('table'));
    if (rows(table) === 0) continue;
    if (by.includes('adam-lazy')) {
      if (whole)
        throw new Problem(
          'bad-config',
          `a lazy optimiser moves the rows of a batch, and a penalty is on all of '${table}'`,
          {
            hint: 'choose `by: adam`, or put the penalty on a stream',
          },
        );
      if (by.length > 1)
        throw new Problem('bad-config', `'${table}' has a lazy optimiser and another one`, {
          hint: 'a table with a lazy optimiser belongs to one group',
        });
      treatments.set(table, 'lazy');
      continue;
    }
    const read = streams.map((of) => of.reduce((sum, stream) => sum + (sizes.get(stream) ?? 0), 0));
    const sparse = Math.max(...read) <= rows(table) / 2;
    const alone = by.length === 1 && by[0] !== 'sgd' && !whole && program.onStop === undefined;
    if (alone && sparse && floats(table) >= large) treatments.set(table, 'deferred');
  }
  return (table) => treatments.get(table) ?? 'dense';
}
