/**
 * What a method's `build` returns: a program in the engine's vocabulary, as plain JSON. The engine binds it to data and trains
 * it; it never sees the method itself.
 */
import { type Count, count, mean, Num, Rows, size, sum, type Tree } from './expression/tree.ts';

/** How a table's entries are drawn before the first step. */
export type Initialiser =
  | { readonly normal: number }
  /** Uniform on (-bound, bound). */
  | { readonly uniform: number }
  | { readonly constant: number };
/** One row a user, an item, or a single row shared by all pairs. */
export interface TableDeclaration {
  readonly rows: 'user' | 'item' | 'one';
  readonly width: number;
  readonly start: Initialiser;
}
/** A table on its way into a score; `stop` lets no gradient back into it. */
export type Edge = string | { readonly stop: string };
/** How ids become one number a pair. */
export type ScoreDeclaration =
  /** Inner product of two rows of equal width. */
  | { readonly dot: readonly [Edge, Edge] }
  /** The only entry of a row of width 1. */
  | { readonly bias: Edge }
  | { readonly sum: readonly ScoreDeclaration[] };

export type StreamDeclaration =
  /** Batches of observed rows, in a new order each epoch; an incomplete last batch is dropped. */
  | { readonly draw: 'observed'; readonly batch: number }
  /** `ratio` times as many pairs of all user-item pairs as stream `per` draws: positions [t n, t n + n) of a new permutation each epoch. */
  | { readonly draw: 'pairs'; readonly per: string; readonly ratio: number }
  | { readonly draw: 'pairs'; readonly batch: number };

/** A column of observed rows, read from a port. `y` (the label) and `o` (1 where the pair is observed) need no declaration. */
export interface ColumnDeclaration {
  readonly port: string;
  readonly column: string;
}
/** A number read from a JSON port when training begins. */
export interface GivenDeclaration {
  readonly port: string;
  readonly field: string;
}

/** Who moves, and how. Groups may overlap: each keeps moments of its own. `l2` is coupled, as weight decay in PyTorch's Adam. */
export interface GroupDeclaration {
  readonly own: readonly string[];
  readonly rate: number;
  readonly l2?: number;
  readonly by?: 'adam' | 'sgd';
  /** Momentum of `sgd`. */
  readonly momentum?: number;
}

/** A penalty on the table rows that a stream's batch touches, each as often as it occurs. */
export type PenaltyDeclaration = {
  readonly weight: number;
  readonly on: string;
} & (
  | {
      /** Mean over rows and entries of the squared entries of the tables, taken side by side. */
      readonly meanSquare: readonly string[];
    }
  | {
      /** Mean over entries of the squared cross-Gram: (sum over rows of a b')^2 / (width a * width b). */
      readonly crossGram: readonly [string, string];
    }
);

export interface StepDeclaration {
  readonly loss: Tree;
  /** The terms of the loss by name, reported every epoch. */
  readonly parts?: Readonly<Record<string, Tree>>;
  readonly penalties?: readonly PenaltyDeclaration[];
  readonly move: readonly string[];
  /** What the stopping rule sums over the epoch; the loss (with penalties) where it is not given. `0` leaves the step out. */
  readonly track?: Tree;
}
/** Quantities reported every epoch: `weights` as effective sample size and largest weight, `clipped` as a share of rows. */
export interface WatchDeclaration {
  readonly on: string;
  readonly weights?: Tree;
  readonly clipped?: Tree;
}

/**
 * The authors' rule (Li et al., ICDE 2024): an epoch counts when (previous - current) / (previous + 1e-10) < tolerance;
 * training ends when it happens after `patience` + 1 earlier ones. The counter is never reset, and the last parameters are kept.
 */
export interface StopDeclaration {
  readonly rule: 'plateau';
  readonly tolerance: number;
  readonly patience: number;
  readonly epochs: number;
}

export interface Program {
  readonly tables: Readonly<Record<string, TableDeclaration>>;
  readonly scores: Readonly<Record<string, ScoreDeclaration>>;
  /** Trainable numbers and where they start. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly columns: Readonly<Record<string, ColumnDeclaration>>;
  readonly givens: Readonly<Record<string, GivenDeclaration>>;
  readonly streams: Readonly<Record<string, StreamDeclaration>>;
  readonly groups: Readonly<Record<string, GroupDeclaration>>;
  readonly batch: readonly StepDeclaration[];
  readonly watch: readonly WatchDeclaration[];
  readonly stop: StopDeclaration;
  /** The score that the model serves. */
  readonly serve: Tree;
}

/** The words that a method's expressions are made of; each is typed by the names that the method declares. */
export interface Words<S extends string, C extends string, G extends string, P extends string, D extends string> {
  score(name: S): Rows;
  /** `y` is the label of an observed pair (0 elsewhere), `o` is 1 where the pair is observed. */
  column(name: C | 'y' | 'o'): Rows;
  given(name: G): Num;
  parameter(name: P): Num;
  size(on: D): Num;
  count(of: Count): Num;
  sum(on: D, rows: Rows): Num;
  mean(on: D, rows: Rows): Num;
}
export interface StepSpec<Group extends string, D extends string, T extends string> {
  /** One number, or named terms that add up to it; terms are reported every epoch. */
  readonly loss: Num | Readonly<Record<string, Num>>;
  readonly penalties?: readonly (PenaltyDeclaration & { readonly on: D } & (
      | { readonly meanSquare: readonly T[] }
      | { readonly crossGram: readonly [T, T] }
    ))[];
  readonly move: readonly Group[];
  readonly track?: Num;
}
export interface ProgramSpec<
  T extends string,
  S extends string,
  C extends string,
  G extends string,
  P extends string,
  D extends string,
  Group extends string,
> {
  readonly tables: { readonly [K in T]?: TableDeclaration };
  readonly scores: { readonly [K in S]?: ScoreDeclaration };
  readonly parameters?: Readonly<Record<P, number>>;
  readonly columns?: Readonly<Record<C, ColumnDeclaration>>;
  readonly givens?: Readonly<Record<G, GivenDeclaration>>;
  readonly streams: { readonly [K in D]?: StreamDeclaration };
  readonly groups: { readonly [K in Group]?: GroupDeclaration };
  /** The steps of one batch, in order; each runs forward again after the one before has moved. */
  readonly batch: (words: Words<S, C, G, P, D>) => readonly StepSpec<Group, D, T>[];
  readonly watch?: (words: Words<S, C, G, P, D>) => readonly {
    readonly on: D;
    readonly weights?: Rows;
    readonly clipped?: Rows;
  }[];
  readonly stop: StopDeclaration;
  readonly serve: (words: Words<S, C, G, P, D>) => Rows;
}

function lossOf(loss: Num | Readonly<Record<string, Num>>): Pick<StepDeclaration, 'loss' | 'parts'> {
  if (loss instanceof Num) return { loss: loss.tree };
  const parts = Object.entries(loss);
  return {
    loss: parts.map(([, part]) => part).reduce((a, b) => a.plus(b), new Num({ op: 'constant', value: 0 })).tree,
    parts: Object.fromEntries(parts.map(([name, part]) => [name, part.tree])),
  };
}

/** Writes a program down: misspelt scores, columns, streams and groups do not compile. */
export function program<
  const T extends string,
  const S extends string,
  const D extends string,
  const Group extends string,
  const C extends string = never,
  const G extends string = never,
  const P extends string = never,
>(spec: ProgramSpec<T, S, C, G, P, D, Group>): Program {
  const words: Words<S, C, G, P, D> = {
    score: (name) => new Rows({ op: 'score', name }),
    column: (name) => new Rows({ op: 'column', name }),
    given: (name) => new Num({ op: 'given', name }),
    parameter: (name) => new Num({ op: 'parameter', name }),
    size,
    count,
    sum,
    mean,
  };
  return {
    tables: spec.tables as Program['tables'],
    scores: spec.scores as Program['scores'],
    parameters: spec.parameters ?? {},
    columns: spec.columns ?? {},
    givens: spec.givens ?? {},
    streams: spec.streams as Program['streams'],
    groups: spec.groups as Program['groups'],
    batch: spec.batch(words).map(({ loss, penalties, move, track }) => ({
      ...lossOf(loss),
      move,
      ...(penalties && { penalties }),
      ...(track && { track: track.tree }),
    })),
    watch: (spec.watch?.(words) ?? []).map(({ on, weights, clipped }) => ({
      on,
      ...(weights && { weights: weights.tree }),
      ...(clipped && { clipped: clipped.tree }),
    })),
    stop: spec.stop,
    serve: spec.serve(words).tree,
  };
}
