import { z } from 'zod';
import { Cancel, Log, node, Problem, Progress, Rng, type View } from '../../core/index.ts';
import { modelsOf, trainingRows } from '../learning/data.ts';
import { program } from '../learning/declaration.ts';
import { logisticLoss } from '../learning/expression/losses.ts';
import { historyTable } from '../learning/history.ts';
import { Numeric } from '../learning/kernels/numeric.ts';
import { scorer, servingOf } from '../learning/serve.ts';
import { train as trainProgram } from '../learning/train.ts';
import { History, Pairs, Params, Propensities, Shape } from '../ports.ts';

/**
 * Logistic regression of the observation indicator on the frozen factors of a rating model: logit p = a . [p_u; q_i] + c,
 * by SGD over all pairs; p is kept at `clip` or above. Training ends when the loss of an epoch's last batch has been above the
 * lowest one `rebounds` times in all.
 *
 * `p` holds one row for each train row, in its order; `params` serves any pair. Both are clipped.
 */
export const regressed = node('propensity/regressed', {
  doc: 'Observation model on the frozen factors of a rating model: logistic regression by SGD.',
  source: 'Li et al. 2023 (TDR), code of Li et al. 2024',
  in: { train: Pairs, model: Params, shape: Shape },
  out: { p: Propensities, params: Params, history: History },
  config: z.strictObject({
    rate: z.number().positive().default(1e-3).describe('learning rate of the SGD'),
    momentum: z.number().min(0).lt(1).default(0.9),
    batch: z.number().int().positive().default(128).describe('pairs a batch'),
    clip: z.number().gt(0).lt(1).default(0.1).describe('smallest propensity kept'),
    rebounds: z.number().int().positive().default(5),
    epochs: z.number().int().positive().default(1000).describe('largest number of epochs'),
    seed: z.number().int().nonnegative().optional().describe('fixes the seed of this step, whatever the run says'),
  }),
  use: { rng: Rng, log: Log, progress: Progress, cancel: Cancel, numeric: Numeric },
  run({ train, model, shape }, config, services) {
    const observation = regression(widthOf(model), config);
    const inputs = { train, model, shape };
    const trained = trainProgram(observation, trainingRows(observation, inputs), services, {
      inputs: modelsOf(observation, inputs, services.numeric),
    });
    const head = {
      method: { use: 'propensity/regressed', with: config },
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

function widthOf(model: View<typeof Params>): number {
  const width = model.tensors.P?.shape[1];
  if (width === undefined || model.tensors.Q?.shape[1] !== width)
    throw new Problem('bad-data', "the rating model has no factors 'P' and 'Q' of one width", {
      where: 'model',
      hint: 'train it on the backbone backbones/factors',
    });
  return width;
}

interface RegressionSettings {
  readonly rate: number;
  readonly momentum: number;
  readonly batch: number;
  readonly clip: number;
  readonly rebounds: number;
  readonly epochs: number;
}
/** mean over a batch D of all pairs of CE(a . [p_u; q_i] + c, o); the layer starts uniformly in +-1/sqrt(2 width). */
export function regression(width: number, s: RegressionSettings) {
  const uniform = 1 / Math.sqrt(2 * width);
  return program({
    tables: {
      P: { rows: 'user', width, start: { given: 'model', tensor: 'P' } },
      Q: { rows: 'item', width, start: { given: 'model', tensor: 'Q' } },
      au: { rows: 'one', width, start: { uniform } },
      ai: { rows: 'one', width, start: { uniform } },
      c: { rows: 'one', width: 1, start: { uniform } },
    },
    scores: { z: { sum: [{ dot: [{ stop: 'P' }, 'au'] }, { dot: [{ stop: 'Q' }, 'ai'] }, { bias: 'c' }] } },
    streams: { D: { draw: 'pairs', batch: s.batch } },
    groups: { layer: { own: ['au', 'ai', 'c'], rate: s.rate, by: 'sgd', momentum: s.momentum } },
    batch: ({ score, column, mean }) => [{ loss: mean('D', logisticLoss(score('z'), column('o'))), move: ['layer'] }],
    stop: { rule: 'rebound', times: s.rebounds, epochs: s.epochs },
    serve: ({ score }) => score('z').sigmoid().clip(s.clip, 1),
  });
}
