/** What a program is once it is bound to data: what training calls, and what it leaves behind. */
import type { TensorBundle } from '../../../core/index.ts';
import type { Random } from '../../../core/numeric/index.ts';
import type { TableDeclaration } from '../declaration.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { NumericEngine } from '../kernels/numeric.ts';
import type { Edges } from '../propagation/sparse-matrix.ts';
import type { Sampler } from '../sampling/samplers.ts';
import type { Scorer } from '../serve.ts';
import type { BagTable } from './batch-rows.ts';
import type { FeatureTable } from './features.ts';
import type { Kept } from './kept.ts';
import type { Memory, Precision } from './memory.ts';
import type { MovedRows, Optimiser } from './optimiser.ts';
import type { Propagation } from './propagation.ts';
import type { Watched } from './watch.ts';

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
