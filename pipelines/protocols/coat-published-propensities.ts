/** Coat as in `coat-dt`, with the propensities that were published with it as a role. */
import { protocol } from '../../core/index.ts';
import { coat } from '../../nodes/datasets/coat.ts';
import { coatPropensities } from '../../nodes/datasets/coat-propensities.ts';
import { definition } from '../../nodes/evaluation/definition.ts';
import { binarise } from '../../nodes/labels/binarise.ts';
import { ratedPairs, uniformTest } from '../roles.ts';

export const coatPublishedPropensities = protocol('coat-published-propensities', {
  dataset: 'coat',
  evaluation: 'dt-icde24',
  ...ratedPairs,
  doc: 'Coat as in coat-dt, and the propensities published with it: biased ratings train, all uniform ratings test.',
})
  .step('raw', coat, () => ({}))
  .step('propensities', coatPropensities, () => ({}))
  .step('train', binarise, (up) => ({ ratings: up.raw.log }), { threshold: 3 })
  .step('test', binarise, (up) => ({ ratings: up.raw.uniform }), { threshold: 3 })
  .step('evaluation', definition, () => ({}), { preset: 'dt-icde24', cutoffs: [5] })
  .gives((up) => ({ ...uniformTest(up), propensities: up.propensities.propensities }));
