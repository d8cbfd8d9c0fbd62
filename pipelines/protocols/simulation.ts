/** The embedded data set: simulated ratings that are missing not at random, tested on uniform ratings, with known truth. */
import { protocol } from '../../core/index.ts';
import { ratedCandidates } from '../../nodes/candidates/rated.ts';
import { simulated } from '../../nodes/datasets/simulated.ts';
import { definition } from '../../nodes/evaluation/definition.ts';
import { binarise } from '../../nodes/labels/binarise.ts';
import { ratedPairs, uniformTest } from '../roles.ts';

export const simulation = protocol('simulation', {
  dataset: 'simulated',
  default: true,
  evaluation: 'dt-icde24',
  ...ratedPairs,
  doc: 'Simulated ratings: the self-selected ones train, uniform ones test; the true propensities are known. Positive from 4 on.',
})
  .step('raw', simulated, () => ({}))
  .step('train', binarise, (up) => ({ ratings: up.raw.log }), { threshold: 4 })
  .step('test', binarise, (up) => ({ ratings: up.raw.uniform }), { threshold: 4 })
  .step('candidates', ratedCandidates, (up) => ({ test: up.test.labels }))
  .step('evaluation', definition, () => ({}), { preset: 'dt-icde24', cutoffs: [5] })
  .gives((up) => ({ ...uniformTest(up), candidates: up.candidates.pairs, truth: up.raw.truth }));
