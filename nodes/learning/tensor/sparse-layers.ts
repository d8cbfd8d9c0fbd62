/** What a network does with sparse rows, without making them dense where it can, as single operations with their gradients. */
import type { Scalar, Tensor2D } from '@tensorflow/tfjs';
import type { TensorFlow } from './backend.ts';
import { fused } from './fused.ts';
import type { MultiHot } from './multi-hot.ts';
import type { SparseSums } from './sparse-sums.ts';

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
