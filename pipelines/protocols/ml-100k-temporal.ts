/** MovieLens 100K cut at one moment: nothing of the future is learnt from. The test is as biased as the log. */
import { protocol } from '../../core/index.ts';
import { ratedCandidates } from '../../nodes/candidates/rated.ts';
import { movielens100k } from '../../nodes/datasets/movielens-100k.ts';
import { definition } from '../../nodes/evaluation/definition.ts';
import { binarise } from '../../nodes/labels/binarise.ts';
import { temporalSplit } from '../../nodes/splits/temporal.ts';
import { heldOutLog, ratedPairs } from '../roles.ts';

export const ml100kTemporal = protocol('ml-100k-temporal', {
  dataset: 'ml-100k',
  evaluation: 'dt-icde24',
  ...ratedPairs,
  doc: 'MovieLens 100K: the latest fifth of all ratings is the test, with users and items that train has never seen. Positive from 4 on.',
})
  .step('raw', movielens100k, () => ({}))
  .step('labels', binarise, (up) => ({ ratings: up.raw.log }), { threshold: 4 })
  .step('split', temporalSplit, (up) => ({ ratings: up.labels.labels }), { test: 0.2 })
  .step('candidates', ratedCandidates, (up) => ({ test: up.split.test }))
  .step('evaluation', definition, () => ({}), { preset: 'dt-icde24', cutoffs: [5] })
  .gives(heldOutLog);
