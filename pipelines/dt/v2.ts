/** IPS-V2 and DR-V2 (Li et al. 2023, ICML): the propensity is balanced by the prediction that it weights. */
import { pipeline } from '../../core/index.ts';
import { balanced } from '../../nodes/estimators/balanced.ts';
import { evaluate } from '../../nodes/evaluation/evaluate.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { Ratings } from '../../nodes/ports.ts';
import { score } from '../../nodes/scoring/score.ts';
import { ratedNeeds, whyValidation } from '../needs.ts';
import { judged, scored } from '../wires.ts';

export const ipsV2 = pipeline('ips-v2', {
  doc: 'IPS with a learnt, balanced propensity; training stops on uniform validation ratings.',
  needs: { ...ratedNeeds, validation: Ratings },
  reasons: whyValidation,
})
  .step('model', learner(balanced), (up) => ({ train: up.train, shape: up.shape, validation: up.validation }))
  .step('scores', score, scored)
  .step('metrics', evaluate, judged)
  .settings({
    coat: {
      protocol: 'coat-5-5-90',
      model: {
        users: 64,
        items: 64,
        rate: 1e-3,
        propensityRate: 1e-2,
        l2: 1e-5,
        propensityL2: 0.1,
        conversion: 1,
        risk: 1,
        balance: 1e-2,
        patience: 60,
      },
    },
    yahoo: {
      model: {
        users: 2000,
        items: 200,
        rate: 5e-3,
        propensityRate: 1e-2,
        l2: 1e-6,
        propensityL2: 5e-4,
        conversion: 1,
        risk: 5,
        balance: 5e-2,
        patience: 30,
      },
    },
  });

export const drV2 = ipsV2
  .as('dr-v2', {
    doc: 'DR with a learnt, balanced propensity and a learnt imputation; stops on uniform validation ratings.',
  })
  .method('model', (m) => m.with({ robust: true }))
  .settings({
    coat: {
      protocol: 'coat-5-5-90',
      model: {
        users: 64,
        items: 64,
        rate: 5e-4,
        propensityRate: 5e-4,
        imputationRate: 5e-4,
        l2: 1e-5,
        propensityL2: 1,
        imputationL2: 1e-6,
        conversion: 1,
        risk: 2,
        balance: 0.1,
        imputation: 1e-3,
        patience: 30,
      },
    },
    yahoo: {
      model: {
        users: 2000,
        items: 200,
        rate: 1e-3,
        propensityRate: 1e-3,
        imputationRate: 1e-3,
        l2: 1e-6,
        propensityL2: 1e-4,
        imputationL2: 1e-6,
        conversion: 1,
        risk: 1,
        balance: 5e-2,
        imputation: 5,
        patience: 20,
      },
    },
  });

/**
 * Run on a CPU, the code of Li et al. 2023 keeps a reference to its best state and not a copy, so what it restores is the last
 * state: on Coat the AUC of ips-v2 is then .05 lower.
 */
export const ipsV2AsCoded = ipsV2
  .as('ips-v2-as-coded', {
    doc: 'IPS-V2 that serves the last state and not the best, as the code of Li et al. 2023 does.',
  })
  .method('model', (m) => m.with({ restore: 'last' }));

export const drV2AsCoded = drV2
  .as('dr-v2-as-coded', {
    doc: 'DR-V2 that serves the last state and not the best, as the code of Li et al. 2023 does.',
  })
  .method('model', (m) => m.with({ restore: 'last' }));
