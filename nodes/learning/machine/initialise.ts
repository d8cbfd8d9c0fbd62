/** First values of the tables. Each table has its own stream of draws, so equal tables start equal under every method. */
import type { Random } from '../../../core/numeric/index.ts';
import type { TableDeclaration } from '../declaration.ts';

/** Fills `rows` rows of `stride` floats from `at` on; the padding behind `width` stays 0. */
export function initialise(
  values: Float32Array | Float64Array,
  at: number,
  rows: number,
  stride: number,
  { width, start }: TableDeclaration,
  random: Random,
): void {
  for (let r = 0; r < rows; r++)
    for (let k = 0; k < width; k++)
      values[at + r * stride + k] =
        'normal' in start
          ? start.normal * random.normal()
          : 'uniform' in start
            ? start.uniform * (2 * random.uniform() - 1)
            : start.constant;
}
