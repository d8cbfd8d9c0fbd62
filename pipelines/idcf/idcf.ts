/**
 * Deconfounded methods in two stages: what users were shown tells of latent confounders (a variational autoencoder of exposure),
 * and their posterior is a term of the rating model's score. The first stage has a seed of its own, so that it is trained once,
 * and all seeds of the second share it; of its runs the one with the best held-out ELBO is kept.
 */

import { posteriorConfounder } from '../../nodes/confounding/posterior.ts';
import { squaredErrorMethod } from '../../nodes/estimators/squared-error.ts';
import { ivae } from '../../nodes/exposure/ivae.ts';
import { vae } from '../../nodes/exposure/vae.ts';
import { crossedFeatures } from '../../nodes/features/crossed.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { Features } from '../../nodes/ports.ts';
import { legacyUsersSplit } from '../../nodes/splits/legacy-users.ts';
import { idcfMf } from './mf.ts';
import { idcfMfWf } from './mf-wf.ts';

/** The seed of latent confounders, whatever the run says. */
export const latentSeed = 1234;
const ofIdcf = { protocol: 'coat-idcf', model: { rate: 5e-4, l2: 1e-6 } };
const ofDdcf = { protocol: 'coat-idcf', model: { rate: 1e-3, l2: 1e-6 } };

export const idcf = idcfMf
  .as('idcf', {
    doc: 'Identifiable deconfounder: an iVAE of exposure with user features as proxies, its posterior a term of the score.',
    needs: { userFeatures: Features },
  })
  .step('heldOut', legacyUsersSplit, (up) => ({ ratings: up.train }), { share: 0.8, seed: 1234 })
  .step(
    'exposure',
    ivae,
    (up) => ({ exposure: up.train, shape: up.shape, heldOut: up.heldOut.rest, proxies: up.userFeatures }),
    { seed: latentSeed, runs: 3 },
  )
  .rewire('model', learner(squaredErrorMethod.with({ confounder: posteriorConfounder() })), (up) => ({
    train: up.train,
    shape: up.shape,
    validation: up.validation,
    posterior: up.exposure.posterior,
  }))
  .settings({
    coat: ofIdcf,
    'yahoo-surveyed': { model: { rate: 5e-5, l2: 1e-5 } },
    kuairand: { model: { rate: 1e-4, l2: 1e-6, batch: 2048 }, exposure: { batch: 2048 } },
  });

/** iDCF without proxies: what is left when nothing identifies the confounder. */
export const idcfW = idcfMf
  .as('idcf-w', { doc: 'iDCF without proxies: a plain VAE of exposure, its posterior a term of the score.' })
  .step('heldOut', legacyUsersSplit, (up) => ({ ratings: up.train }), { share: 0.8, seed: 1234 })
  .step('exposure', vae, (up) => ({ exposure: up.train, shape: up.shape, heldOut: up.heldOut.rest }), {
    seed: latentSeed,
    runs: 3,
  })
  .rewire('model', learner(squaredErrorMethod.with({ confounder: posteriorConfounder({ bound: 0.05 }) })), (up) => ({
    train: up.train,
    shape: up.shape,
    validation: up.validation,
    posterior: up.exposure.posterior,
  }))
  .settings({ coat: ofDdcf });

/** How the deep deconfounder reads a posterior: one draw a row. */
export const deepDeconfounder = { draws: 1, bound: 0.05 };
export const idcfDdcfMf = idcfMfWf
  .as('idcf-ddcf-mf', {
    doc: 'Deep deconfounder on matrix factorisation: a VAE of exposure, one draw of its posterior a row, and user features.',
  })
  .step('heldOut', legacyUsersSplit, (up) => ({ ratings: up.train }), { share: 0.8, seed: 1234 })
  .step('exposure', vae, (up) => ({ exposure: up.train, shape: up.shape, heldOut: up.heldOut.rest }), {
    seed: latentSeed,
    runs: 3,
  })
  .rewire(
    'model',
    learner(
      squaredErrorMethod.with({
        features: crossedFeatures(),
        confounder: posteriorConfounder(deepDeconfounder),
      }),
    ),
    (up) => ({
      train: up.train,
      shape: up.shape,
      validation: up.validation,
      userFeatures: up.userFeatures,
      posterior: up.exposure.posterior,
    }),
  )
  .settings({ coat: ofDdcf });

export const idcfDdcfMfAsCoded = idcfDdcfMf
  .as('idcf-ddcf-mf-as-coded', {
    doc: 'Deep deconfounder on matrix factorisation whose tables of user features are never trained.',
  })
  .method('model', (m) => m.with({ features: crossedFeatures({ frozen: true }) }))
  .settings({ coat: ofDdcf });
