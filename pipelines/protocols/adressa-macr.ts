/** Adressa as Wei et al. 2021 (KDD) use it: the whole train file trains, and epochs and constants are chosen on the test. */
import { protocol } from '../../core/index.ts';
import { allCandidates } from '../../nodes/candidates/all.ts';
import { adressa } from '../../nodes/datasets/adressa.ts';
import { definition } from '../../nodes/evaluation/definition.ts';

export const adressaMacr = protocol('adressa-macr', {
  dataset: 'adressa',
  default: true,
  evaluation: 'macr',
  candidates: 'all',
  floors: ['random', 'popularity', 'least-popular', 'co-occurrence'],
  doc: 'Adressa: four clicks of each article test, all others train; SELECTION ON TEST, as the authors do: adressa-valid is the honest one.',
})
  .step('raw', adressa, () => ({}))
  .step('candidates', allCandidates, (up) => ({ test: up.raw.test, train: up.raw.train, shape: up.raw.shape }))
  .step('evaluation', definition, () => ({}), { preset: 'macr', cutoffs: [20] })
  .gives((up) => ({
    train: up.raw.train,
    test: up.raw.test,
    valid: up.raw.test,
    known: up.raw.train,
    candidates: up.candidates.pairs,
    log: up.raw.train,
    shape: up.raw.shape,
    evaluation: up.evaluation.evaluation,
  }));
