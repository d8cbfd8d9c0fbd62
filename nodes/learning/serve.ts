/** Scores of a trained model, from nothing but its parameters: the head says how they make a score. */
import { z } from 'zod';
import { Problem, type TensorBundle } from '../../core/index.ts';
import type { Edge, Program, ScoreDeclaration, TableShape } from './declaration.ts';
import { Graph } from './expression/graph.ts';
import type { Tree } from './expression/tree.ts';
import { type NumericEngine, plainEngine } from './kernels/numeric.ts';
import { type AtomEdge, Atoms } from './machine/atoms.ts';
import { BatchRows } from './machine/batch-rows.ts';
import { plan } from './machine/lower.ts';
import { type BagEdge, bagName, placeOf } from './machine/made-rows.ts';
import { Layout, strideOf } from './machine/memory.ts';
import { type Place, scoreRows, scratchOf } from './machine/scores.ts';
import { edgesOf, propagatedTables, settled } from './propagation/edge.ts';

/** What the head of `Params` holds beside the method. */
export interface Serving {
  readonly tables: Readonly<Record<string, TableShape>>;
  readonly scores: Readonly<Record<string, ScoreDeclaration>>;
  readonly serve: Tree;
  readonly readouts?: Readonly<Record<string, Tree>>;
}
const Head = z.looseObject({
  serving: z.looseObject({
    tables: z.record(
      z.string(),
      z.looseObject({ rows: z.union([z.enum(['user', 'item', 'one']), z.number()]), width: z.number() }),
    ),
    scores: z.record(z.string(), z.unknown()),
    serve: z.looseObject({ op: z.string() }),
    readouts: z.record(z.string(), z.looseObject({ op: z.string() })).optional(),
  }),
});

/**
 * What a head must say so that its tensors can be served: only the tables and scores that what is served reads. Rows
 * that training propagates over a graph are served as tables of their own, so that a scorer needs no graph.
 */
export function servingOf(program: Program): Serving {
  const scores = new Set<string>();
  const parameters = new Set<string>();
  const walk = (tree: Tree): void => {
    if (tree.op === 'score') scores.add(tree.name);
    if (tree.op === 'parameter') parameters.add(tree.name);
    if ('of' in tree) tree.of.forEach(walk);
  };
  walk(program.serve);
  Object.values(program.readouts ?? {}).forEach(walk);
  const read = Object.entries(program.scores).filter(([name]) => scores.has(name));
  const used = Object.fromEntries(read.map(([name, score]) => [name, settled(score, program.tables)]));
  const tables = { ...program.tables, ...propagatedTables(program), ...baggedTables(program) };
  const text = JSON.stringify(used);
  return {
    tables: Object.fromEntries([
      ...Object.entries(tables).filter(([name]) => text.includes(JSON.stringify(name))),
      ...Object.entries(program.parameters)
        .filter(([name]) => parameters.has(name))
        .map(([name, start]) => [name, { rows: 'one', width: 1, start: { constant: start } } as const] as const),
    ]),
    scores: used,
    serve: program.serve,
    ...(program.readouts && { readouts: program.readouts }),
  };
}

/** The bags that the scores of a program read. */
export function bagsIn({ scores }: Pick<Program, 'scores'>): readonly BagEdge[] {
  const found: BagEdge[] = [];
  const note = (edge: Edge): void => {
    if (typeof edge === 'string') return;
    if ('stop' in edge) note(edge.stop);
    if ('reverse' in edge) note(edge.reverse);
    if ('times' in edge) edge.times.forEach(note);
    if ('bag' in edge) found.push(edge);
  };
  for (const score of Object.values(scores)) edgesOf(score).forEach(note);
  return found;
}
/** The tables that the sums of bags are served as. */
const baggedTables = (program: Program): Serving['tables'] =>
  Object.fromEntries(
    bagsIn(program).map((edge) => [
      bagName(edge),
      { rows: edge.side, width: (program.tables[edge.bag] as TableShape).width },
    ]),
  );

export interface Scorer {
  readonly users: number;
  readonly items: number;
  /** Writes the score of pair (user[r], item[r]) to out[r]; ids must be below `users` and `items`. */
  score(user: Uint32Array, item: Uint32Array, out: Float32Array): void;
}

const block = 4096;

/** @throws Problem bad-data when the head does not say how to score */
export function servingIn(model: TensorBundle<unknown>): Serving {
  const head = Head.safeParse(model.head);
  if (head.success) return head.data.serving as unknown as Serving;
  throw new Problem('bad-data', 'the parameters do not say how to score pairs', {
    hint: 'they must come from a learner: their head holds the serve expression',
  });
}

/**
 * Reads a model.
 * @param model `Params` of a learner, or any bundle whose head holds the same `serving`
 * @param numeric the service that computes; nodes pass the one that they were given
 * @param readout what to score instead of the score that the model serves
 * @throws Problem bad-data when the head does not say how to score, or a tensor does not fit it
 */
export function scorer(model: TensorBundle<unknown>, numeric: NumericEngine = plainEngine, readout?: string): Scorer {
  const { tables, scores, serve, readouts = {} } = servingIn(model);
  const asked = readout === undefined ? serve : readouts[readout];
  if (asked === undefined)
    throw new Problem('bad-data', `the model has no readout '${readout}'`, {
      hint: `it has ${Object.keys(readouts).join(', ') || 'none but its score'}`,
    });
  const layout = new Layout();
  const atoms = new Atoms(tables, scores);
  const graph = new Graph({ size: () => block, given: () => Number.NaN, count: () => Number.NaN }, atoms.of);
  const result = graph.read(asked, 'pairs');
  const planned = plan(graph, [result], layout, 'serve');
  const out = graph.node(result).on === undefined ? layout.takeFloats(block) : -1;
  const places = new Map<string, Place>();
  let users = Number.POSITIVE_INFINITY;
  let items = Number.POSITIVE_INFINITY;
  for (const [name, { rows, width }] of Object.entries(tables)) {
    const tensor = model.tensors[name];
    const count = tensor?.shape[0] ?? 0;
    if (tensor === undefined || tensor.data.length !== count * width)
      throw new Problem('bad-data', `the parameters lack table '${name}', or it is not ${width} wide`);
    if (rows === 'user') users = Math.min(users, count);
    if (rows === 'item') items = Math.min(items, count);
    const stride = strideOf(width);
    places.set(name, { values: layout.takeFloats(count * stride), gradient: -1, rows: count, stride, width });
  }
  const wide = (table: string) => ({ width: atoms.widthOf(table), rows: places.get(table)?.rows ?? 0 });
  const scratches = new Map(
    graph.nodes
      .filter(({ op }) => op === 'score')
      .map(({ name }) => [name, scratchOf(atoms.atom(name), wide, block, false, layout)]),
  );
  const madeRows = new BatchRows(atoms, layout, false, (port) => {
    throw new TypeError(`a served score cannot read features at port '${port}'`);
  });
  madeRows.reserve(graph);
  const userAt = layout.takeIds(block);
  const itemAt = layout.takeIds(block);
  const zeros = layout.takeIds(block);
  const rowAt = layout.takeIds(block);
  const arena = numeric.arena(layout.bytes);
  const memory = layout.build(arena.buffer);
  const kernels = arena.kernels(memory);
  for (const [name, { values, rows, stride, width }] of places) {
    const { data } = model.tensors[name]!;
    for (let r = 0; r < rows; r++)
      for (let k = 0; k < width; k++) memory.floats[values + r * stride + k] = data[r * width + k] as number;
  }
  for (let r = 0; r < block; r++) memory.ids[rowAt + r] = r;
  const surroundings = {
    kernels,
    memory,
    place: (name: string): Place => {
      const made = madeRows.cells('pairs', 0, name);
      return made ? placeOf(made, false) : (places.get(name) as Place);
    },
    ids: (side: AtomEdge['rows']) =>
      side === 'user' ? userAt : side === 'item' ? itemAt : side === 'batch' ? rowAt : zeros,
    state: (column: string): number => {
      throw new TypeError(`a served score cannot read state column '${column}'`);
    },
    input: (port: string): Scorer => {
      throw new TypeError(`a served score cannot read port '${port}'`);
    },
  };
  const lowered = planned.bind(kernels, {
    memory,
    column: (_, name) => {
      throw new TypeError(`a served score cannot read column '${name}'`);
    },
    parameter: (name) => memory.floats[places.get(name)!.values] as number,
    score: (_, name, __, to) => scoreRows(atoms.atom(name), surroundings, to, scratches.get(name)),
  });
  const make = madeRows.making(graph, () => surroundings);
  const register = out >= 0 ? out : lowered.register(result);
  return {
    users,
    items,
    score(user, item, into) {
      for (let start = 0; start < user.length; start += block) {
        const n = Math.min(block, user.length - start);
        for (let r = 0; r < n; r++) {
          memory.ids[userAt + r] = user[start + r]!;
          memory.ids[itemAt + r] = item[start + r]!;
        }
        make();
        lowered.run();
        if (out >= 0) kernels.fill(out, n, lowered.value(result));
        for (let r = 0; r < n; r++) into[start + r] = memory.floats[register + r]!;
      }
    },
  };
}
