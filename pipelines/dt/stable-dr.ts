/** Stable doubly robust (Li et al. 2023): self-normalised, with a naive Bayes propensity smoothed by one learnt number. */
import { pipeline } from '../../core/index.ts';
import { stableDoublyRobust } from '../../nodes/estimators/stable-doubly-robust.ts';
import { evaluate } from '../../nodes/evaluation/evaluate.ts';
import { labelSample } from '../../nodes/imputation/label-sample.ts';
import { prior } from '../../nodes/imputation/prior.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { Ratings } from '../../nodes/ports.ts';
import { score } from '../../nodes/scoring/score.ts';
import { ratedNeeds, whyUniform } from '../needs.ts';
import { judged, scored } from '../wires.ts';

const coat = { width: 4, batch: 128, ratio: 3, rate: 0.01, smoothingRate: 0.01, l2: 5e-5, eta: 100, patience: 5 };

export const stableDrAsCoded = pipeline('stable-dr-as-coded', {
  doc: 'Stable-DR as in the code of Li et al. 2024: P(label) for naive Bayes is taken from 5 % of the test labels.',
  usesTestLabels: true,
  needs: ratedNeeds,
})
  .step('sample', labelSample, (up) => ({ labels: up.test }), { share: 0.05 })
  .step('prior', prior, (up) => ({ labels: up.sample.sample }))
  .step('model', learner(stableDoublyRobust.with({ pairs: 'ids' })), (up) => ({
    train: up.train,
    shape: up.shape,
    prior: up.prior.prior,
  }))
  .step('scores', score, scored)
  .step('metrics', evaluate, judged)
  .settings({
    coat: { model: coat },
    yahoo: {
      model: { width: 8, batch: 8192, ratio: 5, rate: 0.05, smoothingRate: 150, l2: 5e-6, eta: 1000, patience: 1 },
    },
    kuairec: {
      model: { width: 4, batch: 8192, ratio: 5, rate: 0.05, smoothingRate: 150, l2: 1e-5, eta: 1000, patience: 1 },
    },
  });

export const stableDr = stableDrAsCoded
  .as('stable-dr', {
    doc: 'Stable doubly robust, its naive Bayes propensities from the uniform slice.',
    usesTestLabels: false,
    needs: { uniform: Ratings },
    reasons: whyUniform,
  })
  .rewire('sample', labelSample, (up) => ({ labels: up.uniform }), { share: 1 })
  .method('model', (m) => m.with({ pairs: 'pairs' }))
  .settings({ coat: { protocol: 'coat-5-5-90', model: coat } });
