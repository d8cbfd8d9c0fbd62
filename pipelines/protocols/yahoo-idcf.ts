/**
 * Yahoo! R3 as Zhang et al. 2023 (iDCF) and Deng et al. 2024 (IViDR) use it: the 5,400 users that were asked, 70 % of them to test
 * and 30 % to validate. Ratings of at least 4 are positive. Features are the answers to the survey.
 */
import { protocol } from '../../core/index.ts';
import { ratedCandidates } from '../../nodes/candidates/rated.ts';
import { yahooR3 } from '../../nodes/datasets/yahoo-r3.ts';
import { yahooR3Survey } from '../../nodes/datasets/yahoo-r3-survey.ts';
import { definition } from '../../nodes/evaluation/definition.ts';
import { binarise } from '../../nodes/labels/binarise.ts';
import { firstUsers } from '../../nodes/splits/first-users.ts';
import { legacyUsersSplit } from '../../nodes/splits/legacy-users.ts';
import { dividedUsers, ratedPairs } from '../roles.ts';

export const yahooIdcf = protocol('yahoo-idcf', {
  dataset: 'yahoo-surveyed',
  default: true,
  evaluation: 'idcf',
  ...ratedPairs,
  doc: 'Yahoo! R3: biased ratings of 5,400 users train; 30 % of them validate with their uniform ratings, 70 % test. Positive from 4 on.',
})
  .step('raw', yahooR3, () => ({}))
  .step('features', yahooR3Survey, () => ({}))
  .step('kept', firstUsers, (up) => ({ log: up.raw.log, uniform: up.raw.uniform, shape: up.raw.shape }), {
    users: 5400,
  })
  .step('train', binarise, (up) => ({ ratings: up.kept.log }), { threshold: 4 })
  .step('labels', binarise, (up) => ({ ratings: up.kept.uniform }), { threshold: 4 })
  .step('split', legacyUsersSplit, (up) => ({ ratings: up.labels.labels }), { share: 0.7, seed: 1234 })
  .step('candidates', ratedCandidates, (up) => ({ test: up.split.first }))
  .step('evaluation', definition, () => ({}), { preset: 'idcf', cutoffs: [5] })
  .gives((up) => ({
    ...dividedUsers(up),
    train: up.train.labels,
    log: up.kept.log,
    randomised: up.kept.uniform,
    shape: up.kept.shape,
    userFeatures: up.features.users,
  }));
