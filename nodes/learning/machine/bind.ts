/** Binds a program to data: sizes one memory from the declaration, compiles every step, and hands out what training calls. */
import { Problem, type TensorBundle } from '../../../core/index.ts';
import type { Random } from '../../../core/numeric/index.ts';
import type { Program, StepDeclaration, StreamDeclaration, TableDeclaration } from '../declaration.ts';
import { gradients } from '../expression/differentiate.ts';
import { Graph, type Id } from '../expression/graph.ts';
import type { Tree } from '../expression/tree.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { type NumericEngine, plainEngine } from '../kernels/numeric.ts';
import { plainKernels } from '../kernels/plain.ts';
import { graphEdges } from '../propagation/graph-edges.ts';
import type { Edges } from '../propagation/sparse-matrix.ts';
import { ObservedPairs } from '../sampling/observed.ts';
import {
  type Batch,
  blockSampler,
  observedSampler,
  pairSampler,
  type Sampler,
  type TrainingRows,
} from '../sampling/samplers.ts';
import { tripleSampler } from '../sampling/triples.ts';
import type { Scorer } from '../serve.ts';
import { assigning, withState } from './assign.ts';
import { type AtomEdge, Atoms } from './atoms.ts';
import { type BagTable, BatchRows } from './batch-rows.ts';
import { type FeatureRows, type FeatureTable, featureRows } from './features.ts';
import { initialise } from './initialise.ts';
import { type Kept, keptOf } from './kept.ts';
import { type Leaves, type Lowered, plan } from './lower.ts';
import { placeOf } from './made-rows.ts';
import { Layout, type Memory, type Precision, strideOf } from './memory.ts';
import { type MovedRows, type Optimiser, optimiser, type Rows } from './optimiser.ts';
import { penalty } from './penalty.ts';
import { propagationsOf, type Spread, spreadsOf } from './propagated.ts';
import type { Propagation } from './propagation.ts';
import { lazyTables, readsOf } from './reads.ts';
import { type Place, pushBack, scoreRows, scratchOf } from './scores.ts';
import { batchSizes, knownColumn, knownItem } from './sizes.ts';
import { type RowList, Tally } from './tally.ts';
import { type Watched, watchNodes } from './watch.ts';

export interface Machine {
  readonly memory: Memory;
  readonly kernels: Kernels;
  readonly steps: BoundStep[];
  /** What follows once training has stopped, on a batch of its own; `hold` reads the last batch first. */
  readonly onStop: { hold(): void; readonly steps: BoundStep[] } | undefined;
  /** What happens in every n-th epoch: steps before it, or rows that get another class after it. */
  readonly passes: readonly { readonly every: number; readonly steps: readonly BoundStep[] }[];
  readonly assignments: readonly { readonly every: number; readonly name: string; readonly run: () => number }[];
  /** Columns of the train rows that training reassigns. */
  readonly state: Readonly<Record<string, Float32Array>>;
  readonly samplers: readonly Sampler[];
  readonly stepsPerEpoch: number;
  readonly tables: ReadonlyMap<string, BoundTable>;
  /** What the bags of the scores sum to now, for every user or item. */
  readonly bags: () => readonly BagTable[];
  /** Between a step and the next, the tables that they make hold the rows of a batch alone. */
  readonly propagations: readonly Propagation[];
  readonly groups: ReadonlyMap<string, Optimiser>;
  readonly kept: Kept;
}
export interface BoundTable extends MovedRows {
  readonly declaration: TableDeclaration;
}
export interface BoundStep {
  /** Runs forward and leaves d(loss) in the gradients of the tables that move. */
  gradient(): void;
  /** Moves every group of the step. */
  move(): void;
  /** Loss and penalties of the last `gradient`. */
  loss(): number;
  /** The named terms of the loss, and the penalties together. */
  readonly parts: readonly (readonly [name: string, value: () => number])[];
  tracked(): number;
  readonly groups: readonly string[];
  /** By watched stream: sum and sum of squares of the weights, the largest one, and the rows at the clip. */
  readonly watched: readonly (() => Watched)[];
}

export interface BindOptions {
  readonly random: Random;
  readonly givens?: Readonly<Record<string, number>>;
  /** Models by the port that `input` scores and `given` tables name. */
  readonly inputs?: Readonly<Record<string, { readonly model: TensorBundle<unknown>; readonly scorer?: Scorer }>>;
  /** Side features by port. */
  readonly features?: Readonly<Record<string, FeatureTable>>;
  /** The pairs at port `clicks`, for graphs that are not made from train. */
  readonly clicks?: Edges | undefined;
  /** Whether two layers of a graph may be taken at once, where that is less work; `false` only serves a check. */
  readonly shortcut?: boolean;
  /** `f64` only serves the finite-difference checks and always runs on the plain kernels. */
  readonly precision?: Precision;
  /** The plain kernels unless given. */
  readonly numeric?: NumericEngine;
}

/** @throws Problem bad-config when the data cannot fill the program's batches, or for a word that the engine does not run yet */
export function bind(program: Program, given: TrainingRows, options: BindOptions): Machine {
  const rows = withState(given, program.state, options.random);
  const layout = new Layout();
  const declared: Readonly<Record<string, TableDeclaration>> = {
    ...program.tables,
    ...Object.fromEntries(
      Object.entries(program.parameters).map(([name, start]) => [
        name,
        { rows: 'one', width: 1, start: { constant: start } } as const,
      ]),
    ),
  };
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
  const sizes = batchSizes(program.streams, rows);
  const atoms = new Atoms(declared, program.scores);
  const propagations = propagationsOf(
    atoms,
    tables,
    (kind) => graphEdges(kind, rows, options.clicks),
    layout,
    options.shortcut ?? true,
  );
  const cells = (name: string): Rows => tables.get(name) ?? (propagations.cells.get(name) as Rows);
  const newGraph = () =>
    new Graph(
      {
        size: (stream) => {
          const size = sizes.get(stream);
          if (size === undefined) throw new TypeError(`there is no stream '${stream}'`);
          return size;
        },
        count: (name) => {
          if (name === 'observed') return rows.user.length;
          if (name === 'pairs') return rows.users * rows.items;
          if (name === 'ids') return largest(rows.user) * largest(rows.item);
          return (rows.columns.y ?? new Float32Array(0)).reduce((a, b) => a + b, 0);
        },
        given: (name) => {
          const value = options.givens?.[name];
          if (value === undefined) throw new TypeError(`number '${name}' is read by the method and was not given`);
          return value;
        },
      },
      atoms.of,
    );
  const features = new Map<string, FeatureRows>();
  const sides = sidesOf(atoms);
  const featuresOf = (port: string): FeatureRows => {
    const table = options.features?.[port];
    if (table === undefined) throw new TypeError(`a score reads features at port '${port}', which was not given`);
    const known = features.get(port) ?? featureRows(table, sides.get(port) === 'user' ? rows.users : rows.items, port);
    features.set(port, known);
    return known;
  };
  const madeRows = new BatchRows(atoms, layout, true, featuresOf);
  const scratches = new Map<string, ReturnType<typeof scratchOf>>();
  const reserveScores = (graph: Graph) => {
    for (const { op, name, on, at } of graph.nodes) {
      if (op !== 'score' || scratches.has(`${on}/${name}/${at}`)) continue;
      knownItem(program.streams[on as string] as StreamDeclaration, on as string, at);
      const wide = (table: string) => ({
        width: atoms.widthOf(table),
        rows: atoms.made.has(table) ? 0 : cells(table).rows,
      });
      scratches.set(`${on}/${name}/${at}`, scratchOf(atoms.atom(name), wide, graph.size(on as string), true, layout));
    }
    madeRows.reserve(graph);
  };

  /** Ids of the side in a row of the stream's batch. */
  const itemsOf = (stream: string, side: 'user' | 'item'): number => {
    const of = program.streams[stream];
    return side === 'item' && of?.draw === 'triples' ? 1 + of.negatives : 1;
  };
  const tallies = new Map<string, Tally>();
  const tallyOf = (streams: readonly string[], side: 'user' | 'item'): Counted => {
    const key = `${side} ${[...streams].sort().join(' ')}`;
    const most = streams.reduce((sum, stream) => sum + (sizes.get(stream) ?? 0) * itemsOf(stream, side), 0);
    const tally = tallies.get(key) ?? new Tally(side === 'user' ? rows.users : rows.items, most, layout);
    tallies.set(key, tally);
    return { key, tally, streams, side };
  };

  const compile = (step: StepDeclaration, name: string, watched: Program['watch']) => {
    const graph = newGraph();
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
    const batchRows = (on: readonly string[], side: 'user' | 'item'): RowList => {
      const mine = tallyOf(on, side);
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
    reserveScores(graph);
    const reads = readsOf(graph, atoms, step.penalties);
    const reached = new Set(
      slopes.flatMap(([leaf]) => {
        const { op, name: at } = graph.node(leaf);
        return op === 'score' ? atoms.sources(at).flatMap(({ table, stopped }) => (stopped ? [] : [table])) : [];
      }),
    );
    const target = (table: string) => (moved.has(table) ? (tables.get(table) as BoundTable).gradient : -1);
    const spreads = spreadsOf(propagations.all, reads, reached, target, batchRows);
    return {
      step,
      graph,
      loss,
      track,
      parts,
      moved,
      watch,
      slopes,
      planned,
      spread,
      penalties,
      counted,
      reads,
      spreads,
    };
  };
  const compiled = program.batch.map((step, n) => compile(step, `step ${n + 1}`, n === 0 ? program.watch : []));
  const last = program.onStop?.steps.map((step, n) => compile(step, `step ${n + 1} on stop`, [])) ?? [];
  const passes = (program.every ?? []).flatMap((act) =>
    'pass' in act
      ? [{ every: act.every, steps: act.pass.map((step, n) => compile(step, `step ${n + 1} of a pass`, [])) }]
      : [],
  );
  const assigns = (program.every ?? []).flatMap((act) => {
    if ('pass' in act) return [];
    const graph = newGraph();
    const value = graph.read(act.argmin, act.over);
    if (graph.node(value).on === undefined || program.streams[act.over]?.draw !== 'observed')
      throw new TypeError(`'${act.assign}' is reassigned by rows of a stream of observed rows`);
    const planned = plan(graph, [value], layout, `assignment of ${act.assign}`);
    reserveScores(graph);
    return [{ act, graph, value, planned }];
  });
  const held = program.onStop && compileHeld(program.onStop.hold, newGraph(), layout);
  if (held) reserveScores(held.graph);

  const passed = passes.flatMap(({ steps }) => steps);
  const largestBatch = Math.max(...sizes.values());
  const zeros = layout.takeIds(largestBatch);
  const places = layout.takeIds(largestBatch);
  const turned = layout.takeFloats(largestBatch);
  const columnsOf = new Map<string, Set<string>>([...sizes.keys()].map((stream) => [stream, new Set<string>()]));
  for (const { graph } of [...compiled, ...last, ...passed, ...assigns, ...(held ? [held] : [])])
    for (const node of graph.nodes) if (node.op === 'column') columnsOf.get(node.on as string)?.add(node.name);
  const batches = new Map<string, Batch>();
  for (const [streamName, size] of sizes) {
    const stream = program.streams[streamName] as StreamDeclaration;
    const columns = [...(columnsOf.get(streamName) as Set<string>)].map((name) => {
      knownColumn(name, stream, streamName, rows);
      return [name, layout.takeFloats(size)] as const;
    });
    batches.set(streamName, {
      size,
      user: layout.takeIds(size),
      item: layout.takeIds(size),
      ...(stream.draw === 'triples' && {
        negatives: Array.from({ length: itemsOf(streamName, 'item') - 1 }, () => layout.takeIds(size)),
      }),
      columns: Object.fromEntries(columns),
      states: Object.fromEntries(
        stream.draw === 'observed'
          ? Object.keys(program.state ?? {}).map((column) => [column, layout.takeIds(size)])
          : [],
      ),
    });
  }
  const all = [...compiled, ...last, ...passed];
  const lazy = lazyTables(
    program,
    all.map(({ reads }) => reads),
  );
  const touched = all.map(({ reads, counted }) => {
    const lists = new Map<string, RowList>();
    for (const [table, streams] of reads) {
      if (!lazy.has(table)) continue;
      const mine = tallyOf([...streams], declared[table]!.rows as 'user' | 'item');
      counted.set(mine.key, mine);
      lists.set(table, mine.tally);
    }
    return lists;
  });
  const groups = new Map(
    Object.entries(program.groups).map(([name, group]) => {
      const stranger = group.own.find((table) => !tables.has(table));
      if (stranger !== undefined) throw new TypeError(`group '${name}' owns '${stranger}', which is not declared`);
      return [name, optimiser(name, group, tables, layout, (tree) => fixed(newGraph(), tree))] as const;
    }),
  );

  const { memory, kernels } = open(layout, options);
  for (const graph of propagations.graphs) graph.write(memory);
  for (const [name, { declaration, values, rows: count, stride }] of tables)
    initialise(memory.floats, values, count, stride, declaration, options.random.for(`init/${name}`), (port) => {
      const model = options.inputs?.[port]?.model;
      if (model === undefined) throw new TypeError(`table '${name}' starts from port '${port}', which was not given`);
      return model;
    });

  for (let r = 0; r < largestBatch; r++) memory.ids[places + r] = r;

  let pairs: ObservedPairs | undefined;
  const observed = () => (pairs ??= new ObservedPairs(rows.user, rows.item, rows.users, rows.items));
  const drawn = Object.entries(program.streams).map(([name, stream]) => {
    const batch = batches.get(name) as Batch;
    if (stream.draw === 'observed') return observedSampler(name, batch, rows, memory, options.random, stream.last);
    if (stream.draw === 'triples') return tripleSampler(name, batch, rows, memory, options.random, stream);
    if (stream.draw === 'blocks') return blockSampler(name, batch, rows, memory, options.random, observed, stream);
    return pairSampler(name, batch, rows, memory, options.random, observed);
  });
  const samplers = [...drawn, ...madeRows.samplers(memory, options.random)];
  const surroundings = (stream: string, moved: ReadonlySet<string>, at: number) => {
    const batch = batches.get(stream) as Batch;
    const item = at === 0 ? batch.item : (batch.negatives?.[at - 1] as number);
    return {
      kernels,
      memory,
      place: (name: string): Place => {
        const moves = atoms.behind(name).some((table) => moved.has(table));
        const own = madeRows.cells(stream, at, name);
        if (own !== undefined) return placeOf(own, moves);
        const { values, gradient, stride, rows: count } = cells(name);
        return { values, gradient: moves ? gradient : -1, stride, width: atoms.widthOf(name), rows: count };
      },
      ids: (side: AtomEdge['rows']) =>
        side === 'user' ? batch.user : side === 'item' ? item : side === 'batch' ? places : zeros,
      state: (column: string): number => {
        const place = batch.states?.[column];
        if (place === undefined)
          throw new TypeError(
            `state column '${column}' is not declared, or stream '${stream}' does not draw observed rows`,
          );
        return place;
      },
      input: (port: string) => {
        const input = options.inputs?.[port];
        if (input?.scorer === undefined) throw new TypeError(`a score reads port '${port}', which was not given`);
        return input.scorer;
      },
    };
  };
  const none: ReadonlySet<string> = new Set();
  const leaves: Leaves = {
    memory,
    column: (stream, name) => (batches.get(stream) as Batch).columns[name] as number,
    parameter: (name) => memory.floats[(tables.get(name) as BoundTable).values] as number,
    score: (stream, name, at, out) =>
      scoreRows(atoms.atom(name), surroundings(stream, none, at), out, scratches.get(`${stream}/${name}/${at}`)),
  };

  /** Counts anew the rows that are counted before a step. */
  const counting = (counted: ReadonlyMap<string, Counted>) => {
    const all = [...counted.values()].map(({ tally, streams, side }) => ({
      tally,
      batches: streams.flatMap((stream) => {
        const batch = batches.get(stream) as Batch;
        const drawn = [batch[side], ...((side === 'item' && batch.negatives) || [])];
        return drawn.map((ids) => ({ ids, size: batch.size }));
      }),
    }));
    return () => {
      for (const { tally, batches: of } of all) tally.count(kernels, of);
    };
  };
  const bound = (from: Compiled) => {
    const { step, graph, loss, track, parts, moved, watch, slopes, planned, spread, penalties, spreads } = from;
    const lists = touched[all.indexOf(from)] as ReadonlyMap<string, RowList>;
    const rowsRead = (table: string) => lists.get(table) ?? (lazy.has(table) ? noRows : undefined);
    const count = counting(from.counted);
    const lowered: Lowered = planned.bind(kernels, leaves);
    const back = slopes.map(([leaf, d]) => {
      const { op, name, on, at } = graph.node(leaf);
      if (op === 'parameter') {
        const { gradient } = tables.get(name) as BoundTable;
        return () => {
          memory.floats[gradient] = (memory.floats[gradient] as number) + lowered.value(d);
        };
      }
      const { size } = batches.get(on as string) as Batch;
      const constant = spread.get(leaf);
      const slope = constant ?? lowered.register(d);
      const scratch = scratches.get(`${on}/${name}/${at}`);
      const push = pushBack(atoms.atom(name), surroundings(on as string, moved, at), slope, size, scratch, turned);
      if (constant === undefined) return push;
      return () => {
        kernels.fill(constant, size, lowered.value(d));
        push();
      };
    });
    const make = madeRows.making(graph, (stream, at) => surroundings(stream, none, at));
    const unmake = madeRows.unmaking(graph, (stream, at) => surroundings(stream, moved, at));
    let penalised = 0;
    const movers = step.move.map((name) => groups.get(name) as Optimiser);
    // a table that several groups own keeps its gradient until the last of them has moved
    const lastOwner = new Map<string, Optimiser>();
    for (const mover of movers) for (const table of mover.own) lastOwner.set(table, mover);
    const isLast = movers.map((mover) => (table: string) => lastOwner.get(table) === mover);
    const made: BoundStep = {
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
        for (const { on, penalty: p } of penalties) penalised += p.add(kernels, batches.get(on), memory);
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
    return made;
  };
  type Compiled = ReturnType<typeof compile>;

  const making = (graph: Graph) => {
    const make = madeRows.making(graph, (stream, at) => surroundings(stream, none, at));
    return () => {
      for (const propagation of propagations.all) propagation.forward(kernels);
      make();
    };
  };
  const hold = held?.bind(kernels, leaves, (name, value) => {
    memory.floats[(tables.get(name) as BoundTable).values] = value;
  });
  const makeHeld = held && making(held.graph);
  const onStop = hold && {
    hold() {
      makeHeld?.();
      hold();
    },
    steps: last.map(bound),
  };
  const stepsPerEpoch = Math.min(...samplers.map((s) => s.steps));
  const assignments = assigns.map(({ act, graph, value, planned }) => {
    const { classes } = program.state?.[act.assign] ?? {};
    if (classes === undefined) throw new TypeError(`'${act.assign}' is reassigned and is no state column`);
    const make = making(graph);
    const lowered = planned.bind(kernels, leaves);
    const run = () => {
      make();
      lowered.run();
    };
    const column = { name: act.assign, classes };
    const batch = batches.get(act.over) as Batch;
    const assign = assigning(column, rows, batch, memory, { run, values: lowered.register(value) });
    return { every: act.every, name: act.assign, run: assign };
  });
  const kept = keptOf(
    [...tables].map(([name, { values, count }]) => [`table ${name}`, memory.floats.subarray(values, values + count)]),
    Object.keys(program.state ?? {}).map((name) => [`state ${name}`, rows.columns[name] as Float32Array]),
    ...[...groups.values()].map((group) => group.kept(memory)),
  );
  return {
    memory,
    kernels,
    steps: compiled.map(bound),
    onStop,
    passes: passes.map(({ every, steps }) => ({ every, steps: steps.map(bound) })),
    assignments,
    state: Object.fromEntries(
      Object.keys(program.state ?? {}).map((name) => [name, rows.columns[name] as Float32Array]),
    ),
    samplers,
    stepsPerEpoch,
    tables,
    bags: () => madeRows.bags(memory, (name) => tables.get(name) as BoundTable),
    propagations: propagations.all,
    groups,
    kept,
  };
}

/** The rows of one side that are counted before a step, over the batches of some streams. */
interface Counted {
  readonly key: string;
  readonly tally: Tally;
  readonly streams: readonly string[];
  readonly side: 'user' | 'item';
}
const noRows: RowList = { list: 0, counts: 0, n: 0 };

function open(layout: Layout, { precision, numeric = plainEngine }: BindOptions): { memory: Memory; kernels: Kernels } {
  if (precision === 'f64') {
    const memory = layout.wide();
    return { memory, kernels: plainKernels(memory) };
  }
  const arena = numeric.arena(layout.bytes);
  const memory = layout.build(arena.buffer);
  return { memory, kernels: arena.kernels(memory) };
}

/** Which side the features at a port are about. */
function sidesOf(atoms: Atoms): ReadonlyMap<string, 'user' | 'item'> {
  const sides = new Map<string, 'user' | 'item'>();
  for (const of of atoms.made.values()) if ('bag' in of) sides.set(of.features, of.side);
  return sides;
}

/** The value of an expression of constants and given numbers. */
function fixed(graph: Graph, tree: Tree): number {
  const id = graph.read(tree, undefined);
  if (!graph.isConstant(id)) throw new TypeError('a bound is made of constants and given numbers alone');
  return graph.node(id).value;
}

const largest = (ids: Uint32Array): number => ids.reduce((a, b) => Math.max(a, b), 0);

const rowsOf = ({ rows }: TableDeclaration, of: TrainingRows): number =>
  rows === 'user' ? of.users : rows === 'item' ? of.items : rows === 'one' ? 1 : rows;

function scalar(graph: Graph, tree: Tree): Id {
  const id = graph.read(tree, undefined);
  if (graph.node(id).on !== undefined) throw new TypeError('a loss is one number: reduce its rows with sum or mean');
  return id;
}

/** Numbers that are read off the last batch and kept in parameters. */
function compileHeld(hold: Readonly<Record<string, Tree>>, graph: Graph, layout: Layout) {
  const wanted = Object.entries(hold).map(([name, tree]) => [name, scalar(graph, tree)] as const);
  const planned = plan(
    graph,
    wanted.map(([, id]) => id),
    layout,
    'on stop',
  );
  return {
    graph,
    bind(kernels: Kernels, leaves: Leaves, keep: (name: string, value: number) => void) {
      const lowered = planned.bind(kernels, leaves);
      return () => {
        lowered.run();
        for (const [name, id] of wanted) {
          const value = lowered.value(id);
          if (!Number.isFinite(value))
            throw new Problem('step-failed', `'${name}' is ${value} on the last batch`, { where: 'on stop' });
          keep(name, value);
        }
      };
    },
  };
}
