/** Globo.com as Wei et al. 2021 (KDD) use it: the whole train file trains, and epochs and constants are chosen on the test. */
import { protocol } from '../../core/index.ts';
import { globo } from '../../nodes/datasets/globo.ts';
import { definition } from '../../nodes/evaluation/definition.ts';

export const globoMacr = protocol('globo-macr', {
  dataset: 'globo',
  default: true,
  evaluation: 'macr',
  candidates: 'all',
  floors: [],
  doc: 'Globo.com: the last clicks of each item test, all others train; SELECTION ON TEST, as the authors do.',
})
  .step('raw', globo, () => ({}))
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
