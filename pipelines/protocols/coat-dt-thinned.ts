/** Coat as in coat-dt, with a random share of its ratings to train on: what sparsity does to a method. */
import { protocol } from '../../core/index.ts';
import { coat } from '../../nodes/datasets/coat.ts';
import { definition } from '../../nodes/evaluation/definition.ts';
import { binarise } from '../../nodes/labels/binarise.ts';
import { randomSplit } from '../../nodes/splits/random.ts';
import { ratedPairs, uniformTest } from '../roles.ts';

export const coatDtThinned = protocol('coat-dt-thinned', {
  dataset: 'coat',
  evaluation: 'dt-icde24',
  ...ratedPairs,
  doc: 'Coat: a random part of the biased ratings trains, all uniform ratings test, positive from 3 on. data.thin.test is the share left out.',
})
  .step('raw', coat, () => ({}))
  .step('thin', randomSplit, (up) => ({ ratings: up.raw.log }), { test: 0.5 })
  .step('train', binarise, (up) => ({ ratings: up.thin.train }), { threshold: 3 })
  .step('test', binarise, (up) => ({ ratings: up.raw.uniform }), { threshold: 3 })
  .step('evaluation', definition, () => ({}), { preset: 'dt-icde24', cutoffs: [5] })
  .gives((up) => ({ ...uniformTest(up), log: up.thin.train }));
