/** KuaiRand-Pure as Zhang et al. 2023 (iDCF) and Deng et al. 2024 (IViDR) use it: clicks are positive; users are divided. */
import { protocol } from '../../core/index.ts';
import { ratedCandidates } from '../../nodes/candidates/rated.ts';
import { kuairand } from '../../nodes/datasets/kuairand.ts';
import { definition } from '../../nodes/evaluation/definition.ts';
import { legacyUsersSplit } from '../../nodes/splits/legacy-users.ts';
import { dividedUsers, ratedPairs } from '../roles.ts';

export const kuairandIdcf = protocol('kuairand-idcf', {
  dataset: 'kuairand',
  default: true,
  evaluation: 'idcf',
  ...ratedPairs,
  doc: 'KuaiRand-Pure: clicks of the feed train; 30 % of the users validate with what was inserted at random, 70 % test.',
})
  .step('raw', kuairand, () => ({}))
  .step('split', legacyUsersSplit, (up) => ({ ratings: up.raw.uniform }), { share: 0.7, seed: 1234 })
  .step('candidates', ratedCandidates, (up) => ({ test: up.split.first }))
  .step('evaluation', definition, () => ({}), { preset: 'idcf', cutoffs: [5] })
  .gives((up) => ({
    ...dividedUsers(up),
    train: up.raw.log,
    log: up.raw.log,
    randomised: up.raw.uniform,
    shape: up.raw.shape,
    userFeatures: up.raw.users,
  }));
