/** Yelp 2018 as Wei et al. 2021 (KDD) use it: the whole train file trains, and epochs and constants are chosen on the test. */
import { protocol } from '../../core/index.ts';
import { yelp2018 } from '../../nodes/datasets/yelp2018.ts';
import { definition } from '../../nodes/evaluation/definition.ts';

export const yelp2018Macr = protocol('yelp2018-macr', {
  dataset: 'yelp2018',
  default: true,
  evaluation: 'macr',
  candidates: 'all',
  floors: [],
  doc: 'Yelp 2018: the last clicks of each item test, all others train; SELECTION ON TEST, as the authors do.',
})
  .step('raw', yelp2018, () => ({}))
  .step('evaluation', definition, () => ({}), { preset: 'macr', cutoffs: [20] })
  .gives((up) => ({
    train: up.raw.train,
    test: up.raw.test,
    valid: up.raw.test,
    known: up.raw.train,
    log: up.raw.train,
    shape: up.raw.shape,
    evaluation: up.evaluation.evaluation,
  }));
