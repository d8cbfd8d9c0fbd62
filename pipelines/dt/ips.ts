/** Inverse propensity scoring: each observed pair weighs 1 / its probability of being observed. */
import { pipeline } from '../../core/index.ts';
import { crossEntropy } from '../../nodes/estimators/cross-entropy.ts';
import { evaluate } from '../../nodes/evaluation/evaluate.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { propensityDiagnosis } from '../../nodes/propensity/diagnosis.ts';
import { factorised } from '../../nodes/propensity/factorised.ts';
import { score } from '../../nodes/scoring/score.ts';
import { outside } from '../../nodes/weighting/outside.ts';
import { inversePropensity } from '../../nodes/weights/inverse-propensity.ts';
import { ratedNeeds } from '../needs.ts';
import { judged, scored } from '../wires.ts';

export const ips = pipeline('ips', {
  doc: 'Inverse propensity scoring with a factorised propensity, clipped at 0.05.',
  needs: ratedNeeds,
})
  .step('propensity', factorised, (up) => ({ train: up.train, shape: up.shape }))
  .step('diagnosis', propensityDiagnosis, (up) => ({ p: up.propensity.p, shape: up.shape }))
  .step('weights', inversePropensity, (up) => ({ p: up.propensity.p }), { clip: 0.05 })
  .step('model', learner(crossEntropy.with({ weight: outside(), l2: 1e-3 })), (up) => ({
    train: up.train,
    shape: up.shape,
    w: up.weights.w,
  }))
  .step('scores', score, scored)
  .step('metrics', evaluate, judged)
  .settings({
    coat: {
      propensity: { width: 16, batch: 1024, rate: 0.01, l2: 1e-6 },
      model: { width: 16, batch: 128, rate: 0.01, l2: 1e-3 },
    },
    yahoo: {
      propensity: { width: 32, batch: 32_764, rate: 0.01, l2: 1e-4 },
      model: { width: 32, batch: 4096, rate: 0.01, l2: 1e-4 },
    },
    kuairec: {
      propensity: { width: 32, batch: 32_764, rate: 0.01, l2: 1e-4 },
      model: { width: 32, batch: 4096, rate: 0.01, l2: 1e-4 },
    },
    'ml-100k-semi': {
      propensity: { width: 8, batch: 40_960, rate: 0.01, l2: 1e-5 },
      model: { width: 8, batch: 4096, rate: 0.01, l2: 1e-5, tolerance: 1e-5 },
    },
  });
