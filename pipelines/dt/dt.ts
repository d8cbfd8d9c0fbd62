/** Disentangled propensities (Li et al. 2024, ICDE): logit of the propensity = logit of the rating + an auxiliary logit. */
import { auxiliaryFactors } from '../../nodes/backbones/auxiliary-factors.ts';
import { joint } from '../../nodes/estimators/joint.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { disentangle } from '../../nodes/penalties/disentangle.ts';
import { frobenius } from '../../nodes/penalties/frobenius.ts';
import { mf } from './mf.ts';

const dt = joint.with({ propensity: auxiliaryFactors(), observation: 0.5, penalty: disentangle() });

export const dtIps = mf
  .as('dt-ips', {
    doc: 'Disentangled IPS: rating and propensity share primary factors, auxiliary ones identify the rest.',
  })
  .replace('model', learner(dt.with({ penaltyWeight: 1e-2 })))
  .settings({
    coat: {
      model: { width: 8, auxiliary: 8, batch: 128, ratio: 6, l2: 1e-4, propensityL2: 1e-2, penaltyWeight: 1e-2 },
    },
    yahoo: {
      model: { width: 16, auxiliary: 16, batch: 4096, ratio: 4, l2: 1e-5, propensityL2: 1e-4, penaltyWeight: 1e-3 },
    },
    kuairec: {
      model: { width: 16, auxiliary: 16, batch: 4096, ratio: 4, l2: 1e-4, propensityL2: 1e-3, penaltyWeight: 1e-3 },
    },
    // no authors' settings: their semi-synthetic DT is dt-ips-oracle; the penalty is that of Yahoo
    'ml-100k-semi': {
      model: {
        width: 8,
        auxiliary: 8,
        batch: 4096,
        l2: 1e-5,
        propensityL2: 1e-5,
        penaltyWeight: 1e-3,
        tolerance: 1e-5,
        epochs: 300,
      },
    },
  });

export const dtDr = mf
  .as('dt-dr', { doc: 'Disentangled DR: as dt-ips, with a learnt imputation and a weighted control variate.' })
  .replace('model', learner(dt.with({ control: 'weighted', imputationWeight: 1, penaltyWeight: 0.1 })))
  .settings({
    coat: {
      model: {
        width: 8,
        auxiliary: 8,
        batch: 128,
        ratio: 4,
        l2: 1e-4,
        propensityL2: 1e-3,
        imputationL2: 1e-4,
        penaltyWeight: 0.1,
      },
    },
    yahoo: {
      model: {
        width: 16,
        auxiliary: 16,
        batch: 4096,
        ratio: 4,
        l2: 1e-5,
        propensityL2: 1e-3,
        imputationL2: 0.1,
        penaltyWeight: 1e-5,
      },
    },
    kuairec: {
      model: {
        width: 16,
        auxiliary: 16,
        batch: 4096,
        ratio: 4,
        l2: 1e-5,
        propensityL2: 1e-2,
        imputationL2: 1e-2,
        penaltyWeight: 1e-5,
      },
    },
    'ml-100k-semi': {
      model: {
        width: 8,
        auxiliary: 8,
        batch: 4096,
        l2: 1e-5,
        propensityL2: 1e-5,
        imputationL2: 1e-5,
        penaltyWeight: 1e-5,
        tolerance: 1e-5,
        epochs: 300,
      },
    },
  });

/** Squared errors, (1/|D|) sums over O, norms over whole tables: beta = gamma = 1e-6, the least of the paper's grid. */
const asWritten = { error: 'squared', reduce: 'all', imputationReduce: 'all', penalty: frobenius() } as const;

export const dtIpsAsWritten = dtIps
  .as('dt-ips-as-written', { doc: 'DT-IPS as printed: squared error, and Frobenius norms over whole tables.' })
  .method('model', (m) => m.with(asWritten))
  .configure({ model: { penaltyWeight: 1e-6, observation: 1 } });

export const dtDrAsWritten = dtDr
  .as('dt-dr-as-written', { doc: 'DT-DR as printed: squared error, and Frobenius norms over whole tables.' })
  .method('model', (m) => m.with(asWritten))
  .configure({ model: { penaltyWeight: 1e-6, observation: 1 } });
