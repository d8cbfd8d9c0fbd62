/** Binds a program to data: sizes one memory from the declaration, compiles every step, and hands out what training calls. */
import type { Program, TableDeclaration } from '../declaration.ts';
import type { Graph } from '../expression/graph.ts';
import type { Tree } from '../expression/tree.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { plainEngine } from '../kernels/numeric.ts';
import { plainKernels } from '../kernels/plain.ts';
import type { TrainingRows } from '../sampling/samplers.ts';
import { assigning, withState } from './assign.ts';
import { placedBatches, samplersOf } from './batches.ts';
import { boundStep } from './bound-step.ts';
import { Design, type Side } from './design.ts';
import { plannedHold } from './held.ts';
import { initialise } from './initialise.ts';
import { keptOf } from './kept.ts';
import { plan } from './lower.ts';
import type { BindOptions, Machine } from './machine.ts';
import type { Layout, Memory } from './memory.ts';
import { optimiser } from './optimiser.ts';
import { type PlannedStep, plannedStep } from './planned-step.ts';
import { lazyTables } from './reads.ts';
import { noTables, Site } from './site.ts';
import type { RowList } from './tally.ts';

/** @throws Problem bad-config when the data cannot fill the program's batches, or for a word that the engine does not run yet */
export function bind(program: Program, given: TrainingRows, options: BindOptions): Machine {
  const rows = withState(given, program.state, options.random);
  const design = new Design(program, rows, options);
  const { layout, tables, declared, propagations, madeRows } = design;

  const steps = program.batch.map((step, n) =>
    plannedStep(step, `step ${n + 1}`, n === 0 ? program.watch : [], design),
  );
  const last = program.onStop?.steps.map((step, n) => plannedStep(step, `step ${n + 1} on stop`, [], design)) ?? [];
  const passes = (program.every ?? []).flatMap((act) =>
    'pass' in act
      ? [
          {
            every: act.every,
            steps: act.pass.map((step, n) => plannedStep(step, `step ${n + 1} of a pass`, [], design)),
          },
        ]
      : [],
  );
  const assigns = plannedAssignments(program, design);
  const held = program.onStop && plannedHold(program.onStop.hold, design);

  const all = [...steps, ...last, ...passes.flatMap(({ steps: passed }) => passed)];
  const largestBatch = Math.max(...design.sizes.values());
  const shared = {
    zeros: layout.takeIds(largestBatch),
    places: layout.takeIds(largestBatch),
    turned: layout.takeFloats(largestBatch),
  };
  const batches = placedBatches(
    design,
    [...all, ...assigns, ...(held ? [held] : [])].map(({ graph }) => graph),
  );
  const rowsRead = lazyRows(program, declared, design, all);
  const groups = new Map(
    Object.entries(program.groups).map(([name, group]) => {
      const stranger = group.own.find((table) => !tables.has(table));
      if (stranger !== undefined) throw new TypeError(`group '${name}' owns '${stranger}', which is not declared`);
      return [name, optimiser(name, group, tables, layout, (tree) => fixed(design.newGraph(), tree))] as const;
    }),
  );

  // every place is taken: from here on there is a memory
  const site = new Site(design, batches, shared, open(layout, options));
  const { memory, kernels, leaves } = site;
  for (const graph of propagations.graphs) graph.write(memory);
  for (const [name, { declaration, values, rows: count, stride }] of tables)
    initialise(memory.floats, values, count, stride, declaration, options.random.for(`init/${name}`), (port) => {
      const model = options.inputs?.[port]?.model;
      if (model === undefined) throw new TypeError(`table '${name}' starts from port '${port}', which was not given`);
      return model;
    });
  for (let r = 0; r < largestBatch; r++) memory.ids[shared.places + r] = r;

  const samplers = samplersOf(design, batches, memory);
  const bound = (step: PlannedStep) => boundStep(step, site, groups, (table) => rowsRead(step, table));
  /** Makes all that the scores of a graph read, outside of a step. */
  const making = (graph: Graph) => {
    const make = madeRows.making(graph, (stream, at) => site.surroundings(stream, noTables, at));
    return () => {
      for (const propagation of propagations.all) propagation.forward(kernels);
      make();
    };
  };
  const hold = held?.bind(kernels, leaves, (name, value) => {
    memory.floats[site.table(name).values] = value;
  });
  const makeHeld = held && making(held.graph);
  const onStop = hold && {
    hold() {
      makeHeld?.();
      hold();
    },
    steps: last.map(bound),
  };
  const assignments = assigns.map(({ act, classes, graph, value, planned }) => {
    const make = making(graph);
    const lowered = planned.bind(kernels, leaves);
    const run = () => {
      make();
      lowered.run();
    };
    const column = { name: act.assign, classes };
    const values = lowered.register(value);
    const assign = assigning(column, rows, site.batch(act.over), memory, { run, values });
    return { every: act.every, name: act.assign, run: assign };
  });
  const state = Object.fromEntries(
    Object.keys(program.state ?? {}).map((name) => [name, rows.columns[name] as Float32Array]),
  );
  return {
    memory,
    kernels,
    steps: steps.map(bound),
    onStop,
    passes: passes.map(({ every, steps: passed }) => ({ every, steps: passed.map(bound) })),
    assignments,
    state,
    samplers,
    stepsPerEpoch: Math.min(...samplers.map((s) => s.steps)),
    tables,
    bags: () => madeRows.bags(memory, site.table),
    propagations: propagations.all,
    groups,
    kept: keptOf(
      [...tables].map(([name, { values, count }]) => [`table ${name}`, memory.floats.subarray(values, values + count)]),
      Object.entries(state).map(([name, values]) => [`state ${name}`, values]),
      ...[...groups.values()].map((group) => group.kept(memory)),
    ),
  };
}

/** Rows that get another class after an epoch: which values are compared, and over which stream. */
function plannedAssignments(program: Program, design: Design) {
  return (program.every ?? []).flatMap((act) => {
    if ('pass' in act) return [];
    const { classes } = program.state?.[act.assign] ?? {};
    if (classes === undefined) throw new TypeError(`'${act.assign}' is reassigned and is no state column`);
    const graph = design.newGraph();
    const value = graph.read(act.argmin, act.over);
    if (graph.node(value).on === undefined || program.streams[act.over]?.draw !== 'observed')
      throw new TypeError(`'${act.assign}' is reassigned by rows of a stream of observed rows`);
    const planned = plan(graph, [value], design.layout, `assignment of ${act.assign}`);
    design.reserveScores(graph);
    return [{ act, classes, graph, value, planned }];
  });
}

const noRows: RowList = { list: 0, counts: 0, n: 0 };
/** @returns the rows that a step reads of a table that moves lazily; undefined for one that moves whole */
function lazyRows(
  program: Program,
  declared: Readonly<Record<string, TableDeclaration>>,
  design: Design,
  steps: readonly PlannedStep[],
): (step: PlannedStep, table: string) => RowList | undefined {
  const lazy = lazyTables(
    program,
    steps.map(({ reads }) => reads),
  );
  const lists = new Map(
    steps.map(({ reads, counted }, n) => {
      const mine = new Map<string, RowList>();
      for (const [table, streams] of reads) {
        if (!lazy.has(table)) continue;
        const rows = design.tallyOf([...streams], declared[table]!.rows as Side);
        counted.set(rows.key, rows);
        mine.set(table, rows.tally);
      }
      return [steps[n], mine];
    }),
  );
  return (step, table) => lists.get(step)?.get(table) ?? (lazy.has(table) ? noRows : undefined);
}

function open(layout: Layout, { precision, numeric = plainEngine }: BindOptions): { memory: Memory; kernels: Kernels } {
  if (precision === 'f64') {
    const memory = layout.wide();
    return { memory, kernels: plainKernels(memory) };
  }
  const arena = numeric.arena(layout.bytes);
  const memory = layout.build(arena.buffer);
  return { memory, kernels: arena.kernels(memory) };
}

/** The value of an expression of constants and given numbers. */
function fixed(graph: Graph, tree: Tree): number {
  const id = graph.read(tree, undefined);
  if (!graph.isConstant(id)) throw new TypeError('a bound is made of constants and given numbers alone');
  return graph.node(id).value;
}
