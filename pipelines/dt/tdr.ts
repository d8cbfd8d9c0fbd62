/** Targeted doubly robust (Li et al. 2023): propensities regressed on rating factors, and a targeted step once training stops. */
import { pipeline } from '../../core/index.ts';
import { crossEntropy } from '../../nodes/estimators/cross-entropy.ts';
import { doublyRobust } from '../../nodes/estimators/doubly-robust.ts';
import { evaluate } from '../../nodes/evaluation/evaluate.ts';
import { labelSample } from '../../nodes/imputation/label-sample.ts';
import { prior } from '../../nodes/imputation/prior.ts';
import { learntLabel } from '../../nodes/imputing/learnt-label.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { propensityDiagnosis } from '../../nodes/propensity/diagnosis.ts';
import { regressed } from '../../nodes/propensity/regressed.ts';
import { score } from '../../nodes/scoring/score.ts';
import { inverseScore } from '../../nodes/weighting/inverse-score.ts';
import { ratedNeeds } from '../needs.ts';
import { judged, scored } from '../wires.ts';

const targeted = doublyRobust.with({ weight: inverseScore(), target: 'on-stop', rate: 0.05, ratio: 3 });

export const tdr = pipeline('tdr', {
  doc: 'Targeted doubly robust with a constant imputed label, the share of positives in train.',
  needs: ratedNeeds,
})
  .step('factors', learner(crossEntropy.with({ rate: 0.05, l2: 0 })), (up) => ({ train: up.train, shape: up.shape }))
  .step('propensity', regressed, (up) => ({ train: up.train, model: up.factors.params, shape: up.shape }))
  .step('diagnosis', propensityDiagnosis, (up) => ({ p: up.propensity.p, shape: up.shape }))
  .step('prior', prior, (up) => ({ labels: up.train }))
  .step('model', learner(targeted), (up) => ({
    train: up.train,
    shape: up.shape,
    propensity: up.propensity.params,
    prior: up.prior.prior,
  }))
  .step('scores', score, scored)
  .step('metrics', evaluate, judged)
  .settings({
    coat: {
      factors: { width: 4, batch: 128 },
      propensity: { batch: 128, clip: 0.1 },
      model: { width: 4, batch: 128, l2: 1e-4, ratio: 3 },
    },
    yahoo: {
      factors: { width: 4, batch: 2048 },
      propensity: { batch: 2048, clip: 0.15 },
      model: { width: 4, batch: 2048, l2: 1e-5, ratio: 3 },
    },
    kuairec: {
      factors: { width: 8, batch: 2048 },
      propensity: { batch: 2048, clip: 0.1 },
      model: { width: 8, batch: 2048, l2: 1e-5, ratio: 1 },
    },
  });

/** As the authors' code has it: the prior is taken from 5 % of the *test* labels. */
export const tdrAsCoded = tdr
  .as('tdr-as-coded', {
    doc: 'TDR as in the code of Li et al. 2024: the prior is the share of positives in 5 % of the test labels.',
    usesTestLabels: true,
  })
  .step('sample', labelSample, (up) => ({ labels: up.test }), { share: 0.05 })
  .rewire('prior', prior, (up) => ({ labels: up.sample.sample }));

export const tdrAsWritten = tdr
  .as('tdr-as-written', {
    doc: 'TDR with the control variate weighted by 1/p, as eq. 4 has it; the targeted step is last.',
  })
  .method('model', (m) => m.with({ control: 'weighted' }));

export const tdrJl = pipeline('tdr-jl', {
  doc: 'Targeted doubly robust with joint learning: the imputed label is a model that learns in turns with the prediction.',
  needs: ratedNeeds,
})
  .step('factors', learner(crossEntropy.with({ rate: 0.05, l2: 0 })), (up) => ({ train: up.train, shape: up.shape }))
  .step('propensity', regressed, (up) => ({ train: up.train, model: up.factors.params, shape: up.shape }))
  .step('diagnosis', propensityDiagnosis, (up) => ({ p: up.propensity.p, shape: up.shape }))
  .step('model', learner(targeted.with({ imputation: learntLabel(), patience: 1 })), (up) => ({
    train: up.train,
    shape: up.shape,
    propensity: up.propensity.params,
  }))
  .step('scores', score, scored)
  .step('metrics', evaluate, judged)
  .settings({
    coat: {
      factors: { width: 4, batch: 128 },
      propensity: { batch: 128, clip: 0.1 },
      model: { width: 4, batch: 128, l2: 1e-4, ratio: 4 },
    },
    yahoo: {
      factors: { width: 8, batch: 2048 },
      propensity: { batch: 2048, clip: 0.1 },
      model: { width: 8, batch: 2048, l2: 1e-5, ratio: 3 },
    },
    kuairec: {
      factors: { width: 8, batch: 2048 },
      propensity: { batch: 2048, clip: 0.1 },
      model: { width: 8, batch: 2048, l2: 5e-5, ratio: 3 },
    },
  });

export const tdrJlAsWritten = tdrJl
  .as('tdr-jl-as-written', { doc: 'TDR-JL with the control variate weighted by 1/p, as eq. 4 has it.' })
  .method('model', (m) => m.with({ control: 'weighted' }));
