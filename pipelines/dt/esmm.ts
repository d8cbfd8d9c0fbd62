/** Entire-space models: what is seen and liked is modelled as a product over all pairs. */
import { joint } from '../../nodes/estimators/joint.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { mf } from './mf.ts';

/** Logs as PyTorch's cross-entropy clamps them, but for probabilities within 1e-10 of 0 or 1. */
const exact = 1e-12;

export const esmm = mf
  .as('esmm', { doc: 'Entire-space multi-task model: propensity, and propensity times prediction, over all pairs.' })
  .replace('model', learner(joint.with({ risk: 0, observation: 1, conversion: 1, clipEverywhere: true, shift: exact })))
  .settings({
    coat: { model: { width: 8, auxiliary: 8, batch: 1024, l2: 1e-5, propensityL2: 1e-3, observation: 2 } },
    yahoo: { model: { width: 32, auxiliary: 32, batch: 32_764, rate: 0.005, l2: 1e-6, propensityL2: 1e-6 } },
    kuairec: { model: { width: 32, auxiliary: 32, batch: 32_764, rate: 0.005, l2: 1e-6, propensityL2: 1e-6 } },
  });
