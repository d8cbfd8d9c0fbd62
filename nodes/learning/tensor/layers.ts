/** Dense layers and normal laws as single operations with their gradients. */
import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { TensorFlow } from './backend.ts';
import { fused } from './fused.ts';

/** x w + b. */
export const dense = (tf: TensorFlow, x: Tensor2D, w: Tensor2D, b: Tensor1D): Tensor2D =>
  fused(tf, [x, w, b], (given, keep) => {
    keep(given[0], given[1]);
    return {
      value: tf.add(tf.matMul(given[0], given[1]), given[2]) as Tensor2D,
      back: (d, [input, weights]) => [
        tf.matMul(d, weights as Tensor2D, false, true),
        tf.matMul(input as Tensor2D, d, true),
        columnSums(tf, d),
      ],
    };
  });

/** x + b, row by row. */
export const shifted = (tf: TensorFlow, x: Tensor2D, b: Tensor1D): Tensor2D =>
  fused(tf, [x, b], (given) => ({
    value: tf.add(given[0], given[1]) as Tensor2D,
    back: (d) => [d, columnSums(tf, d)],
  }));

/** x where it is positive, slope x elsewhere; 0 < slope. The gradient is read off the value, which has the sign of x. */
export const leaky = (tf: TensorFlow, x: Tensor2D, slope: number): Tensor2D =>
  fused(tf, [x], ([given], keep) => {
    // three times as fast in WebAssembly as `leakyRelu`, which goes entry by entry there
    const value = tf.prelu(given, tf.fill([1, 1], slope) as Tensor2D);
    keep(value);
    return { value, back: (d, [kept]) => [tf.mul(d, tf.step(kept as Tensor2D, slope))] };
  });

/** Sums over rows as a product with ones, which every backend does fast. */
const columnSums = (tf: TensorFlow, d: Tensor2D): Tensor1D =>
  tf.reshape(tf.matMul(tf.ones([1, d.shape[0]]) as Tensor2D, d), [d.shape[1]]);

/** mean + exp(logVariance / 2) noise: one sample a row of a normal law with independent coordinates. */
export const sample = (tf: TensorFlow, mean: Tensor2D, logVariance: Tensor2D, noise: Tensor2D): Tensor2D =>
  fused(tf, [mean, logVariance], ([centre, logs], keep) => {
    const away = tf.mul(tf.exp(tf.mul(logs, 0.5)), noise) as Tensor2D;
    keep(away);
    return {
      value: tf.add(centre, away) as Tensor2D,
      back: (d, [kept]) => [d, tf.mul(tf.mul(d, kept as Tensor2D), 0.5)],
    };
  });

/** A normal law with independent coordinates, row by row; what is left out of a prior is that of N(0, 1). */
export interface Law {
  readonly mean: Tensor2D;
  readonly logVariance: Tensor2D;
}

/**
 * KL(q || p) between normal laws with independent coordinates, by row and coordinate:
 * (log v_p - log v_q - 1 + ((m_q - m_p)^2 + v_q) / v_p) / 2. Plain operations: the tensors are small.
 */
export function divergences(tf: TensorFlow, q: Law, p: Partial<Law>): Tensor2D {
  const away = tf.square(p.mean ? tf.sub(q.mean, p.mean) : q.mean);
  const spread = tf.add(away, tf.exp(q.logVariance));
  const ratio = p.logVariance ? tf.mul(spread, tf.exp(tf.neg(p.logVariance))) : spread;
  const logs = p.logVariance ? tf.sub(p.logVariance, q.logVariance) : tf.neg(q.logVariance);
  return tf.mul(tf.sub(tf.add(logs, ratio), 1), 0.5) as Tensor2D;
}

/** KL(q || p) summed over coordinates and meant over rows. */
export const divergence = (tf: TensorFlow, q: Law, p: Partial<Law>): Scalar =>
  tf.div(tf.sum(divergences(tf, q, p)), q.mean.shape[0]) as Scalar;
