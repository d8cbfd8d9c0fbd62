/** Invariant preferences over environments that are learnt with them. */
import { invariantPreference } from '../../nodes/estimators/invariant-preference.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { idcfMf } from './mf.ts';

export const idcfInvPref = idcfMf
  .as('idcf-invpref', {
    doc: 'Invariant preference learning: environments are learnt, and preferences that do not tell them apart.',
  })
  .rewire('model', learner(invariantPreference), (up) => ({
    train: up.train,
    shape: up.shape,
    validation: up.validation,
  }))
  .settings({
    coat: {
      protocol: 'coat-idcf',
      model: { rate: 1e-4, l2: 1e-6, environments: 6, invariant: 4.965, aware: 5.586, every: 2 },
    },
    'yahoo-surveyed': { model: { rate: 5e-4, l2: 1e-6, environments: 4, invariant: 1.703, aware: 9.098, every: 2 } },
    kuairand: {
      model: { rate: 5e-4, l2: 1e-5, environments: 4, invariant: 9.406, aware: 9.603, every: 2, batch: 2048 },
    },
  });
