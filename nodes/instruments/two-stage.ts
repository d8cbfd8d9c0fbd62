import { z } from 'zod';
import { node } from '../../core/index.ts';
import { Numeric } from '../learning/kernels/numeric.ts';
import { Params, Shape } from '../ports.ts';
import { Instruments, Treatments } from './ports.ts';
import { stageOf, weightSettings, weightsOf } from './second-stage.ts';

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
  config: z.strictObject(weightSettings),
  use: { numeric: Numeric },
  run({ model, instruments, shape }, config, { numeric }) {
    const { items } = shape;
    const { width, treatment, explained } = stageOf(model, instruments, 'items', { rows: items, items });
    const item = Uint32Array.from({ length: items }, (_, i) => i);
    const weights = weightsOf(config, model, numeric, new Uint32Array(items), item);
    const table = () => new Float32Array(items * width);
    const [original, fitted, residual, reconstructed] = [table(), table(), table(), table()];
    const used = new Float32Array(2 * items);
    for (const i of item) {
      const whole = treatment(i);
      const fit = explained(whole, i);
      const [a, b] = [weights.fitted[i] as number, weights.residual[i] as number];
      used.set([a, b], 2 * i);
      original.set(whole, i * width);
      fitted.set(fit, i * width);
      for (let k = 0; k < width; k++) {
        const rest = whole[k]! - fit[k]!;
        residual[i * width + k] = rest;
        reconstructed[i * width + k] = a * fit[k]! + b * rest;
      }
    }
    const tensors = Object.fromEntries(
      Object.entries({ original, fitted, residual, reconstructed }).map(([name, data]) => [
        name,
        { shape: [items, width], data },
      ]),
    );
    return {
      treatments: {
        head: { of: 'items' as const },
        tensors: { ...tensors, weights: { shape: [items, 2], data: used } },
      },
    };
  },
});
