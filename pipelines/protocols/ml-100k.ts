/** MovieLens 100K under a random hold-out: the test is as biased as the log, so it shows fit and not debiasing. */
import { protocol } from '../../core/index.ts';
import { ratedCandidates } from '../../nodes/candidates/rated.ts';
import { movielens100k } from '../../nodes/datasets/movielens-100k.ts';
import { definition } from '../../nodes/evaluation/definition.ts';
import { binarise } from '../../nodes/labels/binarise.ts';
import { perUserSplit } from '../../nodes/splits/per-user.ts';

export const ml100k = protocol('ml-100k', {
  dataset: 'ml-100k',
  default: true,
  evaluation: 'dt-icde24',
  candidates: 'rated',
  floors: ['random', 'popularity', 'item-mean', 'item-user-mean'],
  doc: "MovieLens 100K: a random fifth of each user's ratings is the test, which is therefore biased. Positive from 4 on.",
})
  .step('raw', movielens100k, () => ({}))
  .step('labels', binarise, (up) => ({ ratings: up.raw.log }), { threshold: 4 })
  .step('split', perUserSplit, (up) => ({ ratings: up.labels.labels }), { test: 0.2 })
  .step('candidates', ratedCandidates, (up) => ({ test: up.split.test }))
  .step('evaluation', definition, () => ({}), { preset: 'dt-icde24', cutoffs: [5] })
  .gives((up) => ({
    train: up.split.train,
    test: up.split.test,
    candidates: up.candidates.pairs,
    log: up.raw.log,
    shape: up.raw.shape,
    evaluation: up.evaluation.evaluation,
    userIds: up.raw.userIds,
    itemIds: up.raw.itemIds,
  }));
