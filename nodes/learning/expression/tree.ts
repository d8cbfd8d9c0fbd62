/**
 * The trees that a method's losses and serve expressions are made of: plain JSON, so that they can be stored, printed and
 * differentiated. `Rows` has one value for each pair of a stream, `Num` one value a batch; a reducer binds rows to a stream.
 */

/** Elementwise operations; `stop` is the identity forwards and blocks the gradient of this occurrence backwards. */
export type Elementwise =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'neg'
  | 'sigmoid'
  | 'softplus'
  | 'exp'
  | 'log'
  | 'clip'
  | 'inside'
  | 'where'
  | 'stop';
/** Which item of a triple a score is about: the positive, the first negative, or a negative by its place from 0 on. */
export type At = 'pos' | 'neg' | number;
export type Tree =
  | { readonly op: 'constant'; readonly value: number }
  | { readonly op: 'column' | 'given' | 'parameter'; readonly name: string }
  /** `at` tells the items of a triple apart; the positive unless given. */
  | { readonly op: 'score'; readonly name: string; readonly at?: At }
  | { readonly op: 'size'; readonly on: string }
  /** A fact about the training data. */
  | { readonly op: 'count'; readonly name: Count }
  | { readonly op: 'sum' | 'max'; readonly on: string; readonly of: readonly [Tree] }
  /** Entry `index` of the ridge regression of `of[0]` on the other ones. */
  | {
      readonly op: 'ridge';
      readonly on: string;
      readonly index: number;
      readonly ridge: number;
      readonly of: readonly Tree[];
    }
  | { readonly op: 'cross'; readonly on: string; readonly sign: 1 | -1; readonly of: readonly [Tree, Tree] }
  /** Words for methods to come, which the engine rejects: see `by` below. */
  | {
      readonly op: 'by';
      readonly on: string;
      readonly key: 'user' | 'item';
      readonly missing: 'mean' | 'zero';
      readonly of: readonly [Tree];
    }
  | {
      readonly op: Elementwise;
      readonly of: readonly Tree[];
      /** Bounds of `clip` and `inside`. */
      readonly low?: number;
      readonly high?: number;
      /** What `log` adds to its argument. */
      readonly shift?: number;
    };

/**
 * `observed` rows, `pairs` = users x items, `positive`: the sum of the labels of the observed rows; `ids`: the largest user id
 * times the largest item id, which code that counts from 0 takes for the number of pairs.
 */
export type Count = 'observed' | 'pairs' | 'positive' | 'ids';
export type Operand = Rows | Num | number;
const treeOf = (x: Operand): Tree => (typeof x === 'number' ? { op: 'constant', value: x } : x.tree);

/** What both kinds can do, written as in the papers: `w.times(e.minus(eh))`. */
abstract class Expression {
  readonly tree: Tree;
  constructor(tree: Tree) {
    this.tree = tree;
  }
  protected on(op: Elementwise, others: readonly Operand[] = [], more: object = {}): Tree {
    return { op, of: [this.tree, ...others.map(treeOf)], ...more };
  }
}

/** One value for each pair of a stream. */
export class Rows extends Expression {
  declare private readonly rows: true; // keeps Num and Rows apart for the compiler
  plus = (x: Operand): Rows => new Rows(this.on('add', [x]));
  minus = (x: Operand): Rows => new Rows(this.on('sub', [x]));
  times = (x: Operand): Rows => new Rows(this.on('mul', [x]));
  over = (x: Operand): Rows => new Rows(this.on('div', [x]));
  negated = (): Rows => new Rows(this.on('neg'));
  squared = (): Rows => new Rows({ op: 'mul', of: [this.tree, this.tree] });
  /** 1 / (1 + exp(-x)). */
  sigmoid = (): Rows => new Rows(this.on('sigmoid'));
  /** log(1 + exp(x)). */
  softplus = (): Rows => new Rows(this.on('softplus'));
  exp = (): Rows => new Rows(this.on('exp'));
  /** log(x + shift). */
  log = (shift = 0): Rows => new Rows(this.on('log', [], { shift }));
  /** Kept within [low, high]; outside no gradient flows. */
  clip = (low: number, high: number): Rows => new Rows(this.on('clip', [], { low, high }));
  /** 1 where low <= x <= high, else 0; no gradient. */
  inside = (low: number, high: number): Rows => new Rows(this.on('inside', [], { low, high }));
  /** `yes` where this is not 0, `no` elsewhere; no gradient flows into the condition. */
  choose = (yes: Operand, no: Operand): Rows => new Rows(this.on('where', [yes, no]));
  /** The same values as constants: no gradient through this occurrence. */
  stop = (): Rows => new Rows(this.on('stop'));
}

/** One value a batch. */
export class Num extends Expression {
  declare private readonly num: true;
  plus(x: Rows): Rows;
  plus(x: Num | number): Num;
  plus(x: Operand): Rows | Num {
    return this.#with('add', x);
  }
  minus(x: Rows): Rows;
  minus(x: Num | number): Num;
  minus(x: Operand): Rows | Num {
    return this.#with('sub', x);
  }
  times(x: Rows): Rows;
  times(x: Num | number): Num;
  times(x: Operand): Rows | Num {
    return this.#with('mul', x);
  }
  over(x: Rows): Rows;
  over(x: Num | number): Num;
  over(x: Operand): Rows | Num {
    return this.#with('div', x);
  }
  negated = (): Num => new Num(this.on('neg'));
  squared = (): Num => new Num({ op: 'mul', of: [this.tree, this.tree] });
  exp = (): Num => new Num(this.on('exp'));
  log = (shift = 0): Num => new Num(this.on('log', [], { shift }));
  stop = (): Num => new Num(this.on('stop'));
  #with(op: Elementwise, x: Operand): Rows | Num {
    return x instanceof Rows ? new Rows(this.on(op, [x])) : new Num(this.on(op, [x]));
  }
}

/** A plain number as an expression, for `constant(1).over(p)`. */
export const constant = (value: number): Num => new Num({ op: 'constant', value });

/** The weight 1 for every row. */
export const ones = new Rows({ op: 'constant', value: 1 });

/** Reducers over the rows of stream `on`; only here does an expression of rows learn which rows it is about. */
export const sum = (on: string, rows: Rows): Num => new Num({ op: 'sum', on, of: [rows.tree] });
export const size = (on: string): Num => new Num({ op: 'size', on });
export const count = (name: Count): Num => new Num({ op: 'count', name });
export const mean = (on: string, rows: Rows): Num => sum(on, rows).over(size(on));
/** The largest value; no gradient. */
export const largest = (on: string, rows: Rows): Num => new Num({ op: 'max', on, of: [rows.tree] });

/**
 * Coefficients of the least squares fit of y on the columns x over the rows of a batch, with `penalty` added to the diagonal of
 * the normal equations: (X'X + penalty I)^-1 X'y. Gradients flow into y and x. At most 16 columns.
 */
export const ridge = (on: string, y: Rows, x: readonly Rows[], penalty: number): readonly Num[] =>
  x.map((_, index) => new Num({ op: 'ridge', on, index, ridge: penalty, of: [y.tree, ...x.map(({ tree }) => tree)] }));

/**
 * Mean over all pairs (a, b) of batch rows of softplus(sign gate_a s_b), for gates in (0, 1). Computed by interpolation in the
 * gate, in time proportional to the batch: see machine/cross.ts.
 */
export const cross = (on: string, gate: Rows, s: Rows, sign: 1 | -1): Num =>
  new Num({ op: 'cross', on, sign, of: [gate.tree, s.tree] });
/** Mean of `rows` over the rows of `on` that share this row's user or item. Not run yet. */
export const by = (on: string, key: 'user' | 'item', rows: Rows, missing: 'mean' | 'zero'): Rows =>
  new Rows({ op: 'by', on, key, missing, of: [rows.tree] });
