/**
 * Simulated ratings with known latent confounders, after Zhang et al. 2023 (iDCF) and Deng et al. 2024 (IViDR): biased ratings
 * train, and the users of the uniform ones are divided as on Coat. Positive from 4 on. `latents` is the truth.
 */
import { type ConfigOf, type Evaluation, protocol } from '../../core/index.ts';
import { ratedCandidates } from '../../nodes/candidates/rated.ts';
import { confounded } from '../../nodes/datasets/confounded.ts';
import { definition } from '../../nodes/evaluation/definition.ts';
import { binarise } from '../../nodes/labels/binarise.ts';
import { legacyUsersSplit } from '../../nodes/splits/legacy-users.ts';
import { dividedUsers, ratedPairs } from '../roles.ts';

const confoundedProtocol = <const N extends string>(
  name: N,
  about: Pick<Evaluation, 'doc' | 'default'>,
  settings: ConfigOf<typeof confounded>,
) =>
  protocol(name, {
    dataset: 'confounded',
    evaluation: 'idcf',
    ...ratedPairs,
    ...about,
  })
    .step('raw', confounded, () => ({}), settings)
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
      userFeatures: up.raw.proxies,
      latents: up.raw.latents,
    }));

export const confoundedIdcf = confoundedProtocol(
  'confounded-idcf',
  { default: true, doc: 'Simulation of iDCF: 2,000 users, 300 items, two confounders of users; positive from 4 on.' },
  {},
);
export const confoundedIvidr = confoundedProtocol(
  'confounded-ividr',
  {
    doc: 'Simulation of IViDR (appendix F): 10,000 users, 1,000 items, confounders of users met by factors of items.',
  },
  { users: 10_000, items: 1_000, proxies: 'peaked', mix: 'add' },
);
