import { z } from 'zod';
import { aside, Cancel, Checkpoints, Log, node, Problem, Progress, Rng, type View } from '../../core/index.ts';
import { historyTable } from '../learning/history.ts';
import { Numeric } from '../learning/kernels/numeric.ts';
import { checkAlike } from '../learning/training-state.ts';
import { History, Pairs, Params, Shape } from '../ports.ts';
import { exposureModel } from './exposure-model.ts';

/**
 * ExpoMF: whether a user saw an item is latent. a_ui ~ Bernoulli(mu_i); a click given a_ui = 1 is N(theta_u . beta_i, 1 / lambda_y),
 * and without it 0. Fitted by EM: p_ui = 1 where there is a click, else mu_i f / (mu_i f + 1 - mu_i) with
 * f = N(0 | theta_u . beta_i, 1 / lambda_y); then theta, beta and mu in turn in closed form, each under p of the present
 * parameters, so that the posterior never falls. p is made row by row and never held: what is held grows with users plus items.
 *
 * Formulas and the defaults of `lambdaY`, `lambda`, `a`, `b`, `sd` and `sweeps` are a reconstruction from Liang et al. 2016 and what
 * is known of their public code; of Wei et al. 2021 only the grid of first mu and the width are given.
 * @throws Problem bad-data for ids outside of the shape
 */
export const expoMf = node('exposure/expomf', {
  doc: 'Exposure matrix factorisation on clicks, by EM in closed form.',
  source: 'Liang et al. 2016 (WWW), reconstructed; settings of Wei et al. 2021 (KDD) where they name one',
  in: { train: Pairs, shape: Shape },
  out: { params: Params, history: aside(History) },
  config: z.strictObject({
    width: z.number().int().positive().default(64).describe('numbers in an embedding'),
    mu: z.number().gt(0).lt(1).default(0.01).describe('first probability that an item is seen'),
    lambdaY: z.number().positive().default(1).describe('precision of a click given that the item was seen'),
    lambda: z.number().positive().default(1e-5).describe('precision of both embeddings'),
    a: z.number().min(1).default(1).describe('first parameter of the Beta prior of mu'),
    b: z.number().min(1).default(1).describe('second parameter of the Beta prior of mu'),
    sd: z.number().positive().default(0.01).describe('standard deviation of the first embeddings'),
    sweeps: z.number().int().positive().default(10).describe('how often theta, beta and mu are updated'),
    serve: z.enum(['preference', 'exposed']).default('preference').describe('theta . beta, or mu times it'),
    seed: z.number().int().nonnegative().optional().describe('fixes the seed of this step, whatever the run says'),
  }),
  use: { rng: Rng, log: Log, progress: Progress, cancel: Cancel, checkpoints: Checkpoints, numeric: Numeric },
  run({ train, shape }, config, { rng, log, progress, cancel, checkpoints, numeric }) {
    for (let r = 0; r < train.user.length; r++)
      if (train.user[r]! >= shape.users || train.item[r]! >= shape.items)
        throw new Problem(
          'bad-data',
          `user ${train.user[r]}, item ${train.item[r]} lies outside the data set's shape`,
          {
            where: `train, row ${r}`,
          },
        );
    const model = exposureModel(train, shape, config, rng, numeric);
    const history: Record<string, number>[] = [];
    checkpoints.resume(({ head, arrays }) => {
      const mine = Object.entries(model.tensors());
      for (const [name, { data }] of mine) checkAlike(name, arrays[name], data);
      model.goOn(arrays as never);
      history.push(...(head as typeof history));
    });
    while (history.length < config.sweeps) {
      model.updateUsers(() => cancel.check());
      model.updateItems(() => cancel.check());
      const posterior = model.updateExposure(() => cancel.check());
      history.push({ 'log posterior': posterior });
      const sweeps = history.length;
      progress.epoch(sweeps, history.at(-1) as Record<string, number>);
      progress.report(sweeps, config.sweeps, `log posterior ${posterior.toPrecision(7)}`);
      if (sweeps < config.sweeps && (checkpoints.due || cancel.requested)) {
        const arrays = Object.fromEntries(Object.entries(model.tensors()).map(([name, { data }]) => [name, data]));
        checkpoints.save({ at: `sweep ${sweeps}`, head: history, arrays });
      }
    }
    log.info(`fitted ${config.sweeps} sweeps`, { sweeps: config.sweeps });
    const score = { op: 'score', name: 'k' } as const;
    const serve =
      config.serve === 'preference' ? score : ({ op: 'mul', of: [score, { op: 'score', name: 'seen' }] } as const);
    const head = {
      method: { use: 'exposure/expomf', with: config },
      shape,
      serving: {
        tables: {
          theta: { rows: 'user', width: config.width },
          beta: { rows: 'item', width: config.width },
          mu: { rows: 'item', width: 1 },
        },
        scores: { k: { dot: ['theta', 'beta'] }, seen: { bias: 'mu' } },
        serve,
      },
    };
    return {
      params: { head, tensors: model.tensors() } as unknown as View<typeof Params>,
      history: historyTable(history),
    };
  },
});
