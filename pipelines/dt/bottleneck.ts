/** Information bottlenecks: CVIB (Wang et al. 2020) and DIB (Liu et al. 2021). */
import { cvib as cvibEstimator } from '../../nodes/estimators/cvib.ts';
import { dib as dibEstimator } from '../../nodes/estimators/dib.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { mf } from './mf.ts';

export const cvib = mf
  .as('cvib', { doc: 'Counterfactual variational information bottleneck on matrix factorisation.' })
  .replace('model', learner(cvibEstimator))
  .settings({
    coat: { model: { width: 16, batch: 128, rate: 0.01, l2: 1e-4 } },
    yahoo: { model: { width: 32, batch: 1024, rate: 0.01, l2: 1e-4 } },
    kuairec: { model: { width: 16, batch: 1024, rate: 0.05, l2: 1e-4 } },
  });

export const dib = mf
  .as('dib', {
    doc: 'Debiased information bottleneck as coded: cross terms in the combined score, the biased loss added.',
  })
  .replace('model', learner(dibEstimator))
  .settings({
    coat: { model: { width: 4, batch: 256, rate: 0.01, l2: 1e-3, alpha: 1, gamma: 1 } },
    yahoo: { model: { width: 4, batch: 2048, rate: 0.01, l2: 1e-4, alpha: 0.5, gamma: 0.5 } },
    kuairec: { model: { width: 4, batch: 2048, rate: 0.05, l2: 1e-4, alpha: 0.1, gamma: 1 } },
  });

/** Orthogonal halves, a constraint on the biased one, decay on the unbiased one; alpha and gamma of the middle of the ranges. */
export const dibAsWritten = dib
  .as('dib-as-written', {
    doc: 'DIB with orthogonal parts, the biased loss subtracted, and decay on the unbiased part alone.',
  })
  .method('model', (m) => m.with({ cross: false, decay: 'unbiased' }))
  .configure({ model: { alpha: 0.1, gamma: -0.1 } });
