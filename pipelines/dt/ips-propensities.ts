/** IPS with other propensities than the factorised one: from counts, from a uniform sample, from a table, or true ones. */
import { pipeline } from '../../core/index.ts';
import { crossEntropy } from '../../nodes/estimators/cross-entropy.ts';
import { evaluate } from '../../nodes/evaluation/evaluate.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { Propensities, Ratings } from '../../nodes/ports.ts';
import { propensityDiagnosis } from '../../nodes/propensity/diagnosis.ts';
import { givenPropensity } from '../../nodes/propensity/given.ts';
import { naiveBayes } from '../../nodes/propensity/naive-bayes.ts';
import { observationRates } from '../../nodes/propensity/observation-rates.ts';
import { popularityPropensity } from '../../nodes/propensity/popularity.ts';
import { score } from '../../nodes/scoring/score.ts';
import { outside } from '../../nodes/weighting/outside.ts';
import { inversePropensity } from '../../nodes/weights/inverse-propensity.ts';
import { ratedNeeds } from '../needs.ts';

const weighted = crossEntropy.with({ weight: outside(), l2: 1e-3 });
const onCoat = { model: { width: 16, batch: 128, rate: 0.01, l2: 1e-3 } };

/** Relative propensities, 1 for the most popular item: weights near 1, and so less decay than where they are near 10. */
export const ipsPopularity = pipeline('ips-popularity', {
  doc: 'Inverse propensity scoring by item popularity, a power law relative to the most popular item.',
  needs: ratedNeeds,
})
  .step('propensity', popularityPropensity, (up) => ({ train: up.train, shape: up.shape }), { exponent: 0.5 })
  .step('diagnosis', propensityDiagnosis, (up) => ({ p: up.propensity.p, shape: up.shape }))
  .step('weights', inversePropensity, (up) => ({ p: up.propensity.p }), { clip: 0.05 })
  .step('model', learner(weighted.with({ l2: 1e-4 })), (up) => ({
    train: up.train,
    shape: up.shape,
    w: up.weights.w,
  }))
  .step('scores', score, (up) => ({ model: up.model.params, candidates: up.candidates }))
  .step('metrics', evaluate, (up) => ({
    scores: up.scores.scores,
    test: up.test,
    evaluation: up.evaluation,
    shape: up.shape,
    train: up.train,
  }))
  .settings({ coat: { model: { ...onCoat.model, l2: 1e-4 } } });

export const ipsObservationRates = ipsPopularity
  .as('ips-observation-rates', {
    doc: 'Inverse propensity scoring by how often the user rates times how often the item is rated.',
  })
  .replace('propensity', observationRates, { by: 'both' })
  .configure({ model: { l2: 1e-3 } })
  .settings({ coat: onCoat });

export const ipsNaiveBayes = pipeline('ips-naive-bayes', {
  doc: 'Inverse propensity scoring by naive Bayes: how much more often a rating is observed than a uniform sample has it.',
  needs: { ...ratedNeeds, uniform: Ratings },
})
  .step('propensity', naiveBayes, (up) => ({ train: up.train, uniform: up.uniform, shape: up.shape }), { smoothing: 1 })
  .step('diagnosis', propensityDiagnosis, (up) => ({ p: up.propensity.p, shape: up.shape }))
  .step('weights', inversePropensity, (up) => ({ p: up.propensity.p }), { clip: 0.05 })
  .step('model', learner(weighted), (up) => ({ train: up.train, shape: up.shape, w: up.weights.w }))
  .step('scores', score, (up) => ({ model: up.model.params, candidates: up.candidates }))
  .step('metrics', evaluate, (up) => ({
    scores: up.scores.scores,
    test: up.test,
    evaluation: up.evaluation,
    shape: up.shape,
    train: up.train,
  }))
  .settings({ coat: { ...onCoat, protocol: 'coat-5-5-90' } });

export const ipsGiven = pipeline('ips-given', {
  doc: 'Inverse propensity scoring by propensities that come with the data.',
  needs: { ...ratedNeeds, propensities: Propensities },
})
  .step('propensity', givenPropensity, (up) => ({ train: up.train, given: up.propensities, shape: up.shape }))
  .step('diagnosis', propensityDiagnosis, (up) => ({ p: up.propensity.p, shape: up.shape }))
  .step('weights', inversePropensity, (up) => ({ p: up.propensity.p }), { clip: 0.05 })
  .step('model', learner(weighted), (up) => ({ train: up.train, shape: up.shape, w: up.weights.w }))
  .step('scores', score, (up) => ({ model: up.model.params, candidates: up.candidates }))
  .step('metrics', evaluate, (up) => ({
    scores: up.scores.scores,
    test: up.test,
    evaluation: up.evaluation,
    shape: up.shape,
    train: up.train,
  }))
  .settings({ coat: { ...onCoat, protocol: 'coat-published-propensities' } });

/** What no method on real data can have. Against it, a learnt propensity shows how much is lost by learning it. */
export const ipsOracle = pipeline('ips-oracle', {
  doc: 'Inverse propensity scoring by the true propensities of a simulation.',
  needs: { ...ratedNeeds, truth: Propensities },
})
  .step('propensity', givenPropensity, (up) => ({ train: up.train, given: up.truth, shape: up.shape }))
  .step('diagnosis', propensityDiagnosis, (up) => ({ p: up.propensity.p, shape: up.shape }))
  .step('weights', inversePropensity, (up) => ({ p: up.propensity.p }), { clip: 0.05 })
  .step('model', learner(weighted), (up) => ({ train: up.train, shape: up.shape, w: up.weights.w }))
  .step('scores', score, (up) => ({ model: up.model.params, candidates: up.candidates }))
  .step('metrics', evaluate, (up) => ({
    scores: up.scores.scores,
    test: up.test,
    evaluation: up.evaluation,
    shape: up.shape,
    train: up.train,
  }));
