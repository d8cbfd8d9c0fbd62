/** Matrix factorisation without biases, trained on what was observed: the naive estimator. */
import { pipeline } from '../../core/index.ts';
import { crossEntropy } from '../../nodes/estimators/cross-entropy.ts';
import { evaluate } from '../../nodes/evaluation/evaluate.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { score } from '../../nodes/scoring/score.ts';
import { ratedNeeds } from '../needs.ts';
import { judged, scored } from '../wires.ts';

export const mf = pipeline('mf', {
  doc: 'Matrix factorisation, cross-entropy on observed pairs: no correction for selection.',
  needs: ratedNeeds,
})
  .step('model', learner(crossEntropy), (up) => ({ train: up.train, shape: up.shape }))
  .step('scores', score, scored)
  .step('metrics', evaluate, judged)
  .settings({
    coat: { model: { width: 16, batch: 128, rate: 0.01, l2: 1e-4 } },
    yahoo: { model: { width: 128, batch: 4096, rate: 0.01, l2: 1e-5 } },
    kuairec: { model: { width: 32, batch: 4096, rate: 0.05, l2: 1e-5 } },
    'ml-100k-semi': { model: { width: 8, batch: 4096, rate: 0.01, l2: 1e-4, tolerance: 1e-5 } },
  });
