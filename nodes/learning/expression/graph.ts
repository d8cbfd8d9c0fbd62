/**
 * Trees become one graph in which equal subexpressions on the same stream are computed once. Forward and backward live in the
 * same graph, so that a sigmoid of the loss serves the gradient too.
 */
import { notYet } from '../not-yet.ts';
import type { At, Count, Elementwise, Tree } from './tree.ts';

/** Position in `Graph.nodes`; arguments always come before their users. */
export type Id = number;
export type Operation =
  | Exclude<Elementwise, 'stop'>
  | 'stop'
  | 'sum'
  | 'max'
  | 'solve'
  | 'cross'
  | 'crossGate'
  | 'crossScore'
  | 'score'
  | 'column'
  | 'parameter'
  | 'constant';
export interface GraphNode {
  readonly op: Operation;
  readonly args: readonly Id[];
  /** The stream whose rows this is about; undefined for one value a batch. For `sum`, `max` and `cross` see `args`. */
  readonly on: string | undefined;
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** The item that a score of a triple is about: 0 the positive, n the n-th negative. */
  readonly at: number;
}
const placeOf = (at: At | undefined): number => (at === undefined || at === 'pos' ? 0 : at === 'neg' ? 1 : at + 1);
export interface Sizes {
  /** Rows of a batch of the stream. */
  readonly size: (stream: string) => number;
  readonly given: (name: string) => number;
  readonly count: (name: Count) => number;
}
export type ScoreAtoms = (name: string) => readonly string[];

const finite: Partial<Record<Operation, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
};

export class Graph {
  readonly nodes: GraphNode[] = [];
  readonly #known = new Map<string, Id>();
  readonly #trees = new Map<string, WeakMap<Tree, Id>>();
  readonly #sizes: Sizes;
  readonly #atoms: ScoreAtoms;

  /** @param atoms the names of the elementary scores that a declared score is the sum of */
  constructor(sizes: Sizes, atoms: ScoreAtoms) {
    this.#sizes = sizes;
    this.#atoms = atoms;
  }

  node = (id: Id): GraphNode => this.nodes[id] as GraphNode;
  size = (stream: string): number => this.#sizes.size(stream);
  constant = (value: number): Id => this.#make('constant', [], undefined, '', value);
  isConstant = (id: Id, value?: number): boolean =>
    this.node(id).op === 'constant' && (value === undefined || this.node(id).value === value);

  add(a: Id, b: Id): Id {
    if (this.isConstant(a, 0)) return b;
    if (this.isConstant(b, 0)) return a;
    return this.binary('add', a, b);
  }
  sub(a: Id, b: Id): Id {
    return this.isConstant(b, 0) ? a : this.binary('sub', a, b);
  }
  mul(a: Id, b: Id): Id {
    if (this.isConstant(a, 1)) return b;
    if (this.isConstant(b, 1)) return a;
    if (this.isConstant(a, 0) || this.isConstant(b, 0)) return this.constant(0);
    return this.binary('mul', a, b);
  }
  div(a: Id, b: Id): Id {
    if (this.isConstant(b, 1)) return a;
    if (this.isConstant(a, 0)) return a;
    return this.binary('div', a, b);
  }
  neg(a: Id): Id {
    return this.isConstant(a) ? this.constant(-this.node(a).value) : this.unary('neg', a);
  }
  unary(op: Operation, a: Id, low = 0, high = 0): Id {
    return this.#make(op, [a], this.node(a).on, '', 0, low, high);
  }
  binary(op: Operation, a: Id, b: Id): Id {
    const fold = finite[op];
    if (fold && this.isConstant(a) && this.isConstant(b))
      return this.constant(fold(this.node(a).value, this.node(b).value));
    return this.#make(op, [a, b], this.#join([a, b]));
  }
  where(condition: Id, yes: Id, no: Id): Id {
    return yes === no ? yes : this.#make('where', [condition, yes, no], this.#join([condition, yes, no]));
  }
  /** Sum over the rows of a stream; what is constant over the rows counts once a row. */
  sum(stream: string, rows: Id): Id {
    if (this.node(rows).on === undefined) return this.mul(rows, this.constant(this.size(stream)));
    return this.#make('sum', [rows], undefined, stream);
  }

  /** Entry `index` of A^-1 b, for the symmetric matrix A given row by row. */
  solve(matrix: readonly Id[], right: readonly Id[], index: number): Id {
    return this.#make('solve', [...matrix, ...right], undefined, '', 0, index);
  }

  /** Adds a tree; `stream` is the one whose reducer it stands under, undefined at the top. */
  read(tree: Tree, stream: string | undefined): Id {
    const memo = this.#trees.get(stream ?? '') ?? new WeakMap<Tree, Id>();
    this.#trees.set(stream ?? '', memo);
    const known = memo.get(tree);
    if (known !== undefined) return known;
    const id = this.#read(tree, stream);
    memo.set(tree, id);
    return id;
  }

  #read(tree: Tree, stream: string | undefined): Id {
    switch (tree.op) {
      case 'constant':
        return this.constant(tree.value);
      case 'given':
        return this.constant(this.#sizes.given(tree.name));
      case 'size':
        return this.constant(this.size(tree.on));
      case 'count':
        return this.constant(this.#sizes.count(tree.name));
      case 'parameter':
        return this.#make('parameter', [], undefined, tree.name);
      case 'column':
        return this.#make('column', [], this.#bound(stream, tree.name), tree.name);
      case 'score':
        return this.#atoms(tree.name)
          .map((atom) => this.#make('score', [], this.#bound(stream, tree.name), atom, 0, 0, 0, placeOf(tree.at)))
          .reduce((a, b) => this.add(a, b));
      case 'sum':
        return this.sum(tree.on, this.read(tree.of[0], tree.on));
      case 'ridge':
        return this.#ridge(tree.on, tree.of, tree.ridge, tree.index);
      case 'cross':
        return this.#cross(tree.on, this.read(tree.of[0], tree.on), this.read(tree.of[1], tree.on), tree.sign);
      case 'by':
        throw notYet("'by', a mean over the rows of another stream that share a key,");
      case 'max': {
        const rows = this.read(tree.of[0], tree.on);
        return this.node(rows).on === undefined ? rows : this.#make('max', [rows], undefined, tree.on);
      }
      default: {
        const args = tree.of.map((t) => this.read(t, stream));
        const [a = 0, b = 0, c = 0] = args;
        switch (tree.op) {
          case 'add':
            return this.add(a, b);
          case 'sub':
            return this.sub(a, b);
          case 'mul':
            return this.mul(a, b);
          case 'div':
            return this.div(a, b);
          case 'neg':
            return this.neg(a);
          case 'where':
            return this.where(a, b, c);
          case 'stop':
            return this.isConstant(a) ? a : this.unary('stop', a);
          case 'log':
            return this.unary('log', a, tree.shift ?? 0);
          case 'clip':
          case 'inside':
            return this.unary(tree.op, a, tree.low ?? 0, tree.high ?? 1);
          default:
            return this.unary(tree.op, a);
        }
      }
    }
  }

  #cross(on: string, gate: Id, s: Id, sign: 1 | -1): Id {
    if (this.node(gate).on === undefined || this.node(s).on === undefined)
      throw new TypeError(
        `'cross' pairs gates with scores of stream '${on}', and one of them is the same for all rows`,
      );
    this.#join([gate, s]);
    return this.#make('cross', [gate, s], undefined, on, 0, sign);
  }
  /** The slope of a `cross` in each of its gates, or in each of its scores. */
  crossSlope(of: 'crossGate' | 'crossScore', cross: Id): Id {
    return this.#make(of, [cross], this.node(cross).name);
  }

  #ridge(on: string, of: readonly Tree[], penalty: number, index: number): Id {
    const [y = 0, ...x] = of.map((tree) => this.read(tree, on));
    if (x.length < 1 || x.length > 16) throw new TypeError(`ridge takes 1 to 16 columns, and got ${x.length}`);
    const product = (j: number, k: number) => this.sum(on, this.mul(x[Math.min(j, k)]!, x[Math.max(j, k)]!));
    const matrix = x.flatMap((_, j) =>
      x.map((_, k) => (j === k ? this.add(product(j, j), this.constant(penalty)) : product(j, k))),
    );
    return this.solve(
      matrix,
      x.map((column) => this.sum(on, this.mul(column, y))),
      index,
    );
  }

  #bound(stream: string | undefined, name: string): string {
    if (stream === undefined)
      throw new TypeError(`'${name}' has one value a row and stands outside of every sum and mean`);
    return stream;
  }

  #join(args: readonly Id[]): string | undefined {
    let on: string | undefined;
    for (const id of args) {
      const mine = this.node(id).on;
      if (mine === undefined) continue;
      if (on !== undefined && on !== mine)
        throw new TypeError(`rows of stream '${on}' cannot be combined with rows of stream '${mine}'`);
      on = mine;
    }
    return on;
  }

  #make(
    op: Operation,
    args: readonly Id[],
    on: string | undefined,
    name = '',
    value = 0,
    low = 0,
    high = 0,
    at = 0,
  ): Id {
    const key = `${op}|${args.join(',')}|${on ?? ''}|${name}|${Object.is(value, -0) ? '-0' : value}|${low}|${high}|${at}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.nodes.push({ op, args, on, name, value, low, high, at });
    this.#known.set(key, this.nodes.length - 1);
    return this.nodes.length - 1;
  }
}
