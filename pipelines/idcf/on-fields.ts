/**
 * Methods with a table a field of user features, for the fields of data sets other than Coat: as coded, their tables never
 * trained. A step makes sure that the features have these fields.
 */
import { posteriorConfounder } from '../../nodes/confounding/posterior.ts';
import { squaredErrorMethod } from '../../nodes/estimators/squared-error.ts';
import { crossedFeatures } from '../../nodes/features/crossed.ts';
import { oneHotFields } from '../../nodes/features/one-hot-fields.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { kuairandFields, yahooFields } from './fields.ts';
import { deepDeconfounder, idcfDdcfMfAsCoded } from './idcf.ts';
import { idcfMfWfAsCoded } from './mf-wf.ts';

const features = (fields: number[]) => crossedFeatures({ frozen: true, fields });

export const idcfMfWfAsCodedYahoo = idcfMfWfAsCoded
  .as('idcf-mf-wf-as-coded-yahoo', {
    doc: "Matrix factorisation with crossed answers to Yahoo! R3's survey, whose tables are never trained.",
  })
  .step('fields', oneHotFields, (up) => ({ userFeatures: up.userFeatures, shape: up.shape }), { fields: yahooFields })
  .rewire('model', learner(squaredErrorMethod.with({ features: features(yahooFields) })), (up) => ({
    train: up.train,
    shape: up.shape,
    validation: up.validation,
    userFeatures: up.fields.userFeatures,
  }))
  .settings({ 'yahoo-surveyed': { model: { rate: 5e-4, l2: 1e-6 } } });

export const idcfMfWfAsCodedKuairand = idcfMfWfAsCodedYahoo
  .as('idcf-mf-wf-as-coded-kuairand', {
    doc: 'Matrix factorisation with crossed user features of KuaiRand, whose tables are never trained.',
  })
  .configure({ fields: { fields: kuairandFields } })
  .method('model', (m) => m.with({ features: features(kuairandFields) }))
  .settings({ kuairand: { model: { rate: 5e-5, l2: 1e-6, batch: 2048 } } });

export const idcfDdcfMfAsCodedYahoo = idcfDdcfMfAsCoded
  .as('idcf-ddcf-mf-as-coded-yahoo', {
    doc: "Deep deconfounder with answers to Yahoo! R3's survey, whose tables are never trained.",
  })
  .step('fields', oneHotFields, (up) => ({ userFeatures: up.userFeatures, shape: up.shape }), { fields: yahooFields })
  .rewire(
    'model',
    learner(
      squaredErrorMethod.with({
        features: features(yahooFields),
        confounder: posteriorConfounder(deepDeconfounder),
      }),
    ),
    (up) => ({
      train: up.train,
      shape: up.shape,
      validation: up.validation,
      userFeatures: up.fields.userFeatures,
      posterior: up.exposure.posterior,
    }),
  )
  .settings({ 'yahoo-surveyed': { model: { rate: 5e-5, l2: 1e-6 } } });

export const idcfDdcfMfAsCodedKuairand = idcfDdcfMfAsCodedYahoo
  .as('idcf-ddcf-mf-as-coded-kuairand', {
    doc: 'Deep deconfounder with user features of KuaiRand, whose tables are never trained.',
  })
  .configure({ fields: { fields: kuairandFields } })
  .method('model', (m) => m.with({ features: features(kuairandFields) }))
  .settings({ kuairand: { model: { rate: 5e-5, l2: 1e-5, batch: 2048 }, exposure: { batch: 2048 } } });
