/** A step of a program as formulas and places, before there is a memory to run it in. */
import type { Program, StepDeclaration } from '../declaration.ts';
import { gradients } from '../expression/differentiate.ts';
import type { Graph, Id } from '../expression/graph.ts';
import type { Tree } from '../expression/tree.ts';
import type { Counted, Design, Side } from './design.ts';
import { plan } from './lower.ts';
import type { BoundTable } from './machine.ts';
import { penalty } from './penalty.ts';
import { spreadsOf } from './propagated.ts';
import { readsOf } from './reads.ts';
import type { RowList } from './tally.ts';
import { watchNodes } from './watch.ts';

export type PlannedStep = ReturnType<typeof plannedStep>;

export function plannedStep(step: StepDeclaration, name: string, watched: Program['watch'], design: Design) {
  const { program, tables, atoms, layout, declared, propagations } = design;
  const graph = design.newGraph();
  const loss = scalar(graph, step.loss);
  const track = step.track && scalar(graph, step.track);
  const parts = Object.entries(step.parts ?? {}).map(([part, tree]) => [part, scalar(graph, tree)] as const);
  const moved = new Set(step.move.flatMap((group) => program.groups[group]?.own ?? []));
  const watch = watched.map((w) => watchNodes(graph, w));
  const slopes = [...gradients(graph, loss)].filter(([leaf]) => {
    const { op, name: at } = graph.node(leaf);
    return op === 'parameter' ? moved.has(at) : atoms.reached(at).some((table) => moved.has(table));
  });
  const wanted = [
    loss,
    ...(track === undefined ? [] : [track]),
    ...parts.map(([, part]) => part),
    ...slopes.map(([, d]) => d),
    ...watch.flatMap((w) => w.nodes),
  ];
  const planned = plan(graph, wanted, layout, name);
  const spread = new Map(
    slopes.flatMap(([leaf, d]) => {
      const on = graph.node(leaf).on;
      return on !== undefined && graph.node(d).on === undefined
        ? [[leaf, layout.takeFloats(graph.size(on))] as const]
        : [];
    }),
  );
  const counted = new Map<string, Counted>();
  const batchRows = (on: readonly string[], side: Side): RowList => {
    const mine = design.tallyOf(on, side);
    counted.set(mine.key, mine);
    return mine.tally;
  };
  const penalties = (step.penalties ?? []).map((p) => ({
    on: p.on,
    penalty: penalty(
      p,
      declared,
      tables,
      (table) => moved.has(table),
      layout,
      (side) => batchRows([p.on], side),
    ),
  }));
  design.reserveScores(graph);
  const reads = readsOf(graph, atoms, step.penalties);
  const reached = new Set(
    slopes.flatMap(([leaf]) => {
      const { op, name: at } = graph.node(leaf);
      return op === 'score' ? atoms.sources(at).flatMap(({ table, stopped }) => (stopped ? [] : [table])) : [];
    }),
  );
  const target = (table: string) => (moved.has(table) ? (tables.get(table) as BoundTable).gradient : -1);
  const spreads = spreadsOf(propagations.all, reads, reached, target, batchRows);
  return { step, graph, loss, track, parts, moved, watch, slopes, planned, spread, penalties, counted, reads, spreads };
}

/** @throws TypeError for an expression of more than one number */
export function scalar(graph: Graph, tree: Tree): Id {
  const id = graph.read(tree, undefined);
  if (graph.node(id).on !== undefined) throw new TypeError('a loss is one number: reduce its rows with sum or mean');
  return id;
}
