/** The simulation with a budget of uniform ratings: 5 % may be learnt from, 5 % are for stopping and tuning, 90 % are the test. */
import { protocol } from '../../core/index.ts';
import { ratedCandidates } from '../../nodes/candidates/rated.ts';
import { simulated } from '../../nodes/datasets/simulated.ts';
import { definition } from '../../nodes/evaluation/definition.ts';
import { binarise } from '../../nodes/labels/binarise.ts';
import { uniformSlice } from '../../nodes/splits/uniform-slice.ts';
import { ratedPairs, uniformBudget } from '../roles.ts';

export const simulation5590 = protocol('simulation-5-5-90', {
  dataset: 'simulated',
  evaluation: 'dt-icde24',
  ...ratedPairs,
  doc: 'Simulated ratings: of the uniform ones 5 % may be learnt from, 5 % validate and 90 % test. Positive from 4 on.',
})
  .step('raw', simulated, () => ({}))
  .step('train', binarise, (up) => ({ ratings: up.raw.log }), { threshold: 4 })
  .step('labels', binarise, (up) => ({ ratings: up.raw.uniform }), { threshold: 4 })
  .step('split', uniformSlice, (up) => ({ uniform: up.labels.labels }), { train: 0.05, validation: 0.05 })
  .step('candidates', ratedCandidates, (up) => ({ test: up.split.test }))
  .step('evaluation', definition, () => ({}), { preset: 'dt-icde24', cutoffs: [5] })
  .gives((up) => ({ ...uniformBudget(up), truth: up.raw.truth }));
