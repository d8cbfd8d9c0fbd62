/** MovieLens 10M as clicks as Wei et al. 2021 (KDD) use it: the whole train file trains, and epochs and constants are chosen on the test. */
import { protocol } from '../../core/index.ts';
import { ml10mClicks } from '../../nodes/datasets/ml-10m-clicks.ts';
import { definition } from '../../nodes/evaluation/definition.ts';

export const ml10mClicksMacr = protocol('ml-10m-clicks-macr', {
  dataset: 'ml-10m-clicks',
  default: true,
  evaluation: 'macr',
  candidates: 'all',
  floors: [],
  doc: 'MovieLens 10M as clicks: the last clicks of each item test, all others train; SELECTION ON TEST, as the authors do.',
})
  .step('raw', ml10mClicks, () => ({}))
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
