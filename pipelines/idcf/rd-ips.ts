/** Inverse propensity scoring against the worst weights that a confounder of a given strength allows. */
import { robustSquaredError } from '../../nodes/estimators/robust-squared-error.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { labelWeights } from '../../nodes/weights/label-weights.ts';
import { idcfIps } from './ips.ts';

export const idcfRdIps = idcfIps
  .as('idcf-rd-ips', { doc: 'The robust deconfounder on inverse propensity scores: descends the worst weighted loss.' })
  .step('byLabel', labelWeights, (up) => ({ train: up.train, w: up.weights.w }))
  .rewire('model', learner(robustSquaredError), (up) => ({
    train: up.train,
    shape: up.shape,
    validation: up.slice.rest,
    w: up.weights.w,
    byLabel: up.byLabel.byLabel,
  }))
  .settings({
    coat: { protocol: 'coat-idcf', model: { rate: 1e-3, l2: 1e-6, gamma: 2, every: 5 } },
    'yahoo-surveyed': { model: { rate: 1e-4, l2: 1e-5, gamma: 4, every: 3 } },
    kuairand: { model: { rate: 1e-5, l2: 1e-6, gamma: 8, every: 3, batch: 2048 } },
  });
