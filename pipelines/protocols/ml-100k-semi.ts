/** Semi-synthetic MovieLens 100K of Li et al. 2024 (ICDE): completed ratings are the truth, and they decide who is observed. */
import { protocol } from '../../core/index.ts';
import { completedRatings } from '../../nodes/datasets/completed-ratings.ts';
import { movielens100k } from '../../nodes/datasets/movielens-100k.ts';
import { softPreference } from '../../nodes/datasets/soft-preference.ts';
import { softSelection } from '../../nodes/datasets/soft-selection.ts';
import { softTruth } from '../../nodes/datasets/soft-truth.ts';
import { definition } from '../../nodes/evaluation/definition.ts';

export const ml100kSemi = protocol('ml-100k-semi', {
  dataset: 'ml-100k-semi',
  default: true,
  evaluation: 'soft-truth',
  candidates: 'rated',
  floors: ['random', 'mean', 'popularity', 'item-mean', 'item-user-mean'],
  doc: 'MovieLens 100K completed: a film is liked with probability eta and rated with probability (2^eta - 1)^rho; all pairs test.',
})
  .step('raw', movielens100k, () => ({}))
  .step('complete', completedRatings, (up) => ({ ratings: up.raw.log, shape: up.raw.shape }))
  .step('preference', softPreference, (up) => ({ completed: up.complete.completed, shape: up.raw.shape }))
  .step('selection', softSelection, (up) => ({ preference: up.preference.preference, shape: up.preference.shape }))
  .step('truth', softTruth, (up) => ({ preference: up.preference.preference, shape: up.preference.shape }))
  .step('evaluation', definition, () => ({}), { preset: 'soft-truth', cutoffs: [50] })
  .gives((up) => ({
    train: up.selection.train,
    test: up.truth.test,
    candidates: up.preference.preference,
    shape: up.preference.shape,
    truth: up.selection.truth,
    indicator: up.selection.indicator,
    evaluation: up.evaluation.evaluation,
  }));
