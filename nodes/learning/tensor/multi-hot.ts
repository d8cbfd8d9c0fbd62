/** Sparse rows, most of whose entries are 0, and what a network does with them without making them dense where it can. */
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { TensorFlow } from './backend.ts';
import { fused } from './fused.ts';

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

const dense = new WeakMap<MultiHot, Float32Array>();
/** The same matrix with its zeros, row by row; made once and not to be changed. */
export function denseOf(x: MultiHot): Float32Array {
  const held = dense.get(x);
  if (held !== undefined) return held;
  const out = new Float32Array(x.rows * x.columns);
  for (let row = 0; row < x.rows; row++)
    for (let at = x.start[row] as number; at < (x.start[row + 1] as number); at++)
      out[row * x.columns + (x.column[at] as number)]! += x.value[at] as number;
  dense.set(x, out);
  return out;
}
const denseTensor = (tf: TensorFlow, x: MultiHot) => tf.tensor2d(denseOf(x), [x.rows, x.columns]);

/** Whether this library has the sparse kernels; native TensorFlow multiplies the dense matrix faster than we could be sparse. */
const isSparse = (tf: TensorFlow) => tf.getBackend() === 'wasm';
const kernel = <T extends Tensor>(tf: TensorFlow, name: string, inputs: object, attrs: object) =>
  tf.engine().runKernel(name, inputs as never, attrs as never) as unknown as T;

/** x w, with the gradient of w. */
export const multiHotMatMul = (tf: TensorFlow, x: MultiHot, w: Tensor2D): Tensor2D =>
  fused(tf, [w], ([weights]) => ({
    value: isSparse(tf)
      ? kernel<Tensor2D>(tf, 'MultiHotMatMul', { w: weights }, { x })
      : tf.matMul(denseTensor(tf, x), weights),
    back: (d) => [
      isSparse(tf) ? kernel(tf, 'MultiHotMatMulBack', { d }, { x }) : tf.matMul(denseTensor(tf, x), d, true),
    ],
  }));

/**
 * - log p(x | logits), summed over the columns and meant over the rows, of independent 0/1 entries with the probabilities
 * sigmoid(logits). Its gradient, (sigmoid(logits) - x) / rows, is one pass, and no logarithm is taken for it.
 */
export const bernoulliLoss = (tf: TensorFlow, logits: Tensor2D, x: MultiHot): Scalar =>
  fused(tf, [logits], ([z], keep) => {
    keep(z);
    const positives = isSparse(tf) ? sumAt(z.dataSync<'float32'>(), x) : tf.sum(tf.mul(z, denseTensor(tf, x)));
    return {
      value: tf.div(tf.sub(tf.sum(tf.softplus(z)), positives), x.rows) as Scalar,
      back: (d, [kept]) => {
        const p = tf.sigmoid(kept as Tensor2D);
        const difference = isSparse(tf)
          ? kernel(tf, 'AddMultiHot', { y: p }, { x, scale: -1 })
          : tf.sub(p, denseTensor(tf, x));
        return [tf.mul(difference, tf.div(d, x.rows))];
      },
    };
  });

function sumAt(values: Float32Array, x: MultiHot): number {
  let sum = 0;
  for (let row = 0; row < x.rows; row++)
    for (let at = x.start[row] as number; at < (x.start[row + 1] as number); at++)
      sum += (x.value[at] as number) * (values[row * x.columns + (x.column[at] as number)] as number);
  return sum;
}
