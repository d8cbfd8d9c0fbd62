/**
 * What a method's `build` returns: a program in the engine's vocabulary, as plain JSON. The engine binds it to data and trains
 * it; it never sees the method itself.
 */
import {
  type At,
  by,
  type Count,
  count,
  cross,
  mean,
  Num,
  Rows,
  ridge,
  size,
  sum,
  type Tree,
} from './expression/tree.ts';
import type {
  Act,
  ColumnDeclaration,
  GivenDeclaration,
  GroupDeclaration,
  PenaltyDeclaration,
  ScoreDeclaration,
  StateDeclaration,
  StopDeclaration,
  StreamDeclaration,
  TableDeclaration,
} from './vocabulary.ts';

export * from './vocabulary.ts';

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

interface OnStop<Step, Number> {
  readonly hold: Readonly<Record<string, Number>>;
  readonly steps: readonly Step[];
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
  /**
   * Once the stopping rule has fired (and not when the largest number of epochs has): `hold` reads numbers off the last batch
   * and keeps them in parameters; then `steps` run on one more batch.
   */
  readonly onStop?: OnStop<StepDeclaration, Tree>;
  /** Columns that training reassigns. */
  readonly state?: Readonly<Record<string, StateDeclaration>>;
  readonly every?: readonly Act<StepDeclaration>[];
  readonly watch: readonly WatchDeclaration[];
  readonly stop: StopDeclaration;
  /** The score that the model serves. A parameter that no group owns is a knob: it can be set in the trained model. */
  readonly serve: Tree;
  /** Other things that the model can be asked for, by name. */
  readonly readouts?: Readonly<Record<string, Tree>>;
}

/** The words that a method's expressions are made of; each is typed by the names that the method declares. */
export interface Words<S extends string, C extends string, G extends string, P extends string, D extends string> {
  /** `at` tells the items of a triple apart; the positive unless given. */
  score(name: S, at?: At): Rows;
  /** `y` is the label of an observed pair (0 elsewhere), `o` is 1 where the pair is observed. */
  column(name: C | 'y' | 'o'): Rows;
  given(name: G): Num;
  parameter(name: P): Num;
  size(on: D): Num;
  count(of: Count): Num;
  sum(on: D, rows: Rows): Num;
  mean(on: D, rows: Rows): Num;
  /** See `ridge` in expression/tree.ts; likewise the two that follow, which the engine does not run yet. */
  ridge(on: D, y: Rows, x: readonly Rows[], penalty: number): readonly Num[];
  cross(on: D, gate: Rows, s: Rows, sign: 1 | -1): Num;
  by(on: D, key: 'user' | 'item', rows: Rows, missing: 'mean' | 'zero'): Rows;
}
export interface StepSpec<Group extends string, D extends string, T extends string> {
  /** One number, or named terms that add up to it; terms are reported every epoch. */
  readonly loss: Num | Readonly<Record<string, Num>>;
  readonly penalties?: readonly PenaltyDeclaration<T, D>[];
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
  readonly columns?: { readonly [K in C]?: ColumnDeclaration };
  readonly givens?: Readonly<Record<G, GivenDeclaration>>;
  readonly streams: { readonly [K in D]?: StreamDeclaration };
  readonly groups: { readonly [K in Group]?: GroupDeclaration };
  /** The steps of one batch, in order; each runs forward again after the one before has moved. */
  readonly batch: (words: Words<S, C, G, P, D>) => readonly StepSpec<Group, D, NoInfer<T>>[];
  readonly onStop?: (words: Words<S, C, G, P, D>) => OnStop<StepSpec<Group, D, NoInfer<T>>, Num> & {
    readonly hold: { readonly [K in P]?: Num };
  };
  readonly state?: { readonly [K in C]?: StateDeclaration };
  readonly every?: (
    words: Words<S, C, G, P, D>,
  ) => readonly (
    | { readonly every: number; readonly assign: C; readonly argmin: Rows; readonly over: D }
    | { readonly every: number; readonly pass: readonly StepSpec<Group, D, NoInfer<T>>[] }
  )[];
  readonly watch?: (words: Words<S, C, G, P, D>) => readonly {
    readonly on: D;
    readonly weights?: Rows;
    readonly clipped?: Rows;
  }[];
  readonly stop: StopDeclaration;
  readonly serve: (words: Words<S, C, G, P, D>) => Rows;
  readonly readouts?: (words: Words<S, C, G, P, D>) => Readonly<Record<string, Rows>>;
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
    score: (name, at) => new Rows({ op: 'score', name, ...(at !== undefined && { at }) }),
    column: (name) => new Rows({ op: 'column', name }),
    given: (name) => new Num({ op: 'given', name }),
    parameter: (name) => new Num({ op: 'parameter', name }),
    size,
    count,
    sum,
    mean,
    ridge,
    cross,
    by,
  };
  const stepOf = ({ loss, penalties, move, track }: StepSpec<Group, D, T>): StepDeclaration => ({
    ...lossOf(loss),
    move,
    ...(penalties && { penalties }),
    ...(track && { track: track.tree }),
  });
  const onStop = spec.onStop?.(words);
  const every = spec.every?.(words);
  const readouts = spec.readouts?.(words);
  return {
    tables: spec.tables as Program['tables'],
    scores: spec.scores as Program['scores'],
    parameters: spec.parameters ?? {},
    columns: (spec.columns ?? {}) as Program['columns'],
    givens: spec.givens ?? {},
    streams: spec.streams as Program['streams'],
    groups: spec.groups as Program['groups'],
    batch: spec.batch(words).map(stepOf),
    ...(onStop && {
      onStop: {
        hold: Object.fromEntries(Object.entries<Num>(onStop.hold).map(([name, { tree }]) => [name, tree])),
        steps: onStop.steps.map(stepOf),
      },
    }),
    ...(spec.state && { state: spec.state as Readonly<Record<string, StateDeclaration>> }),
    ...(every && {
      every: every.map((act) =>
        'pass' in act ? { ...act, pass: act.pass.map(stepOf) } : { ...act, argmin: act.argmin.tree },
      ),
    }),
    watch: (spec.watch?.(words) ?? []).map(({ on, weights, clipped }) => ({
      on,
      ...(weights && { weights: weights.tree }),
      ...(clipped && { clipped: clipped.tree }),
    })),
    stop: spec.stop,
    serve: spec.serve(words).tree,
    ...(readouts && {
      readouts: Object.fromEntries(Object.entries(readouts).map(([name, { tree }]) => [name, tree])),
    }),
  };
}
