/** Sparse rows, most of whose entries are 0, and what a network does with them without making them dense where it can. */
import type { Scalar, Tensor2D } from '@tensorflow/tfjs';
import type { TensorFlow } from './backend.ts';
import { fused } from './fused.ts';
import type { SparseSums } from './sparse-sums.ts';

/** A sparse matrix by rows: entries of row r are `start[r]` to `start[r + 1]` of `column` and `value`. */
export interface MultiHot {
  readonly rows: number;
  readonly columns: number;
  /** `rows + 1` positions. */
  readonly start: Uint32Array;
  readonly column: Uint32Array;
  readonly value: Float32Array;
}

/** The rows at `at`, in that order. */
export function rowsAt(of: MultiHot, at: ArrayLike<number>): MultiHot {
  const start = new Uint32Array(at.length + 1);
  for (let row = 0; row < at.length; row++)
    start[row + 1] = start[row]! + of.start[(at[row] as number) + 1]! - of.start[at[row] as number]!;
  const entries = start[at.length] as number;
  const column = new Uint32Array(entries);
  const value = new Float32Array(entries);
  for (let row = 0; row < at.length; row++) {
    const [from, to] = [of.start[at[row] as number], of.start[(at[row] as number) + 1]];
    column.set(of.column.subarray(from, to), start[row]);
    value.set(of.value.subarray(from, to), start[row]);
  }
  return { rows: at.length, columns: of.columns, start, column, value };
}

/** Rows of `left` with those of `right` behind them. */
export function beside(left: MultiHot, right: MultiHot): MultiHot {
  const { rows } = left;
  if (right.rows !== rows) throw new RangeError(`${rows} and ${right.rows} rows do not stand side by side`);
  const entries = left.column.length + right.column.length;
  const start = new Uint32Array(rows + 1);
  const column = new Uint32Array(entries);
  const value = new Float32Array(entries);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (const [of, shift] of [[left, 0] as const, [right, left.columns] as const])
      for (let from = of.start[row] as number; from < (of.start[row + 1] as number); from++, at++) {
        column[at] = (of.column[from] as number) + shift;
        value[at] = of.value[from] as number;
      }
    start[row + 1] = at;
  }
  return { rows, columns: left.columns + right.columns, start, column, value };
}

/** The same matrix with its zeros, row by row. */
export function denseOf({ rows, columns, start, column, value }: MultiHot): Float32Array {
  const out = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let at = start[row] as number; at < (start[row + 1] as number); at++)
      out[row * columns + (column[at] as number)]! += value[at] as number;
  return out;
}

/** What operations on sparse rows need: the backend, which has no products that know of zeros, and sums that do. */
export interface Tools {
  readonly tf: TensorFlow;
  readonly sums: SparseSums;
}

/** x w, with the gradient of w. */
export const multiHotMatMul = ({ tf, sums }: Tools, x: MultiHot, w: Tensor2D): Tensor2D =>
  fused(tf, [w], ([weights]) => {
    const width = weights.shape[1];
    return {
      value: tf.tensor2d(sums.product(x, weights.dataSync<'float32'>(), width), [x.rows, width]),
      back: (d) => [tf.tensor2d(sums.turnedProduct(x, d.dataSync<'float32'>(), width), [x.columns, width])],
    };
  });

/**
 * - log p(x | logits), summed over the columns and meant over the rows, of independent 0/1 entries with the probabilities
 * sigmoid(logits). The gradient, (sigmoid(logits) - x) / rows, is made beside the value.
 */
export const bernoulliLoss = ({ tf, sums }: Tools, logits: Tensor2D, x: MultiHot): Scalar =>
  fused(tf, [logits], ([z], keep) => {
    const { loss, gradient } = sums.bernoulli(x, z.dataSync<'float32'>());
    keep(tf.tensor2d(gradient, z.shape));
    return { value: tf.scalar(loss), back: (d, [kept]) => [tf.mul(kept as Tensor2D, d)] };
  });
