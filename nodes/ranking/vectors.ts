import { z } from 'zod';
import { node, tensors } from '../../core/index.ts';
import { Numeric } from '../learning/kernels/numeric.ts';
import { vectorsOrRefuse } from '../learning/ranking/explained.ts';
import { Params } from '../ports.ts';

/** Tensors `users` and `items` of equal width. */
export const Vectors = tensors(z.looseObject({ score: z.literal('inner product') }));

/**
 * Vectors for a serving index: the items with the largest inner products with a user's vector are the user's items in the order
 * of the served score. With p_u and q_i of the model and the order (p_u . q_i + shift_i) scale_i of its score, the user's vector
 * is (p_u, 1) and the item's scale_i (q_i, shift_i); the last entry is left out where nothing is shifted. Inner products are not
 * the served scores themselves, which may be probabilities or hold factors of the user. Items that a user knows are for the
 * index to leave out.
 *
 * @throws Problem bad-config for a score that no inner product orders
 */
export const vectors = node('ranking/vectors', {
  doc: 'Item and user vectors whose inner products order the items of a user as the model does.',
  in: { model: Params },
  out: { vectors: Vectors },
  use: { numeric: Numeric },
  run({ model }, _, { numeric }) {
    const { width, users, items, shift, scale } = vectorsOrRefuse(model, numeric, 'vectors');
    const wide = shift ? width + 1 : width;
    const tensor = (from: Float32Array, row: (r: number) => { factor: number; last: number }) => {
      const count = from.length / width;
      const data = new Float32Array(count * wide);
      for (let r = 0; r < count; r++) {
        const { factor, last } = row(r);
        for (let k = 0; k < width; k++) data[r * wide + k] = factor * from[r * width + k]!;
        if (shift) data[r * wide + width] = factor * last;
      }
      return { shape: [count, wide], data };
    };
    return {
      vectors: {
        head: { score: 'inner product' as const },
        tensors: {
          users: tensor(users, () => ({ factor: 1, last: 1 })),
          items: tensor(items, (i) => ({ factor: scale?.[i] ?? 1, last: shift?.[i] ?? 0 })),
        },
      },
    };
  },
});
