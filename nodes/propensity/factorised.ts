import { z } from 'zod';
import { aside, Cancel, Log, node, Progress, Rng, type View } from '../../core/index.ts';
import { additive } from '../backbones/additive.ts';
import { type Backbone, built } from '../learning/composition.ts';
import { trainingRows } from '../learning/data.ts';
import { program } from '../learning/declaration.ts';
import { squaredError } from '../learning/expression/losses.ts';
import { historyTable } from '../learning/history.ts';
import { Numeric } from '../learning/kernels/numeric.ts';
import { scorer, servingOf } from '../learning/serve.ts';
import { plateau, rateSetting, stopSettings, widthSetting } from '../learning/settings.ts';
import { train as trainProgram } from '../learning/train.ts';
import { History, Pairs, Params, Propensities, Shape } from '../ports.ts';

/**
 * Propensities from who was observed: logit p = user term + item term, fitted to the observation indicator over all pairs by
 * squared error, in batches over a permutation of all pairs. Labels are not read.
 *
 * `p` holds one row for each train row, in the train table's order, not clipped; `params` serves any pair.
 */
export const factorised = node('propensity/factorised', {
  doc: 'Observation model: a user term plus an item term, fitted over all pairs; propensities of the train rows.',
  source: 'Li et al. 2024 (ICDE), code: linear NCF trained by squared error',
  in: { train: Pairs, shape: Shape },
  out: { p: Propensities, params: aside(Params), history: aside(History) },
  config: z.strictObject({
    width: widthSetting,
    rate: rateSetting,
    l2: z.number().nonnegative().default(1e-6).describe('weight decay, coupled'),
    batch: z.number().int().positive().default(1024).describe('pairs a batch'),
    ...stopSettings,
    seed: z.number().int().nonnegative().optional().describe('fixes the seed of this step, whatever the run says'),
  }),
  use: { rng: Rng, log: Log, progress: Progress, cancel: Cancel, numeric: Numeric },
  run({ train, shape }, config, services) {
    const observation = observationProgram(config);
    const trained = trainProgram(observation, trainingRows(observation, { train, shape }), services);
    const head = {
      method: { use: 'propensity/factorised', with: config },
      shape,
      epochs: trained.epochs,
      serving: servingOf(observation),
    };
    const params = { head, tensors: trained.tensors } as unknown as View<typeof Params>;
    const p = new Float32Array(train.user.length);
    scorer(params, services.numeric).score(train.user, train.item, p);
    return { p: { user: train.user, item: train.item, p }, params, history: historyTable(trained.history) };
  },
});

interface ObservationSettings {
  readonly width: number;
  readonly rate: number;
  readonly l2: number;
  readonly batch: number;
  readonly tolerance: number;
  readonly patience: number;
  readonly epochs: number;
}
/** mean over a batch D of all pairs of (sigmoid(user term + item term) - o)^2. */
export function observationProgram(config: ObservationSettings) {
  const z = built<Backbone>(additive()).score('', config.width);
  return program({
    tables: z.tables,
    scores: { z: z.score },
    streams: { D: { draw: 'pairs', batch: config.batch } },
    groups: { propensity: { own: z.own, rate: config.rate, l2: config.l2 } },
    batch: ({ score, column, mean }) => [
      { loss: mean('D', squaredError(score('z').sigmoid(), column('o'))), move: ['propensity'] },
    ],
    stop: plateau(config),
    serve: ({ score }) => score('z').sigmoid(),
  });
}
