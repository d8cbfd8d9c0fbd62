/** Sparse rows, most of whose entries are 0, and what a network does with them without making them dense where it can. */
import type { Scalar, Tensor2D } from '@tensorflow/tfjs';
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

/** The same matrix with its zeros, row by row. */
export function denseOf({ rows, columns, start, column, value }: MultiHot): Float32Array {
  const out = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let at = start[row] as number; at < (start[row + 1] as number); at++)
      out[row * columns + (column[at] as number)]! += value[at] as number;
  return out;
}

/**
 * x w, with the gradient of w. The sums are taken here and not by the backend: few entries of x are not 0, and no backend has
 * a product that knows.
 */
export const multiHotMatMul = (tf: TensorFlow, x: MultiHot, w: Tensor2D): Tensor2D =>
  fused(tf, [w], ([weights]) => {
    const width = weights.shape[1];
    return {
      value: tf.tensor2d(product(x, weights.dataSync<'float32'>(), width), [x.rows, width]),
      back: (d) => [tf.tensor2d(turnedProduct(x, d.dataSync<'float32'>(), width), [x.columns, width])],
    };
  });

/** Four columns at a time stay in registers over all entries of a row. */
function product({ rows, start, column, value }: MultiHot, w: Float32Array, width: number): Float32Array {
  const out = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const from = start[row] as number;
    const to = start[row + 1] as number;
    let j = 0;
    for (; j + 4 <= width; j += 4) {
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let at = from; at < to; at++) {
        const entry = (column[at] as number) * width + j;
        const v = value[at] as number;
        a += v * (w[entry] as number);
        b += v * (w[entry + 1] as number);
        c += v * (w[entry + 2] as number);
        d += v * (w[entry + 3] as number);
      }
      const into = row * width + j;
      out[into] = a;
      out[into + 1] = b;
      out[into + 2] = c;
      out[into + 3] = d;
    }
    for (; j < width; j++) {
      let sum = 0;
      for (let at = from; at < to; at++)
        sum += (value[at] as number) * (w[(column[at] as number) * width + j] as number);
      out[row * width + j] = sum;
    }
  }
  return out;
}

/** x' d */
function turnedProduct({ rows, columns, start, column, value }: MultiHot, d: Float32Array, width: number) {
  const out = new Float32Array(columns * width);
  for (let row = 0; row < rows; row++) {
    const from = row * width;
    const end = start[row + 1] as number;
    for (let at = start[row] as number; at < end; at++) {
      const to = (column[at] as number) * width;
      const v = value[at] as number;
      for (let j = 0; j < width; j++) out[to + j] = (out[to + j] as number) + v * (d[from + j] as number);
    }
  }
  return out;
}

/**
 * - log p(x | logits), summed over the columns and meant over the rows, of independent 0/1 entries with the probabilities
 * sigmoid(logits). The backend takes the sigmoid; value and gradient, (sigmoid(logits) - x) / rows, are made of it in one pass.
 */
export const bernoulliLoss = (tf: TensorFlow, logits: Tensor2D, x: MultiHot): Scalar =>
  fused(tf, [logits], ([z]) => {
    const p = tf.sigmoid(z).dataSync<'float32'>();
    return {
      value: tf.scalar((softplusSum(z.dataSync<'float32'>(), p) - sumAt(z.dataSync<'float32'>(), x)) / x.rows),
      back: (d) => {
        const scale = (d.dataSync<'float32'>()[0] as number) / x.rows;
        const gradient = new Float32Array(p.length);
        for (let i = 0; i < p.length; i++) gradient[i] = scale * (p[i] as number);
        for (let row = 0; row < x.rows; row++)
          for (let at = x.start[row] as number; at < (x.start[row + 1] as number); at++)
            gradient[row * x.columns + (x.column[at] as number)]! -= scale * (x.value[at] as number);
        return [tf.tensor2d(gradient, z.shape)];
      },
    };
  });

/**
 * Sum of log(1 + e^z) = max(z, 0) - log(max(p, 1 - p)) with p = sigmoid(z): the factors lie in [1/2, 1], so that 512 of them
 * have a product which a 64-bit float holds, and one logarithm serves them all.
 */
function softplusSum(z: Float32Array, p: Float32Array): number {
  let sum = 0;
  for (let from = 0; from < z.length; from += 512) {
    const to = Math.min(z.length, from + 512);
    let factor = 1;
    for (let i = from; i < to; i++) {
      const q = p[i] as number;
      if (q > 0.5) {
        sum += z[i] as number;
        factor *= q;
      } else factor *= 1 - q;
    }
    sum -= Math.log(factor);
  }
  return sum;
}

function sumAt(values: Float32Array, { rows, columns, start, column, value }: MultiHot): number {
  let sum = 0;
  for (let row = 0; row < rows; row++)
    for (let at = start[row] as number; at < (start[row + 1] as number); at++)
      sum += (value[at] as number) * (values[row * columns + (column[at] as number)] as number);
  return sum;
}
