/** Matrix factorisation on items that two-stage least squares has rebuilt, with user features as instruments. */
import { instrumental } from '../../nodes/estimators/instrumental.ts';
import { userFeatureInstruments } from '../../nodes/instruments/user-features.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { Features } from '../../nodes/ports.ts';
import { kuairandFields, yahooFields } from './fields.ts';
import { idcfMf } from './mf.ts';

export const idcfIv4rMf = idcfMf
  .as('idcf-iv4r-mf', {
    doc: 'Instrumental variables on matrix factorisation: item vectors are rebuilt from what user features explain, and the rest.',
    needs: { userFeatures: Features },
  })
  .step('instruments', userFeatureInstruments, (up) => ({
    log: up.train,
    userFeatures: up.userFeatures,
    shape: up.shape,
  }))
  .rewire('model', learner(instrumental), (up) => ({
    train: up.train,
    shape: up.shape,
    validation: up.validation,
    instruments: up.instruments.instruments,
  }))
  .settings({
    coat: { protocol: 'coat-idcf', model: { rate: 5e-4, l2: 1e-6 } },
    'yahoo-surveyed': {
      instruments: { fields: yahooFields },
      model: { rate: 5e-4, l2: 1e-5, columns: yahooFields.length },
    },
    kuairand: {
      instruments: { fields: kuairandFields },
      model: { rate: 5e-5, l2: 1e-6, batch: 2048, columns: kuairandFields.length },
    },
  });
