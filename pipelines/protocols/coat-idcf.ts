/**
 * Coat as Zhang et al. 2023 (iDCF) and Deng et al. 2024 (IViDR) use it: biased ratings train, and the users of the uniform log
 * are divided, 203 to test and 87 to validate, always the same ones. Ratings of at least 4 are positive. User and item
 * features are there for methods that read them.
 */
import { protocol } from '../../core/index.ts';
import { ratedCandidates } from '../../nodes/candidates/rated.ts';
import { coat } from '../../nodes/datasets/coat.ts';
import { coatFeatures } from '../../nodes/datasets/coat-features.ts';
import { definition } from '../../nodes/evaluation/definition.ts';
import { binarise } from '../../nodes/labels/binarise.ts';
import { legacyUsersSplit } from '../../nodes/splits/legacy-users.ts';
import { dividedUsers, ratedPairs } from '../roles.ts';

export const coatIdcf = protocol('coat-idcf', {
  dataset: 'coat',
  evaluation: 'idcf',
  ...ratedPairs,
  doc: 'Coat: biased ratings train; 30 % of the users validate with their uniform ratings and 70 % test. Positive from 4 on.',
})
  .step('raw', coat, () => ({}))
  .step('features', coatFeatures, () => ({}))
  .step('train', binarise, (up) => ({ ratings: up.raw.log }), { threshold: 4 })
  .step('labels', binarise, (up) => ({ ratings: up.raw.uniform }), { threshold: 4 })
  .step('split', legacyUsersSplit, (up) => ({ ratings: up.labels.labels }), { share: 0.7, seed: 1234 })
  .step('candidates', ratedCandidates, (up) => ({ test: up.split.first }))
  .step('evaluation', definition, () => ({}), { preset: 'idcf', cutoffs: [5] })
  .gives((up) => ({
    ...dividedUsers(up),
    train: up.train.labels,
    log: up.raw.log,
    randomised: up.raw.uniform,
    shape: up.raw.shape,
    userFeatures: up.features.users,
    itemFeatures: up.features.items,
  }));
