/** Gowalla as Wei et al. 2021 (KDD) use it: the whole train file trains, and epochs and constants are chosen on the test. */
import { protocol } from '../../core/index.ts';
import { gowalla } from '../../nodes/datasets/gowalla.ts';
import { definition } from '../../nodes/evaluation/definition.ts';

export const gowallaMacr = protocol('gowalla-macr', {
  dataset: 'gowalla',
  default: true,
  evaluation: 'macr',
  candidates: 'all',
  floors: [],
  doc: 'Gowalla: the last clicks of each item test, all others train; SELECTION ON TEST, as the authors do.',
})
  .step('raw', gowalla, () => ({}))
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
