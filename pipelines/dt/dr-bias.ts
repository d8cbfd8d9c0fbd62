/**
 * Doubly robust with naive Bayes propensities and an imputation that minds bias, or bias and variance. Naive Bayes needs P(label)
 * over all pairs: from the protocol's uniform slice, or, as coded, from test labels.
 */
import { pipeline } from '../../core/index.ts';
import { doublyRobust } from '../../nodes/estimators/doubly-robust.ts';
import { evaluate } from '../../nodes/evaluation/evaluate.ts';
import { labelSample } from '../../nodes/imputation/label-sample.ts';
import { learntLabel } from '../../nodes/imputing/learnt-label.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { Ratings } from '../../nodes/ports.ts';
import { propensityDiagnosis } from '../../nodes/propensity/diagnosis.ts';
import { naiveBayes } from '../../nodes/propensity/naive-bayes.ts';
import { score } from '../../nodes/scoring/score.ts';
import { inversePropensity } from '../../nodes/weights/inverse-propensity.ts';
import { ratedNeeds, whyUniform } from '../needs.ts';
import { judged, scored } from '../wires.ts';

/** The methods do not clip: this is below any propensity that counts can give. */
const unclipped = 1e-9;

export const drBiasAsCoded = pipeline('dr-bias-as-coded', {
  doc: 'DR-BIAS as in the code of Li et al. 2024: P(label) for naive Bayes is taken from 5 % of the test labels.',
  usesTestLabels: true,
  needs: ratedNeeds,
})
  .step('sample', labelSample, (up) => ({ labels: up.test }), { share: 0.05 })
  .step('propensity', naiveBayes, (up) => ({ train: up.train, uniform: up.sample.sample, shape: up.shape }), {
    pairs: 'largest-ids',
  })
  .step('diagnosis', propensityDiagnosis, (up) => ({ p: up.propensity.p, shape: up.shape }))
  .step('weights', inversePropensity, (up) => ({ p: up.propensity.p }), { clip: unclipped })
  .step('model', learner(doublyRobust.with({ imputation: learntLabel({ emphasis: 'bias' }), rate: 0.05 })), (up) => ({
    train: up.train,
    shape: up.shape,
    w: up.weights.w,
  }))
  .step('scores', score, scored)
  .step('metrics', evaluate, judged)
  .settings({
    coat: { model: { width: 4, batch: 128, l2: 1e-3 } },
    yahoo: { model: { width: 4, batch: 2048, l2: 1e-4 } },
    kuairec: { model: { width: 4, batch: 2048, l2: 1e-4 } },
  });

export const drBias = drBiasAsCoded
  .as('dr-bias', {
    doc: 'Doubly robust whose imputation minimises the bias, with naive Bayes propensities from the uniform slice.',
    usesTestLabels: false,
    needs: { uniform: Ratings },
    reasons: whyUniform,
  })
  .rewire('sample', labelSample, (up) => ({ labels: up.uniform }), { share: 1 })
  .configure({ propensity: { pairs: 'all' } })
  .settings({ coat: { protocol: 'coat-5-5-90', model: { width: 4, batch: 128, l2: 1e-3 } } });

export const drBiasAsWritten = drBias
  .as('dr-bias-as-written', { doc: 'DR-BIAS with the control variate weighted by 1/p, as eq. 4 has it.' })
  .method('model', (m) => m.with({ control: 'weighted' }));

export const drMseAsCoded = drBiasAsCoded
  .as('dr-mse-as-coded', {
    doc: 'DR-MSE as in the code of Li et al. 2024: P(label) for naive Bayes is taken from 5 % of the test labels.',
  })
  .method('model', (m) => m.with({ imputation: learntLabel({ emphasis: 'both', mix: 0.5 }) }));

export const drMse = drBias
  .as('dr-mse', {
    doc: 'Doubly robust whose imputation trades bias against variance, naive Bayes from the uniform slice.',
  })
  .method('model', (m) => m.with({ imputation: learntLabel({ emphasis: 'both', mix: 0.5 }) }));

export const drMseAsWritten = drMse
  .as('dr-mse-as-written', { doc: 'DR-MSE with the control variate weighted by 1/p, as eq. 4 has it.' })
  .method('model', (m) => m.with({ control: 'weighted' }));
