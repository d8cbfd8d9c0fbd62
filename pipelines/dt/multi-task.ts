/** Multi-task IPS and DR (Zhang et al. 2020): propensity and imputation get no loss of their own, only the estimator's gradient. */
import { sharedHeads } from '../../nodes/backbones/shared-heads.ts';
import { joint } from '../../nodes/estimators/joint.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { mf } from './mf.ts';

const heads = { backbone: sharedHeads(), propensity: sharedHeads(), imputation: sharedHeads() };

export const multiIps = mf
  .as('multi-ips', {
    doc: 'Multi-task IPS: two heads on shared embeddings; the propensity learns through the risk alone.',
  })
  .replace('model', learner(joint.with({ ...heads, reduce: 'sum' })))
  .settings({
    coat: { model: { width: 16, auxiliary: 16, batch: 1024, l2: 1e-4, propensityL2: 1e-4 } },
    yahoo: { model: { width: 256, auxiliary: 256, batch: 32_764, rate: 0.005, l2: 1e-2, propensityL2: 1e-2 } },
    kuairec: { model: { width: 256, auxiliary: 256, batch: 32_764, rate: 0.005, l2: 1e-2, propensityL2: 1e-2 } },
    'ml-100k-semi': {
      model: { width: 8, auxiliary: 8, batch: 40_960, l2: 1e-5, propensityL2: 1e-5, tolerance: 1e-5 },
    },
  });

export const multiDr = mf
  .as('multi-dr', {
    doc: 'Multi-task DR as coded: three separate factorisations, the imputed error swapped, nothing detached.',
  })
  .replace('model', learner(joint.with({ control: 'unweighted', swapped: true, track: 'data' })))
  .settings({
    coat: { model: { width: 8, auxiliary: 8, batch: 128, ratio: 4, propensityL2: 1e-4, l2: 1e-4, imputationL2: 1e-2 } },
    yahoo: {
      model: {
        width: 16,
        auxiliary: 16,
        batch: 4096,
        ratio: 4,
        rate: 0.05,
        propensityL2: 1e-5,
        l2: 1e-6,
        imputationL2: 1e-4,
      },
    },
    kuairec: {
      model: { width: 16, auxiliary: 16, batch: 4096, ratio: 4, propensityL2: 1e-4, l2: 1e-4, imputationL2: 1e-2 },
    },
  });

/** The semi-synthetic notebooks put the three tasks on shared embeddings; the loss stays the coded one. */
export const multiDrShared = multiDr
  .as('multi-dr-shared', { doc: 'Multi-task DR with its coded loss, three heads on shared embeddings.' })
  .method('model', (m) => m.with(heads))
  .settings({
    'ml-100k-semi': {
      model: {
        width: 8,
        auxiliary: 8,
        batch: 40_960,
        l2: 1e-5,
        propensityL2: 1e-5,
        imputationL2: 1e-5,
        tolerance: 1e-5,
      },
    },
  });

/** Section VI.D and eq. 4: a shallow network over shared embeddings, and the weight on the imputed error too. */
export const multiDrAsWritten = multiDr
  .as('multi-dr-as-written', { doc: 'Multi-task DR on shared embeddings, its control variate weighted by 1/p.' })
  .method('model', (m) => m.with({ ...heads, control: 'weighted', swapped: false }));
