/** What the second stage of least squares reads: treatments, the projections that instruments give, and weights. */
import { z } from 'zod';
import { Problem, type View } from '../../core/index.ts';
import type { NumericEngine } from '../learning/kernels/numeric.ts';
import { scorer } from '../learning/serve.ts';
import type { Params } from '../ports.ts';
import type { Instruments } from './ports.ts';
import { projected } from './projection.ts';

export const weightSettings = {
  weights: z
    .enum(['learned', 'fixed'])
    .default('learned')
    .describe('weights of the two parts: as the model learnt, or these'),
  fitted: z.number().default(1).describe('fixed weight of the part that the instruments explain'),
  residual: z.number().default(1).describe('fixed weight of the rest'),
};

export interface Stage {
  readonly width: number;
  /** The treatment of an item. */
  treatment(item: number): Float64Array;
  /** What the instruments of an item, or of a user, explain of a vector. */
  explained(vector: ArrayLike<number>, row: number): Float64Array;
}

/**
 * @param of whose instruments are wanted @param rows how many of them, and `items`, the data set has
 * @throws Problem bad-data when treatments and instruments do not fit each other or the data set
 */
export function stageOf(
  model: View<typeof Params>,
  instruments: View<typeof Instruments>,
  of: 'items' | 'users',
  { rows, items }: { readonly rows: number; readonly items: number },
): Stage {
  const { T } = model.tensors;
  if (instruments.head.of !== of)
    throw new Problem('bad-data', `instruments of ${instruments.head.of}, where those of ${of} are needed`, {
      where: 'instruments',
      hint: `set \`of\` of instruments/user-features to ${of}, or read them with the step for ${instruments.head.of}`,
    });
  const bases = Array.from({ length: instruments.head.columns }, (_, n) => instruments.tensors[`Q${n}`]);
  const width = T?.shape[1] ?? 0;
  if (T?.shape[0] !== items || bases.some((Q) => Q?.shape[0] !== rows || Q?.shape[1] !== width))
    throw new Problem(
      'bad-data',
      `treatments ${T?.shape.join(' x ')} do not fit instruments ${bases[0]?.shape.join(' x ')} of ${rows} ${of}`,
      {
        where: 'instruments',
        hint: "the model's item table T and the instruments have one width, and both are of this data set",
      },
    );
  const part = (data: ArrayLike<number>, row: number) =>
    Float64Array.from({ length: width }, (_, k) => data[row * width + k] as number);
  return {
    width,
    treatment: (item) => part(T.data as ArrayLike<number>, item),
    explained: (vector, row) =>
      projected(
        vector,
        bases.map((Q) => part(Q?.data as ArrayLike<number>, row)),
      ),
  };
}

/** The weights of the explained part and of the rest for pairs: those of the settings, or what a model of `estimators/instrumental` says. */
export function weightsOf(
  config: { readonly weights: 'learned' | 'fixed'; readonly fitted: number; readonly residual: number },
  model: View<typeof Params>,
  numeric: NumericEngine,
  user: Uint32Array,
  item: Uint32Array,
): { readonly fitted: Float32Array; readonly residual: Float32Array } {
  const values = (part: 'fitted' | 'residual') => {
    const out = new Float32Array(item.length);
    if (config.weights === 'fixed') return out.fill(config[part]);
    scorer(model, numeric, `${part} weight`).score(user, item, out);
    return out;
  };
  return { fitted: values('fitted'), residual: values('residual') };
}
