/** Matrix factorisation as the papers on latent confounders read it: squared error on raw scores, NDCG on other users stops. */
import { pipeline } from '../../core/index.ts';
import { squaredErrorMethod } from '../../nodes/estimators/squared-error.ts';
import { evaluate } from '../../nodes/evaluation/evaluate.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { Ratings } from '../../nodes/ports.ts';
import { score } from '../../nodes/scoring/score.ts';
import { ratedNeeds } from '../needs.ts';
import { judged, scored } from '../wires.ts';

export const idcfMf = pipeline('idcf-mf', {
  doc: 'Matrix factorisation with biases, squared error on raw scores; stops on validation NDCG@5.',
  needs: { ...ratedNeeds, validation: Ratings },
})
  .step('model', learner(squaredErrorMethod), (up) => ({
    train: up.train,
    shape: up.shape,
    validation: up.validation,
  }))
  .step('scores', score, scored)
  .step('metrics', evaluate, judged)
  .settings({
    coat: { protocol: 'coat-idcf', model: { rate: 5e-4, l2: 1e-6 } },
    'yahoo-surveyed': { model: { rate: 5e-4, l2: 1e-5 } },
    kuairand: { model: { rate: 5e-5, l2: 1e-6, batch: 2048 } },
  });
