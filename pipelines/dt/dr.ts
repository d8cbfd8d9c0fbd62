/** Doubly robust with a constant imputed label. */
import { pipeline } from '../../core/index.ts';
import { doublyRobust } from '../../nodes/estimators/doubly-robust.ts';
import { evaluate } from '../../nodes/evaluation/evaluate.ts';
import { labelSample } from '../../nodes/imputation/label-sample.ts';
import { prior } from '../../nodes/imputation/prior.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { propensityDiagnosis } from '../../nodes/propensity/diagnosis.ts';
import { factorised } from '../../nodes/propensity/factorised.ts';
import { score } from '../../nodes/scoring/score.ts';
import { inversePropensity } from '../../nodes/weights/inverse-propensity.ts';
import { ratedNeeds } from '../needs.ts';
import { judged, scored } from '../wires.ts';

export const dr = pipeline('dr', {
  doc: 'Doubly robust with a factorised propensity; every label is imputed as the share of positives in train.',
  needs: ratedNeeds,
})
  .step('propensity', factorised, (up) => ({ train: up.train, shape: up.shape }), { l2: 1e-3 })
  .step('diagnosis', propensityDiagnosis, (up) => ({ p: up.propensity.p, shape: up.shape }))
  .step('weights', inversePropensity, (up) => ({ p: up.propensity.p }), { clip: 0.05 })
  .step('prior', prior, (up) => ({ labels: up.train }))
  .step('model', learner(doublyRobust), (up) => ({
    train: up.train,
    shape: up.shape,
    w: up.weights.w,
    prior: up.prior.prior,
  }))
  .step('scores', score, scored)
  .step('metrics', evaluate, judged)
  .settings({
    coat: {
      propensity: { width: 16, batch: 1024, rate: 0.01, l2: 1e-3 },
      model: { width: 16, batch: 128, rate: 0.01, l2: 1e-3, ratio: 1 },
    },
    yahoo: {
      propensity: { width: 32, batch: 32_764, rate: 0.005, l2: 1e-5 },
      model: { width: 32, batch: 4096, rate: 0.005, l2: 1e-5, ratio: 1 },
    },
    kuairec: {
      propensity: { width: 32, batch: 32_764, rate: 0.005, l2: 1e-5 },
      model: { width: 32, batch: 4096, rate: 0.005, l2: 1e-5, ratio: 1 },
    },
  });

/** Eq. 4 of the paper: the imputed error on observed pairs carries the weight too. */
export const drAsWritten = dr
  .as('dr-as-written', { doc: 'Doubly robust with the control variate weighted by 1/p, as eq. 4 has it.' })
  .method('model', (m) => m.with({ control: 'weighted' }));

/** As the authors' code has it: the prior is taken from 5 % of the *test* labels. */
export const drAsCoded = dr
  .as('dr-as-coded', {
    doc: 'Doubly robust as in the code of Li et al. 2024: the prior is the share of positives in 5 % of the test labels.',
    usesTestLabels: true,
  })
  .step('sample', labelSample, (up) => ({ labels: up.test }), { share: 0.05 })
  .rewire('prior', prior, (up) => ({ labels: up.sample.sample }));
