/** A step in its memory: what training calls. */
import type { Lowered } from './lower.ts';
import type { BoundStep } from './machine.ts';
import type { Optimiser } from './optimiser.ts';
import type { PlannedStep } from './planned-step.ts';
import type { Spread } from './propagated.ts';
import { pushBack } from './scores.ts';
import { noTables, type Site } from './site.ts';
import type { RowList } from './tally.ts';

/** @param rowsRead the rows that the step reads of a table that moves lazily; undefined for one that moves whole */
export function boundStep(
  from: PlannedStep,
  site: Site,
  groups: ReadonlyMap<string, Optimiser>,
  rowsRead: (table: string) => RowList | undefined,
): BoundStep {
  const { step, graph, loss, track, parts, moved, watch, slopes, planned, spread, penalties, spreads } = from;
  const { memory, kernels, leaves, shared } = site;
  const { atoms, madeRows, sizes } = site.design;
  const count = site.counting(from.counted);
  const lowered: Lowered = planned.bind(kernels, leaves);
  const back = slopes.map(([leaf, d]) => {
    const { op, name, on, at } = graph.node(leaf);
    if (op === 'parameter') {
      const { gradient } = site.table(name);
      return () => {
        memory.floats[gradient] = (memory.floats[gradient] as number) + lowered.value(d);
      };
    }
    const { size } = site.batch(on as string);
    const constant = spread.get(leaf);
    const slope = constant ?? lowered.register(d);
    const scratch = site.design.scratch(on as string, name, at);
    const push = pushBack(
      atoms.atom(name),
      site.surroundings(on as string, moved, at),
      slope,
      size,
      scratch,
      shared.turned,
    );
    if (constant === undefined) return push;
    return () => {
      kernels.fill(constant, size, lowered.value(d));
      push();
    };
  });
  const make = madeRows.making(graph, (stream, at) => site.surroundings(stream, noTables, at));
  const unmake = madeRows.unmaking(graph, (stream, at) => site.surroundings(stream, moved, at));
  let penalised = 0;
  const movers = step.move.map((name) => groups.get(name) as Optimiser);
  // a table that several groups own keeps its gradient until the last of them has moved
  const lastOwner = new Map<string, Optimiser>();
  for (const mover of movers) for (const table of mover.own) lastOwner.set(table, mover);
  const isLast = movers.map((mover) => (table: string) => lastOwner.get(table) === mover);
  return {
    groups: step.move,
    gradient() {
      count();
      for (let i = 0; i < spreads.length; i++) (spreads[i] as Spread).forward(kernels);
      make();
      lowered.run();
      for (let i = 0; i < back.length; i++) (back[i] as () => void)();
      unmake();
      for (let i = 0; i < spreads.length; i++) (spreads[i] as Spread).backward(kernels);
      penalised = 0;
      for (const { on, penalty: p } of penalties) penalised += p.add(kernels, site.batches.get(on), memory);
    },
    move() {
      for (let i = 0; i < movers.length; i++)
        (movers[i] as Optimiser).step(kernels, memory, isLast[i] as (table: string) => boolean, rowsRead);
    },
    loss: () => lowered.value(loss) + penalised,
    parts: [
      ...parts.map(([name, id]) => [name, () => lowered.value(id)] as const),
      ...(penalties.length > 0 ? [['penalty', () => penalised] as const] : []),
    ],
    tracked: () => (track === undefined ? lowered.value(loss) + penalised : lowered.value(track)),
    watched: watch.map(
      ({ on, read }) =>
        () =>
          read(lowered, sizes.get(on) as number),
    ),
  };
}
