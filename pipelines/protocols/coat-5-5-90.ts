/** Coat with a budget of uniform ratings: 5 % of the uniform set may be learnt from, 5 % are for stopping, 90 % are the test. */
import { protocol } from '../../core/index.ts';
import { ratedCandidates } from '../../nodes/candidates/rated.ts';
import { coat } from '../../nodes/datasets/coat.ts';
import { definition } from '../../nodes/evaluation/definition.ts';
import { binarise } from '../../nodes/labels/binarise.ts';
import { uniformSlice } from '../../nodes/splits/uniform-slice.ts';
import { ratedPairs, uniformBudget } from '../roles.ts';

export const coat5590 = protocol('coat-5-5-90', {
  dataset: 'coat',
  evaluation: 'dt-icde24',
  ...ratedPairs,
  doc: 'Coat: biased ratings train; of the uniform ones 5 % may be learnt from, 5 % validate and 90 % test. Positive from 3 on.',
})
  .step('raw', coat, () => ({}))
  .step('train', binarise, (up) => ({ ratings: up.raw.log }), { threshold: 3 })
  .step('labels', binarise, (up) => ({ ratings: up.raw.uniform }), { threshold: 3 })
  .step('split', uniformSlice, (up) => ({ uniform: up.labels.labels }), { train: 0.05, validation: 0.05 })
  .step('candidates', ratedCandidates, (up) => ({ test: up.split.test }))
  .step('evaluation', definition, () => ({}), { preset: 'dt-icde24', cutoffs: [5] })
  .gives(uniformBudget);
