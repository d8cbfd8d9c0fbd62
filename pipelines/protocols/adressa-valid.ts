/** Adressa by the honest route: at most two clicks of each article leave train, and what is chosen is chosen on them. */
import { protocol } from '../../core/index.ts';
import { allCandidates } from '../../nodes/candidates/all.ts';
import { adressa } from '../../nodes/datasets/adressa.ts';
import { definition } from '../../nodes/evaluation/definition.ts';
import { randomPerItem } from '../../nodes/splits/random-per-item.ts';

export const adressaValid = protocol('adressa-valid', {
  dataset: 'adressa',
  evaluation: 'macr',
  candidates: 'all',
  floors: ['random', 'popularity', 'least-popular', 'co-occurrence'],
  doc: 'Adressa: four clicks of each article test, at most two of the others validate (chosen by the seed), the rest trains.',
})
  .step('raw', adressa, () => ({}))
  .step('split', randomPerItem, (up) => ({ ratings: up.raw.train }), { cap: 2 })
  .step('candidates', allCandidates, (up) => ({ test: up.raw.test, train: up.raw.train, shape: up.raw.shape }))
  .step('evaluation', definition, () => ({}), { preset: 'macr', cutoffs: [20] })
  .gives((up) => ({
    train: up.split.train,
    test: up.raw.test,
    valid: up.split.test,
    // clicks kept for validation are not ranked at the test either: the reader has seen them
    known: up.raw.train,
    validation: up.split.test,
    candidates: up.candidates.pairs,
    log: up.raw.train,
    shape: up.raw.shape,
    evaluation: up.evaluation.evaluation,
  }));
