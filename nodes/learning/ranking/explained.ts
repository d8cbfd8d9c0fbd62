/** Why items stand where they do. */
import { Problem, type TensorBundle } from '../../../core/index.ts';
import type { NumericEngine } from '../kernels/numeric.ts';
import { scorer } from '../serve.ts';
import { type ServedVectors, servedVectors } from './served-vectors.ts';

/** @throws Problem bad-config for a score that no inner product orders */
export function vectorsOrRefuse(model: TensorBundle<unknown>, numeric: NumericEngine, what: string): ServedVectors {
  const vectors = servedVectors(model, scorer(model, numeric), numeric);
  if (vectors) return vectors;
  throw new Problem(
    'bad-config',
    `the score of this model is no inner product of a user and an item, so it has no ${what}`,
    {
      where: 'model',
      hint: 'methods on the backbones factors, biased-factors and light-gcn have them',
    },
  );
}

/**
 * A user's items come in the order of match x gate - penalty: `match` is the inner product, `gate` the item's factor, and
 * `penalty` what the item is charged, -shift x gate.
 */
export function explained(
  { user, item }: { readonly user: Uint32Array; readonly item: Uint32Array },
  model: TensorBundle<unknown>,
  numeric: NumericEngine,
) {
  const { width, users, items, shift, scale } = vectorsOrRefuse(model, numeric, 'penalty to explain');
  const gate = Float32Array.from(item, (i) => scale?.[i] ?? 1);
  return {
    match: Float32Array.from(item, (i, row) => {
      let dot = 0;
      for (let k = 0; k < width; k++) dot += users[user[row]! * width + k]! * items[i * width + k]!;
      return dot;
    }),
    gate,
    penalty: Float32Array.from(item, (i, row) => 0 - (shift?.[i] ?? 0) * gate[row]!),
  };
}
