/** Binds a program to data: sizes one memory from the declaration, compiles every step, and hands out what training calls. */
import { Problem } from '../../../core/index.ts';
import type { Random } from '../../../core/numeric/index.ts';
import type { Program, StreamDeclaration, TableDeclaration } from '../declaration.ts';
import { gradients } from '../expression/differentiate.ts';
import { Graph, type Id } from '../expression/graph.ts';
import type { Tree } from '../expression/tree.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { type NumericEngine, plainEngine } from '../kernels/numeric.ts';
import { plainKernels } from '../kernels/plain.ts';
import { ObservedPairs } from '../sampling/observed.ts';
import { type Batch, observedSampler, pairSampler, type Sampler, type TrainingRows } from '../sampling/samplers.ts';
import { Atoms } from './atoms.ts';
import { initialise } from './initialise.ts';
import { type Lowered, plan, type RowOperation } from './lower.ts';
import { Layout, type Memory, type Precision, strideOf } from './memory.ts';
import { type Cells, type Optimiser, optimiser } from './optimiser.ts';
import { penalty } from './penalty.ts';

export interface Machine {
  readonly memory: Memory;
  readonly kernels: Kernels;
  readonly steps: BoundStep[];
  readonly samplers: readonly Sampler[];
  readonly stepsPerEpoch: number;
  readonly tables: ReadonlyMap<string, BoundTable>;
  readonly groups: ReadonlyMap<string, Optimiser>;
}
export interface BoundTable extends Cells {
  readonly declaration: TableDeclaration;
  readonly rows: number;
  readonly stride: number;
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
export interface Watched {
  readonly on: string;
  readonly size: number;
  readonly sum: number;
  readonly squares: number;
  readonly largest: number;
  readonly clipped: number;
}

export interface BindOptions {
  readonly random: Random;
  readonly givens?: Readonly<Record<string, number>>;
  /** `f64` only serves the finite-difference checks and always runs on the plain kernels. */
  readonly precision?: Precision;
  /** The plain kernels unless given. */
  readonly numeric?: NumericEngine;
}

/** @throws Problem bad-config when the data cannot fill the program's batches */
export function bind(program: Program, rows: TrainingRows, options: BindOptions): Machine {
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
    const count = declaration.rows === 'user' ? rows.users : declaration.rows === 'item' ? rows.items : 1;
    const stride = strideOf(declaration.width);
    tables.set(name, {
      declaration,
      rows: count,
      stride,
      count: count * stride,
      values: layout.takeFloats(count * stride),
      gradient: layout.takeFloats(count * stride),
    });
  }
  const sizes = batchSizes(program.streams, rows);
  const atoms = new Atoms(declared, program.scores);
  const newGraph = () =>
    new Graph(
      {
        size: (stream) => {
          const size = sizes.get(stream);
          if (size === undefined) throw new TypeError(`there is no stream '${stream}'`);
          return size;
        },
        count: (name) =>
          name === 'observed'
            ? rows.user.length
            : name === 'pairs'
              ? rows.users * rows.items
              : (rows.columns.y ?? new Float32Array(0)).reduce((a, b) => a + b, 0),
        given: (name) => {
          const value = options.givens?.[name];
          if (value === undefined) throw new TypeError(`number '${name}' is read by the method and was not given`);
          return value;
        },
      },
      atoms.of,
    );

  const compiled = program.batch.map((step, index) => {
    const graph = newGraph();
    const scalar = (tree: Tree): Id => {
      const id = graph.read(tree, undefined);
      if (graph.node(id).on !== undefined)
        throw new TypeError('a loss is one number: reduce its rows with sum or mean');
      return id;
    };
    const loss = scalar(step.loss);
    const track = step.track && scalar(step.track);
    const parts = Object.entries(step.parts ?? {}).map(([name, tree]) => [name, scalar(tree)] as const);
    const moved = new Set(step.move.flatMap((name) => program.groups[name]?.own ?? []));
    const watch = index === 0 ? program.watch.map((w) => watchNodes(graph, w)) : [];
    const slopes = [...gradients(graph, loss)].filter(([leaf]) => {
      const { op, name } = graph.node(leaf);
      return op === 'parameter' ? moved.has(name) : atomTables(atoms, name).some((t) => moved.has(t));
    });
    const wanted = [
      loss,
      ...(track === undefined ? [] : [track]),
      ...parts.map(([, part]) => part),
      ...slopes.map(([, d]) => d),
      ...watch.flatMap((w) => w.nodes),
    ];
    const planned = plan(graph, wanted, layout, `step ${index + 1}`);
    const spread = new Map(
      slopes.flatMap(([leaf, d]) => {
        const on = graph.node(leaf).on;
        return on !== undefined && graph.node(d).on === undefined
          ? [[leaf, layout.takeFloats(graph.size(on))] as const]
          : [];
      }),
    );
    const penalties = (step.penalties ?? []).map((p) => ({
      on: p.on,
      penalty: penalty(p, declared, tables, (table) => moved.has(table), layout),
    }));
    return { step, graph, loss, track, parts, moved, watch, slopes, planned, spread, penalties };
  });

  const zeros = layout.takeIds(Math.max(...sizes.values()));
  const columnsOf = new Map<string, Set<string>>([...sizes.keys()].map((stream) => [stream, new Set<string>()]));
  for (const { graph } of compiled)
    for (const node of graph.nodes) if (node.op === 'column') columnsOf.get(node.on as string)?.add(node.name);
  const batches = new Map<string, Batch>();
  for (const [stream, size] of sizes) {
    const columns = [...(columnsOf.get(stream) as Set<string>)].map((name) => {
      knownColumn(name, program.streams[stream] as StreamDeclaration, stream, rows);
      return [name, layout.takeFloats(size)] as const;
    });
    batches.set(stream, {
      size,
      user: layout.takeIds(size),
      item: layout.takeIds(size),
      columns: Object.fromEntries(columns),
    });
  }
  const groups = new Map(
    Object.entries(program.groups).map(([name, group]) => {
      const stranger = group.own.find((table) => !tables.has(table));
      if (stranger !== undefined) throw new TypeError(`group '${name}' owns '${stranger}', which is not declared`);
      return [name, optimiser(group, tables, layout)] as const;
    }),
  );

  const { memory, kernels } = open(layout, options);
  for (const [name, { declaration, values, rows: count, stride }] of tables)
    initialise(memory.floats, values, count, stride, declaration, options.random.for(`init/${name}`));

  let pairs: ObservedPairs | undefined;
  const observed = () => (pairs ??= new ObservedPairs(rows.user, rows.item, rows.users, rows.items));
  const samplers = Object.entries(program.streams).map(([name, stream]) => {
    const batch = batches.get(name) as Batch;
    return stream.draw === 'observed'
      ? observedSampler(name, batch, rows, memory, options.random)
      : pairSampler(name, batch, rows, memory, options.random, observed);
  });
  const ids = (batch: Batch, side: TableDeclaration['rows']) => (side === 'one' ? zeros : batch[side]);

  const steps = compiled.map(
    ({ step, graph, loss, track, parts, moved, watch, slopes, planned, spread, penalties }): BoundStep => {
      const lowered: Lowered = planned.bind(kernels, {
        column: (stream, name) => (batches.get(stream) as Batch).columns[name] as number,
        parameter: (name) => memory.floats[(tables.get(name) as BoundTable).values] as number,
        score: (stream, name, out): RowOperation => {
          const atom = atoms.atom(name);
          const batch = batches.get(stream) as Batch;
          if ('bias' in atom) {
            const { values, stride } = tables.get(atom.bias.table) as BoundTable;
            const at = ids(batch, atom.bias.rows);
            return (from, n) => kernels.gather(values, at + from, stride, out + from, n);
          }
          const [a, b] = atom.dot.map((edge) => ({
            ...(tables.get(edge.table) as BoundTable),
            at: ids(batch, edge.rows),
          }));
          return (from, n) =>
            kernels.gatherDot(a!.values, a!.at + from, b!.values, b!.at + from, a!.stride, out + from, n);
        },
      });
      const back = slopes.map(([leaf, d]) => {
        const { op, name, on } = graph.node(leaf);
        if (op === 'parameter') {
          const { gradient } = tables.get(name) as BoundTable;
          return () => {
            memory.floats[gradient] = (memory.floats[gradient] as number) + lowered.value(d);
          };
        }
        const batch = batches.get(on as string) as Batch;
        const constant = spread.get(leaf);
        const slope = constant ?? lowered.register(d);
        const push = scatterOf(atoms, name, tables, moved, batch, ids, kernels, slope);
        if (constant === undefined) return push;
        return () => {
          kernels.fill(constant, batch.size, lowered.value(d));
          push();
        };
      });
      let penalised = 0;
      const movers = step.move.map((name) => groups.get(name) as Optimiser);
      // a table that several groups own keeps its gradient until the last of them has moved
      const lastOwner = new Map<string, Optimiser>();
      for (const mover of movers) for (const table of mover.own) lastOwner.set(table, mover);
      const isLast = movers.map((mover) => (table: string) => lastOwner.get(table) === mover);
      return {
        groups: step.move,
        gradient() {
          lowered.run();
          for (let i = 0; i < back.length; i++) (back[i] as () => void)();
          penalised = 0;
          for (const { on, penalty: p } of penalties) penalised += p.add(kernels, batches.get(on) as Batch);
        },
        move() {
          for (let i = 0; i < movers.length; i++)
            (movers[i] as Optimiser).step(kernels, isLast[i] as (table: string) => boolean);
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
    },
  );

  const stepsPerEpoch = Math.min(...samplers.map((s) => s.steps));
  return { memory, kernels, steps, samplers, stepsPerEpoch, tables, groups };
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

function scatterOf(
  atoms: Atoms,
  name: string,
  tables: ReadonlyMap<string, BoundTable>,
  moved: ReadonlySet<string>,
  batch: Batch,
  ids: (batch: Batch, side: TableDeclaration['rows']) => number,
  kernels: Kernels,
  slope: number,
): () => void {
  const atom = atoms.atom(name);
  if ('bias' in atom) {
    const { gradient, stride } = tables.get(atom.bias.table) as BoundTable;
    const at = ids(batch, atom.bias.rows);
    return atom.bias.stopped ? () => {} : () => kernels.scatter(gradient, at, stride, slope, batch.size);
  }
  const [a, b] = atom.dot.map((edge) => {
    const table = tables.get(edge.table) as BoundTable;
    return { ...table, to: moved.has(edge.table) && !edge.stopped ? table.gradient : -1, at: ids(batch, edge.rows) };
  });
  return () => kernels.scatterDot(a!.values, a!.to, a!.at, b!.values, b!.to, b!.at, a!.stride, slope, batch.size);
}

const atomTables = (atoms: Atoms, name: string): readonly string[] => {
  const atom = atoms.atom(name);
  const edges = 'bias' in atom ? [atom.bias] : atom.dot;
  return edges.filter((edge) => !edge.stopped).map((edge) => edge.table);
};

function watchNodes(graph: Graph, { on, weights, clipped }: Program['watch'][number]) {
  const w = weights && graph.read(weights, on);
  const nodes =
    w === undefined || graph.isConstant(w)
      ? []
      : [
          graph.sum(on, w),
          graph.sum(on, graph.mul(w, w)),
          graph.read({ op: 'max', on, of: [weights as Tree] }, undefined),
        ];
  const share = clipped && graph.sum(on, graph.read(clipped, on));
  return {
    on,
    nodes: share === undefined ? nodes : [...nodes, share],
    read: (lowered: Lowered, size: number): Watched => {
      const [sum, squares, largest] = nodes.map((id) => lowered.value(id));
      return {
        on,
        size,
        sum: sum ?? Number.NaN,
        squares: squares ?? Number.NaN,
        largest: largest ?? Number.NaN,
        clipped: share === undefined ? Number.NaN : lowered.value(share),
      };
    },
  };
}

/** Rows of each stream's batch. */
function batchSizes(streams: Program['streams'], rows: TrainingRows): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  const pairs = rows.users * rows.items;
  for (const [name, stream] of Object.entries(streams)) {
    if (stream.draw === 'observed') sizes.set(name, Math.min(stream.batch, rows.user.length));
    else if ('batch' in stream) sizes.set(name, Math.min(stream.batch, pairs));
  }
  for (const [name, stream] of Object.entries(streams)) {
    if (!('per' in stream)) continue;
    const driver = sizes.get(stream.per);
    if (driver === undefined)
      throw new TypeError(`stream '${name}' follows stream '${stream.per}', which is not declared before it`);
    const size = Math.round(driver * stream.ratio);
    const steps = Math.floor(rows.user.length / driver);
    if (size * steps > pairs)
      throw new Problem(
        'bad-config',
        `an epoch of ${steps} batches needs ${size * steps} pairs, and ${rows.users} users x ${rows.items} items are ${pairs}`,
        {
          where: `ratio ${stream.ratio}`,
          hint: `at most ${Math.floor(pairs / (driver * steps))} pairs a rating can be drawn`,
        },
      );
    sizes.set(name, size);
  }
  for (const [name, size] of sizes)
    if (size === 0) throw new Problem('bad-data', `there is nothing to train on: stream '${name}' is empty`);
  return sizes;
}

function knownColumn(name: string, stream: StreamDeclaration, streamName: string, rows: TrainingRows): void {
  if (name === 'o') return;
  if (!(name in rows.columns))
    throw new TypeError(`there is no column '${name}'; there are o, ${Object.keys(rows.columns).join(', ')}`);
  if (stream.draw === 'pairs' && name !== 'y')
    throw new TypeError(
      `column '${name}' is known for observed rows only, and stream '${streamName}' draws from all pairs`,
    );
}
