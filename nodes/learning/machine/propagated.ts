/** The tables of a program that come of propagation, and what each step needs of them. */
import type { Kernels } from '../kernels/kernels.ts';
import type { GraphEdges } from '../propagation/edge.ts';
import type { Edges } from '../propagation/sparse-matrix.ts';
import type { Atoms } from './atoms.ts';
import type { Layout } from './memory.ts';
import type { Rows } from './optimiser.ts';
import { BipartiteGraph, Propagation } from './propagation.ts';
import type { Reads } from './reads.ts';
import type { RowList } from './tally.ts';

/** All propagations of a program; equal graphs are in memory once. */
export function propagationsOf(
  atoms: Atoms,
  tables: ReadonlyMap<string, Rows>,
  edges: (kind: GraphEdges) => Edges,
  layout: Layout,
  shortcut: boolean,
) {
  const graphs = new Map<GraphEdges, BipartiteGraph>();
  const scratches = new Map<string, number>();
  const scratch = (name: string, count: number) => {
    const at = scratches.get(name) ?? layout.takeFloats(count);
    scratches.set(name, at);
    return at;
  };
  const all = [...new Set(atoms.propagations.values())].map((declared) => {
    const [user, item] = [tables.get(declared.user) as Rows, tables.get(declared.item) as Rows];
    const graph = graphs.get(declared.edges) ?? new BipartiteGraph(edges(declared.edges), user.rows, item.rows, layout);
    graphs.set(declared.edges, graph);
    return new Propagation(declared, { user, item }, graph, layout, scratch, shortcut);
  });
  const cells = new Map<string, Rows>(
    all.flatMap(({ declared: { propagated }, user, item }) => [
      [propagated.user, user],
      [propagated.item, item],
    ]),
  );
  return { all, cells, graphs: [...graphs.values()] };
}

/** A propagation around one step: which rows the step reads, and whether its gradient comes back. */
export interface Spread {
  forward(kernels: Kernels): void;
  backward(kernels: Kernels): void;
}
const noRows: RowList = { list: 0, counts: 0, n: 0 };

/**
 * @param reached names of the propagated tables into which the step's gradient flows
 * @param target position of a declared table's gradient, or -1 where the step does not move it
 * @param batchRows the distinct rows of some streams' batches on a side, which the step counts anew each time
 */
export function spreadsOf(
  all: readonly Propagation[],
  reads: Reads,
  reached: ReadonlySet<string>,
  target: (table: string) => number,
  batchRows: (streams: readonly string[], side: 'user' | 'item') => RowList,
): readonly Spread[] {
  return all.flatMap((propagation) => {
    const { propagated, user, item } = propagation.declared;
    const rowsOf = (side: 'user' | 'item') => {
      const streams = reads.get(propagated[side]);
      return streams === undefined ? noRows : batchRows([...streams], side);
    };
    const [users, items] = [rowsOf('user'), rowsOf('item')];
    if (users === noRows && items === noRows) return [];
    const comesBack = reached.has(propagated.user) || reached.has(propagated.item);
    const [toUser, toItem] = [target(user), target(item)];
    return [
      {
        forward: (kernels: Kernels) => propagation.forward(kernels, users, items),
        backward: (kernels: Kernels) => {
          if (comesBack) propagation.backward(kernels, users, items, toUser, toItem);
        },
      },
    ];
  });
}
