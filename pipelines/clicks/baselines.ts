/**
 * What MACR is compared with. The repository of the paper runs none of these as they stand in its tables: IPW, Reg, CausE and
 * ExpoMF are readings of the papers that they come from, and their nodes say what is a reconstruction.
 */
import { pipeline } from '../../core/index.ts';
import { causalEmbeddings } from '../../nodes/estimators/causal-embeddings.ts';
import { clickLoss } from '../../nodes/estimators/click-loss.ts';
import { evaluateLists } from '../../nodes/evaluation/evaluate-lists.ts';
import { expoMf } from '../../nodes/exposure/expomf.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { clickRate } from '../../nodes/propensity/click-rate.ts';
import { popularItems } from '../../nodes/propensity/popular-items.ts';
import { popularityPropensity } from '../../nodes/propensity/popularity.ts';
import { testRanks } from '../../nodes/ranking/test-ranks.ts';
import { topLists } from '../../nodes/ranking/top-lists.ts';
import { headAndTail } from '../../nodes/regularising/head-and-tail.ts';
import { byRate } from '../../nodes/scaling/by-rate.ts';
import { markedOverItems } from '../../nodes/splits/marked-over-items.ts';
import { outside } from '../../nodes/weighting/outside.ts';
import { inversePropensity } from '../../nodes/weights/inverse-propensity.ts';
import { selfNormalised } from '../../nodes/weights/self-normalised.ts';
import { clickNeeds, stoppedNeeds, whyValid } from '../needs.ts';
import { listsJudged, ranked } from '../wires.ts';
import { readmeBatches } from './batches.ts';

/** The natural reading: each click's own term weighs 1 / p, p in proportion to the clicks of its item, weights of mean 1. */
export const clicksIpwMf = pipeline('clicks-ipw-mf', {
  doc: 'Matrix factorisation on clicks, each weighted by the inverse popularity of its item.',
  needs: stoppedNeeds,
  reasons: whyValid,
})
  .step('popularity', popularityPropensity, (up) => ({ train: up.train, shape: up.shape }), { exponent: 1 })
  .step('inverse', inversePropensity, (up) => ({ p: up.popularity.p }), { clip: 0.01 })
  .step('weights', selfNormalised, (up) => ({ w: up.inverse.w }))
  .step('model', learner(clickLoss.with({ weight: outside() })), (up) => ({
    train: up.train,
    selection: up.valid,
    shape: up.shape,
    w: up.weights.w,
  }))
  .step('lists', topLists, ranked)
  .step('ranks', testRanks, ranked)
  .step('metrics', evaluateLists, listsJudged)
  .settings(readmeBatches);

/** The class IPS_BPRMF of the code: scores, and not losses, are divided. */
export const clicksIpwMfAsCoded = pipeline('clicks-ipw-mf-as-coded', {
  doc: 'Matrix factorisation on clicks, BPR of scores that are divided by the rate of their item.',
  needs: stoppedNeeds,
  reasons: whyValid,
})
  .step('rate', clickRate, (up) => ({ train: up.train, shape: up.shape }))
  .step('model', learner(clickLoss.with({ loss: 'bpr', scale: byRate() })), (up) => ({
    train: up.train,
    selection: up.valid,
    shape: up.shape,
    rate: up.rate.params,
  }))
  .step('lists', topLists, ranked)
  .step('ranks', testRanks, ranked)
  .step('metrics', evaluateLists, listsJudged)
  .settings(readmeBatches);

export const clicksRegMf = pipeline('clicks-reg-mf', {
  doc: 'Matrix factorisation on clicks, the vectors of popular and of other items drawn together.',
  needs: stoppedNeeds,
  reasons: whyValid,
})
  .step('popular', popularItems, (up) => ({ train: up.train, shape: up.shape }))
  .step('model', learner(clickLoss.with({ regulariser: headAndTail() })), (up) => ({
    train: up.train,
    selection: up.valid,
    shape: up.shape,
    popular: up.popular.params,
  }))
  .step('lists', topLists, ranked)
  .step('ranks', testRanks, ranked)
  .step('metrics', evaluateLists, listsJudged)
  .settings(readmeBatches);

export const clicksCauseMf = pipeline('clicks-cause-mf', {
  doc: 'CausE: item vectors of biased clicks and of a tenth drawn uniformly over items, held together.',
  needs: stoppedNeeds,
  reasons: whyValid,
})
  .step('marks', markedOverItems, (up) => ({ train: up.train }))
  .step('model', learner(causalEmbeddings), (up) => ({
    train: up.train,
    selection: up.valid,
    shape: up.shape,
    marks: up.marks.o,
  }))
  .step('lists', topLists, ranked)
  .step('ranks', testRanks, ranked)
  .step('metrics', evaluateLists, listsJudged)
  .settings(readmeBatches);

export const clicksExpoMf = pipeline('clicks-expomf', {
  doc: 'ExpoMF: whether an item was seen is latent; fitted by EM in closed form.',
  needs: clickNeeds,
})
  .step('model', expoMf, (up) => ({ train: up.train, shape: up.shape }))
  .step('lists', topLists, ranked)
  .step('ranks', testRanks, ranked)
  .step('metrics', evaluateLists, listsJudged);
