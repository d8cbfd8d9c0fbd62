/** MovieLens 100K under a random hold-out: the test is as biased as the log, so it shows fit and not debiasing. */
import { protocol } from '../../core/index.ts';
import { ratedCandidates } from '../../nodes/candidates/rated.ts';
import { movielens100k } from '../../nodes/datasets/movielens-100k.ts';
import { definition } from '../../nodes/evaluation/definition.ts';
import { binarise } from '../../nodes/labels/binarise.ts';
import { perUserSplit } from '../../nodes/splits/per-user.ts';
import { heldOutLog, ratedPairs } from '../roles.ts';

export const ml100k = protocol('ml-100k', {
  dataset: 'ml-100k',
  default: true,
  evaluation: 'dt-icde24',
  ...ratedPairs,
  doc: "MovieLens 100K: a random fifth of each user's ratings is the test, which is therefore biased. Positive from 4 on.",
})
  .step('raw', movielens100k, () => ({}))
  .step('labels', binarise, (up) => ({ ratings: up.raw.log }), { threshold: 4 })
  .step('split', perUserSplit, (up) => ({ ratings: up.labels.labels }), { test: 0.2 })
  .step('candidates', ratedCandidates, (up) => ({ test: up.split.test }))
  .step('evaluation', definition, () => ({}), { preset: 'dt-icde24', cutoffs: [5] })
  .gives(heldOutLog);
