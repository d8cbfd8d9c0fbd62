import { z } from 'zod';
import { node } from '../../core/index.ts';
import { Numeric } from '../learning/kernels/numeric.ts';
import { knownRows } from '../learning/ranking/known-rows.ts';
import { Pairs, Params, Shape } from '../ports.ts';
import { Instruments, Treatments } from './ports.ts';
import { stageOf, weightSettings, weightsOf } from './second-stage.ts';

/**
 * Two-stage least squares where users have the instruments: with Q_u a basis of those of user u, the treatment of item i is for this
 * user a Q_u Q_u' T_i + b (T_i - Q_u Q_u' T_i), with weights a and b of the pair. A row is the mean of these over the items I_u
 * that the user has in the log; projecting is linear, so that means are projected, and not every pair. A user without items has
 * zeros.
 *
 * @param model a model with an item table `T`; with learned weights one of `estimators/instrumental` with instruments of users
 * @throws Problem bad-data when treatments, instruments and log do not fit, or learned weights are asked of a model without them
 */
export const twoStageOfUsers = node('instruments/two-stage-of-users', {
  doc: "Treatments of items cut into the part that a user's own instruments explain and the rest, put together and averaged over the user's items.",
  source: 'Deng et al. 2024 (IViDR), eq. 4-9, with instruments of users in place of items: a reading of ours',
  in: { log: Pairs, model: Params, instruments: Instruments, shape: Shape },
  out: { treatments: Treatments },
  config: z.strictObject(weightSettings),
  use: { numeric: Numeric },
  run({ log, model, instruments, shape }, config, { numeric }) {
    const { users, items } = shape;
    const { width, treatment, explained } = stageOf(model, instruments, 'users', { rows: users, items });
    const { start, item } = knownRows({ log }, shape);
    const user = new Uint32Array(item.length);
    for (let u = 0; u < users; u++) user.fill(u, start[u], start[u + 1]);
    const weights = weightsOf(config, model, numeric, user, item);
    const table = () => new Float32Array(users * width);
    const [original, fitted, residual, reconstructed] = [table(), table(), table(), table()];
    for (let u = 0; u < users; u++) {
      const [whole, a, b] = [new Float64Array(width), new Float64Array(width), new Float64Array(width)];
      const [from, to] = [start[u] as number, start[u + 1] as number];
      for (let n = from; n < to; n++) {
        const T = treatment(item[n] as number);
        for (let k = 0; k < width; k++) {
          const share = T[k]! / (to - from);
          whole[k]! += share;
          a[k]! += weights.fitted[n]! * share;
          b[k]! += weights.residual[n]! * share;
        }
      }
      const [fit, fitA, fitB] = [explained(whole, u), explained(a, u), explained(b, u)];
      for (let k = 0; k < width; k++) {
        const at = u * width + k;
        original[at] = whole[k]!;
        fitted[at] = fit[k]!;
        residual[at] = whole[k]! - fit[k]!;
        reconstructed[at] = fitA[k]! + b[k]! - fitB[k]!;
      }
    }
    const tensors = Object.fromEntries(
      Object.entries({ original, fitted, residual, reconstructed }).map(([name, data]) => [
        name,
        { shape: [users, width], data },
      ]),
    );
    return { treatments: { head: { of: 'users' as const }, tensors } };
  },
});
