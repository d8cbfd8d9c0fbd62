/**
 * Inverse propensity scoring with a propensity by label (naive Bayes). The prior of the labels comes from the first rows of the
 * validation ratings, which then no longer validate.
 */
import { pipeline } from '../../core/index.ts';
import { squaredErrorMethod } from '../../nodes/estimators/squared-error.ts';
import { evaluate } from '../../nodes/evaluation/evaluate.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { Ratings } from '../../nodes/ports.ts';
import { naiveBayes } from '../../nodes/propensity/naive-bayes.ts';
import { score } from '../../nodes/scoring/score.ts';
import { firstRows } from '../../nodes/splits/first-rows.ts';
import { outside } from '../../nodes/weighting/outside.ts';
import { inversePropensity } from '../../nodes/weights/inverse-propensity.ts';
import { ratedNeeds } from '../needs.ts';
import { judged, scored } from '../wires.ts';

export const idcfIps = pipeline('idcf-ips', {
  doc: 'Inverse propensity scoring by naive Bayes, squared error on raw scores; stops on validation NDCG@5.',
  needs: { ...ratedNeeds, validation: Ratings },
})
  .step('slice', firstRows, (up) => ({ ratings: up.validation }), { share: 0.166 })
  .step('propensity', naiveBayes, (up) => ({ train: up.train, uniform: up.slice.first, shape: up.shape }))
  .step('weights', inversePropensity, (up) => ({ p: up.propensity.p }), { clip: 1e-3 })
  .step('model', learner(squaredErrorMethod.with({ weight: outside() })), (up) => ({
    train: up.train,
    shape: up.shape,
    validation: up.slice.rest,
    w: up.weights.w,
  }))
  .step('scores', score, scored)
  .step('metrics', evaluate, judged)
  .settings({
    coat: { protocol: 'coat-idcf', model: { rate: 1e-4, l2: 1e-5 } },
    'yahoo-surveyed': { model: { rate: 1e-4, l2: 1e-5 } },
    kuairand: { model: { rate: 1e-4, l2: 1e-6, batch: 2048 } },
  });
