/**
 * A graph becomes a list of vector operations. Operations between two reductions form a pass, which runs over blocks of rows,
 * so that what one operation writes is still in the nearest cache when the next one reads it.
 */
import type { Graph, GraphNode, Id } from '../expression/graph.ts';
import { exp, log, sigmoid, softplus } from '../kernels/elementary.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { type CrossRoom, crossOperation, crossRoom } from './cross.ts';
import type { Layout, Memory } from './memory.ts';
import { solver } from './solve.ts';

const blockRows = 1024;

/** Runs on rows `from .. from + n` of the batch. */
export type RowOperation = (from: number, n: number) => void;
interface Pass {
  readonly rows: { readonly stream: string; readonly size: number; readonly operations: RowOperation[] }[];
  readonly sums: Id[];
  readonly maxima: Id[];
  readonly scalars: (() => void)[];
}
/** Where the leaves of a graph are. */
export interface Leaves {
  readonly memory: Memory;
  /** Position of a column's values on a stream. */
  readonly column: (stream: string, name: string) => number;
  /** What computes a score leaf's values into `out`. */
  readonly score: (stream: string, name: string, at: number, out: number) => RowOperation;
  /** The present value of a trainable number. */
  readonly parameter: (name: string) => number;
}
export interface Lowered {
  run(): void;
  /** The value of a scalar node after `run`. */
  value(id: Id): number;
  /** Position of a rows node's values. */
  register(id: Id): number;
}
export interface Planned {
  /** Binds the plan to memory; called once, after the layout has been built. */
  bind(kernels: Kernels, leaves: Leaves): Lowered;
}

const rank = (graph: Graph, id: Id) => (graph.node(id).on === undefined ? 'one' : 'rows');
const unstop = (graph: Graph, id: Id): Id => {
  let at = id;
  while (graph.node(at).op === 'stop') at = graph.node(at).args[0] as Id;
  return at;
};

/** Reserves memory for everything that `wanted` needs; rows nodes in `wanted` keep their values. */
export function plan(graph: Graph, wanted: readonly Id[], layout: Layout, name = 'program'): Planned {
  const needed = new Set<Id>();
  const stack = wanted.map((id) => unstop(graph, id));
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    if (needed.has(id)) continue;
    needed.add(id);
    stack.push(...graph.node(id).args.map((a) => unstop(graph, a)));
  }
  const order = [...needed].sort((a, b) => a - b);

  // the pass in which a node's value appears: reductions end a pass, and rows that read them wait for the next one
  const passOf = new Map<Id, number>();
  let passes = 0;
  for (const id of order) {
    const node = graph.node(id);
    const args = node.args.map((a) => unstop(graph, a));
    const rows = rank(graph, id) === 'rows';
    const pass = args.reduce((most, a) => {
      const ends = rows && rank(graph, a) === 'one' && !isFixed(graph.node(a)) ? 1 : 0;
      return Math.max(most, (passOf.get(a) ?? 0) + ends);
    }, 0);
    passOf.set(id, pass);
    passes = Math.max(passes, pass + 1);
  }

  const registers = new Map<Id, number>();
  const fills = new Map<Id, readonly number[]>();
  const crosses = new Map<Id, CrossRoom>();
  for (const id of order) {
    const node = graph.node(id);
    if (node.op === 'cross')
      crosses.set(id, crossRoom(graph.size(graph.node(node.args[0] as Id).on as string), layout));
    if (node.op === 'crossGate' || node.op === 'crossScore') {
      const room = crosses.get(node.args[0] as Id) as CrossRoom;
      registers.set(id, node.op === 'crossGate' ? room.gates : room.scores);
      continue;
    }
    if (node.on === undefined || node.op === 'column') continue;
    registers.set(id, layout.takeFloats(graph.size(node.on)));
    if (node.op === 'where')
      fills.set(
        id,
        node.args.map((a) =>
          rank(graph, unstop(graph, a)) === 'one' ? layout.takeFloats(graph.size(node.on as string)) : -1,
        ),
      );
  }

  return {
    bind(kernels, leaves) {
      const scalars = new Float64Array(graph.nodes.length);
      const register = (id: Id): number => {
        const at = unstop(graph, id);
        const node = graph.node(at);
        const found = node.op === 'column' ? leaves.column(node.on as string, node.name) : registers.get(at);
        if (found === undefined) throw new RangeError(`${name}: node ${id} has no values`);
        return found;
      };
      const first: (() => void)[] = [];
      const list: Pass[] = Array.from({ length: passes }, () => ({ rows: [], sums: [], maxima: [], scalars: [] }));
      const inPass = (id: Id, stream: string, operation: RowOperation) => {
        const pass = list[passOf.get(id) as number] as Pass;
        let group = pass.rows.find((g) => g.stream === stream);
        if (group === undefined) {
          group = { stream, size: graph.size(stream), operations: [] };
          pass.rows.push(group);
        }
        group.operations.push(operation);
      };
      for (const id of order) {
        const node = graph.node(id);
        if (node.op === 'constant') scalars[id] = node.value;
        else if (node.op === 'parameter')
          first.push(() => {
            scalars[id] = leaves.parameter(node.name);
          });
        else if (node.op === 'sum' || node.op === 'max') {
          const pass = list[passOf.get(id) as number] as Pass;
          const a = register(node.args[0] as Id);
          const stream = graph.node(node.args[0] as Id).on as string;
          if (node.op === 'sum') {
            pass.sums.push(id);
            inPass(id, stream, (from, n) => {
              scalars[id] = (scalars[id] as number) + kernels.sum(a + from, n);
            });
          } else {
            pass.maxima.push(id);
            inPass(id, stream, (from, n) => {
              scalars[id] = Math.max(scalars[id] as number, kernels.max(a + from, n));
            });
          }
        } else if (node.op === 'cross') {
          const [gate, s] = node.args.map(register) as [number, number];
          const run = crossOperation(crosses.get(id) as CrossRoom, gate, s, node.low as 1 | -1, kernels, leaves.memory);
          (list[passOf.get(id) as number] as Pass).scalars.push(() => {
            scalars[id] = run();
          });
        } else if (node.on === undefined) {
          const pass = list[passOf.get(id) as number] as Pass;
          pass.scalars.push(
            scalarOperation(
              id,
              node,
              node.args.map((a) => unstop(graph, a)),
              scalars,
            ),
          );
        } else if (node.op === 'score') inPass(id, node.on, leaves.score(node.on, node.name, node.at, register(id)));
        else if (node.op !== 'column' && node.op !== 'crossGate' && node.op !== 'crossScore') {
          const args = node.args.map((a) => {
            const at = unstop(graph, a);
            return rank(graph, at) === 'rows' ? { rows: register(at), one: -1 } : { rows: -1, one: at };
          });
          inPass(id, node.on, rowOperation(node, args, register(id), scalars, kernels, fills.get(id) ?? []));
        }
      }
      const run = () => {
        for (const read of first) read();
        runPasses(list, scalars);
      };
      return { run, value: (id) => scalars[unstop(graph, id)] as number, register };
    },
  };
}

/** Known before the first pass. */
const isFixed = (node: GraphNode) => node.op === 'constant' || node.op === 'parameter';

function runPasses(passes: readonly Pass[], scalars: Float64Array): void {
  for (const pass of passes) {
    for (const id of pass.sums) scalars[id] = 0;
    for (const id of pass.maxima) scalars[id] = Number.NEGATIVE_INFINITY;
    for (const { size, operations } of pass.rows)
      for (let from = 0; from < size; from += blockRows) {
        const n = Math.min(blockRows, size - from);
        for (let i = 0; i < operations.length; i++) (operations[i] as RowOperation)(from, n);
      }
    for (let i = 0; i < pass.scalars.length; i++) (pass.scalars[i] as () => void)();
  }
}

function scalarOperation(id: Id, node: GraphNode, args: readonly Id[], s: Float64Array): () => void {
  const [a = 0, b = 0, c = 0] = args;
  const { low, high } = node;
  switch (node.op) {
    case 'add':
      return () => (s[id] = s[a]! + s[b]!);
    case 'sub':
      return () => (s[id] = s[a]! - s[b]!);
    case 'mul':
      return () => (s[id] = s[a]! * s[b]!);
    case 'div':
      return () => (s[id] = s[a]! / s[b]!);
    case 'neg':
      return () => (s[id] = -s[a]!);
    case 'exp':
      return () => (s[id] = exp(s[a]!));
    case 'log':
      return () => (s[id] = log(s[a]! + low));
    case 'sigmoid':
      return () => (s[id] = sigmoid(s[a]!));
    case 'softplus':
      return () => (s[id] = softplus(s[a]!));
    case 'clip':
      return () => (s[id] = Math.min(Math.max(s[a]!, low), high));
    case 'inside':
      return () => (s[id] = s[a]! >= low && s[a]! <= high ? 1 : 0);
    case 'where':
      return () => (s[id] = s[a] !== 0 ? s[b]! : s[c]!);
    case 'solve': {
      const solve = solver(args.length);
      return () => (s[id] = solve(s, args, low));
    }
    default:
      throw new TypeError(`there is no operation '${node.op}' on numbers`);
  }
}

interface Argument {
  /** Position of the rows, or -1. */
  readonly rows: number;
  /** The scalar node, or -1. */
  readonly one: Id;
}
function rowOperation(
  node: GraphNode,
  args: readonly Argument[],
  out: number,
  s: Float64Array,
  k: Kernels,
  fills: readonly number[],
): RowOperation {
  const none: Argument = { rows: -1, one: 0 };
  const [a = none, b = none] = args;
  const x = a.rows;
  const y = b.rows;
  const { low, high } = node;
  switch (node.op) {
    case 'add':
      if (x < 0) return (from, n) => k.affine(y + from, 1, s[a.one]!, out + from, n);
      if (y < 0) return (from, n) => k.affine(x + from, 1, s[b.one]!, out + from, n);
      return (from, n) => k.add(x + from, y + from, out + from, n);
    case 'sub':
      if (x < 0) return (from, n) => k.affine(y + from, -1, s[a.one]!, out + from, n);
      if (y < 0) return (from, n) => k.affine(x + from, 1, -s[b.one]!, out + from, n);
      return (from, n) => k.sub(x + from, y + from, out + from, n);
    case 'mul':
      if (x < 0) return (from, n) => k.affine(y + from, s[a.one]!, 0, out + from, n);
      if (y < 0) return (from, n) => k.affine(x + from, s[b.one]!, 0, out + from, n);
      return (from, n) => k.mul(x + from, y + from, out + from, n);
    case 'div':
      if (x < 0) return (from, n) => k.under(y + from, s[a.one]!, out + from, n);
      if (y < 0) return (from, n) => k.affine(x + from, 1 / s[b.one]!, 0, out + from, n);
      return (from, n) => k.div(x + from, y + from, out + from, n);
    case 'neg':
      return (from, n) => k.affine(x + from, -1, 0, out + from, n);
    case 'exp':
      return (from, n) => k.exp(x + from, out + from, n);
    case 'log':
      return (from, n) => k.log(x + from, low, out + from, n);
    case 'sigmoid':
      return (from, n) => k.sigmoid(x + from, out + from, n);
    case 'softplus':
      return (from, n) => k.softplus(x + from, out + from, n);
    case 'clip':
      return (from, n) => k.clip(x + from, low, high, out + from, n);
    case 'inside':
      return (from, n) => k.inside(x + from, low, high, out + from, n);
    case 'where': {
      const at = args.map((arg, i) => (arg.rows >= 0 ? arg.rows : (fills[i] as number)));
      const filled = args.flatMap((arg, i) => (arg.rows >= 0 ? [] : [{ to: fills[i] as number, from: arg.one }]));
      const [condition = 0, yes = 0, no = 0] = at;
      return (from, n) => {
        for (const { to, from: one } of filled) k.fill(to + from, n, s[one]!);
        k.where(condition + from, yes + from, no + from, out + from, n);
      };
    }
    default:
      throw new TypeError(`there is no operation '${node.op}' on rows`);
  }
}
