/** First values of the tables. Each table has its own stream of draws, so equal tables start equal under every method. */
import { Problem, type TensorBundle } from '../../../core/index.ts';
import type { Random } from '../../../core/numeric/index.ts';
import type { Initialiser, TableDeclaration } from '../declaration.ts';

/**
 * Fills `rows` rows of `stride` floats from `at` on; the padding behind `width` stays 0.
 * @param model the model at a port, for tables that start from given parameters
 * @throws Problem bad-data when a given tensor is not there or has another shape
 */
export function initialise(
  values: Float32Array | Float64Array,
  at: number,
  rows: number,
  stride: number,
  { width, start }: TableDeclaration,
  random: Random,
  model?: (port: string) => TensorBundle<unknown>,
): void {
  const given = 'given' in start ? tensorOf(start, rows, width, model) : undefined;
  const draw = drawing(start, rows, width, random);
  for (let r = 0; r < rows; r++)
    for (let k = 0; k < width; k++)
      values[at + r * stride + k] = draw === undefined ? (given as ArrayLike<number>)[r * width + k]! : draw();
}

function drawing(start: Initialiser, rows: number, width: number, random: Random): (() => number) | undefined {
  if ('normal' in start) return () => start.normal * random.normal();
  if ('uniform' in start) return () => start.uniform * (2 * random.uniform() - 1);
  if ('constant' in start) return () => start.constant;
  if ('xavier' in start) {
    const bound = start.xavier * Math.sqrt(6 / (rows + width));
    return () => bound * (2 * random.uniform() - 1);
  }
  if ('fanOut' in start) return () => (start.fanOut / Math.sqrt(rows)) * random.normal();
  return undefined;
}

function tensorOf(
  start: { readonly given: string; readonly tensor: string },
  rows: number,
  width: number,
  model: ((port: string) => TensorBundle<unknown>) | undefined,
): ArrayLike<number> {
  const tensor = model?.(start.given).tensors[start.tensor];
  if (tensor?.shape[0] !== rows || tensor.data.length !== rows * width)
    throw new Problem(
      'bad-data',
      `a table of ${rows} x ${width} starts from tensor '${start.tensor}', which is ${tensor ? tensor.shape.join(' x ') : 'not there'}`,
      {
        where: start.given,
        hint: 'the model at this port must have been trained on the same shape with the same width',
      },
    );
  return tensor.data as ArrayLike<number>;
}
