/** Multiple robust learning (Li et al. 2022): several candidate propensities and imputations, one of which must be right. */
import { pipeline } from '../../core/index.ts';
import { crossEntropy } from '../../nodes/estimators/cross-entropy.ts';
import { multipleRobust } from '../../nodes/estimators/multiple-robust.ts';
import { evaluate } from '../../nodes/evaluation/evaluate.ts';
import { prior } from '../../nodes/imputation/prior.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { Ratings } from '../../nodes/ports.ts';
import { propensityDiagnosis } from '../../nodes/propensity/diagnosis.ts';
import { factorised } from '../../nodes/propensity/factorised.ts';
import { score } from '../../nodes/scoring/score.ts';
import { ratedNeeds, whyUniform } from '../needs.ts';
import { judged, scored } from '../wires.ts';

export const mr = pipeline('mr', {
  doc: 'Multiple robust: naive Bayes and factorised propensities, constant and model imputations, combined in every batch.',
  needs: { ...ratedNeeds, uniform: Ratings },
  reasons: whyUniform,
})
  .step('propensity', factorised, (up) => ({ train: up.train, shape: up.shape }))
  .step('diagnosis', propensityDiagnosis, (up) => ({ p: up.propensity.p, shape: up.shape }))
  .step('prior', prior, (up) => ({ labels: up.uniform }))
  .step('imputation', learner(crossEntropy), (up) => ({ train: up.train, shape: up.shape }))
  .step('model', learner(multipleRobust), (up) => ({
    train: up.train,
    shape: up.shape,
    prior: up.prior.prior,
    propensity: up.propensity.params,
    imputation: up.imputation.params,
  }))
  .step('scores', score, scored)
  .step('metrics', evaluate, judged)
  .settings({
    coat: {
      protocol: 'coat-5-5-90',
      propensity: { width: 16, batch: 1024, rate: 0.01, l2: 1e-6 },
      imputation: { width: 16, batch: 128, rate: 0.01, l2: 1e-4 },
      model: { width: 16, batch: 128, rate: 0.01, l2: 1e-4 },
    },
    yahoo: {
      propensity: { width: 32, batch: 32_764, rate: 0.01, l2: 1e-4 },
      imputation: { width: 128, batch: 4096, rate: 0.01, l2: 1e-5 },
      model: { width: 128, batch: 4096, rate: 0.01, l2: 1e-5 },
    },
    kuairec: {
      propensity: { width: 32, batch: 32_764, rate: 0.01, l2: 1e-4 },
      imputation: { width: 32, batch: 4096, rate: 0.05, l2: 1e-5 },
      model: { width: 32, batch: 4096, rate: 0.05, l2: 1e-5 },
    },
  });
