import { z } from 'zod';
import { node, Problem, type View } from '../../core/index.ts';
import { Numeric, type NumericEngine } from '../learning/kernels/numeric.ts';
import { scorer } from '../learning/serve.ts';
import { Params, Shape } from '../ports.ts';
import { Instruments, Treatments } from './ports.ts';
import { projected } from './projection.ts';

/**
 * Two-stage least squares on the treatments of items. With Q_i an orthonormal basis of the instruments of item i, its treatment
 * T_i is the sum of what the instruments explain, Q_i Q_i' T_i, and the rest; the two are orthogonal. They are put together
 * again with weights, those that the model learnt (`estimators/instrumental`, one pair an item) or fixed ones.
 *
 * @param model a model with an item table `T`; with learned weights one of `estimators/instrumental`
 * @throws Problem bad-data when treatments and instruments do not fit, or learned weights are asked of a model without them
 */
export const twoStage = node('instruments/two-stage', {
  doc: 'Treatments of items cut into the part that instruments explain and the rest, and put together with weights.',
  source: 'Deng et al. 2024 (IViDR), eq. 4-9; Si et al. 2022 (IV4Rec)',
  in: { model: Params, instruments: Instruments, shape: Shape },
  out: { treatments: Treatments },
  config: z.strictObject({
    weights: z
      .enum(['learned', 'fixed'])
      .default('learned')
      .describe('weights of the two parts: as the model learnt, or these'),
    fitted: z.number().default(1).describe('fixed weight of the part that the instruments explain'),
    residual: z.number().default(1).describe('fixed weight of the rest'),
  }),
  use: { numeric: Numeric },
  run({ model, instruments, shape }, config, { numeric }) {
    const T = model.tensors.T;
    const { columns } = instruments.head as { columns: number };
    const bases = Array.from({ length: columns }, (_, n) => instruments.tensors[`Q${n}`]);
    const [items, width = 0] = T?.shape ?? [];
    if (T === undefined || items !== shape.items || bases.some((Q) => Q?.shape[0] !== items || Q?.shape[1] !== width))
      throw new Problem(
        'bad-data',
        `treatments ${T?.shape.join(' x ')} do not fit instruments ${bases[0]?.shape.join(' x ')}`,
        {
          where: 'instruments',
          hint: "the model's item table T and the instruments have one row an item and one width",
        },
      );
    const weights = config.weights === 'learned' ? learnt(model, shape.items, numeric) : undefined;
    const original = Float32Array.from(T.data as ArrayLike<number>);
    const out = { fitted: original.slice(), residual: original.slice(), reconstructed: original.slice() };
    const used = new Float32Array(2 * items);
    for (let item = 0; item < items; item++) {
      const at = item * width;
      const row = (of: Float32Array | ArrayLike<number>) =>
        Array.from({ length: width }, (_, k) => of[at + k] as number);
      const fit = projected(
        row(original),
        bases.map((Q) => row(Q?.data as ArrayLike<number>)),
      );
      const [a, b] = weights?.(item) ?? [config.fitted, config.residual];
      used.set([a, b], 2 * item);
      for (let k = 0; k < width; k++) {
        const rest = (original[at + k] as number) - (fit[k] as number);
        out.fitted[at + k] = fit[k] as number;
        out.residual[at + k] = rest;
        out.reconstructed[at + k] = a * (fit[k] as number) + b * rest;
      }
    }
    const dims = [items, width];
    const tensors = Object.fromEntries(
      Object.entries({ original, ...out }).map(([name, data]) => [name, { shape: dims, data }]),
    );
    return { treatments: { head: {}, tensors: { ...tensors, weights: { shape: [items, 2], data: used } } } };
  },
});

/** The weights that a model of `estimators/instrumental` reads out for every item. */
function learnt(
  model: View<typeof Params>,
  items: number,
  numeric: NumericEngine,
): (item: number) => readonly [number, number] {
  const user = new Uint32Array(items);
  const item = Uint32Array.from({ length: items }, (_, i) => i);
  const [fitted, residual] = ['fitted weight', 'residual weight'].map((readout) => {
    const values = new Float32Array(items);
    scorer(model, numeric, readout).score(user, item, values);
    return values;
  }) as [Float32Array, Float32Array];
  return (at) => [fitted[at] as number, residual[at] as number];
}
