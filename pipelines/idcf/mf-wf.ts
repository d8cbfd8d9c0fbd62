/** Matrix factorisation with user features, each field of them crossed with a vector of the item. */
import { squaredErrorMethod } from '../../nodes/estimators/squared-error.ts';
import { crossedFeatures } from '../../nodes/features/crossed.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { Features } from '../../nodes/ports.ts';
import { idcfMf } from './mf.ts';

const coat = { protocol: 'coat-idcf', model: { rate: 1e-3, l2: 1e-5 } };

export const idcfMfWf = idcfMf
  .as('idcf-mf-wf', {
    doc: 'Matrix factorisation with crossed user features, as the method means it: their tables are trained.',
    needs: { userFeatures: Features },
  })
  .rewire('model', learner(squaredErrorMethod.with({ features: crossedFeatures() })), (up) => ({
    train: up.train,
    shape: up.shape,
    validation: up.validation,
    userFeatures: up.userFeatures,
  }))
  .settings({ coat });

/** The tables of the features stand where the published optimiser does not find them: their terms stay next to nothing. */
export const idcfMfWfAsCoded = idcfMfWf
  .as('idcf-mf-wf-as-coded', { doc: 'Matrix factorisation with crossed user features whose tables are never trained.' })
  .method('model', (m) => m.with({ features: crossedFeatures({ frozen: true }) }))
  .settings({ coat });
