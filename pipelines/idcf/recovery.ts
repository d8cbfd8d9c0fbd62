/**
 * How well exposure models recover latent confounders that a simulation knows: posterior means against the truth, as the mean
 * correlation coefficient. Two latents, no penalty on norms, and the prior's mean is learnt, as on simulated data.
 */
import { pipeline } from '../../core/index.ts';
import { TrueLatents } from '../../nodes/datasets/confounded.ts';
import { instrumental } from '../../nodes/estimators/instrumental.ts';
import { fuse } from '../../nodes/exposure/fuse.ts';
import { ivae } from '../../nodes/exposure/ivae.ts';
import { ivaeOfVectors } from '../../nodes/exposure/ivae-of-vectors.ts';
import { mcc } from '../../nodes/exposure/mcc.ts';
import { vae } from '../../nodes/exposure/vae.ts';
import { reconstructedInteractions } from '../../nodes/instruments/interactions.ts';
import { twoStage } from '../../nodes/instruments/two-stage.ts';
import { userFeatureInstruments } from '../../nodes/instruments/user-features.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { Evaluation, Features, Ratings, Shape } from '../../nodes/ports.ts';
import { legacyUsersSplit } from '../../nodes/splits/legacy-users.ts';
import { explained, fused, instrumentsOfUsers, interacting, rebuilt, treated } from './instrumented.ts';

const needs = {
  train: Ratings,
  validation: Ratings,
  shape: Shape,
  userFeatures: Features,
  latents: TrueLatents,
  evaluation: Evaluation,
};
const plain = { size: 2, hidden: 64, norms: 0, batch: 1024, runs: 3 };
const identified = { ...plain, priorMean: 'learned' } as const;
const heldOut = { share: 0.8, seed: 1234 };

export const idcfRecovery = pipeline('idcf-recovery', {
  doc: 'How well the iVAE of iDCF recovers the true confounders of a simulation.',
  needs,
})
  .step('heldOut', legacyUsersSplit, (up) => ({ ratings: up.train }), heldOut)
  .step(
    'exposure',
    ivae,
    (up) => ({ exposure: up.train, shape: up.shape, heldOut: up.heldOut.rest, proxies: up.userFeatures }),
    identified,
  )
  .step('metrics', mcc, (up) => ({ posterior: up.exposure.posterior, latents: up.latents, evaluation: up.evaluation }))
  .settings({ confounded: {} });

export const idcfWRecovery = pipeline('idcf-w-recovery', {
  doc: 'How well a plain VAE of exposure, without proxies, recovers the true confounders of a simulation.',
  needs,
})
  .step('heldOut', legacyUsersSplit, (up) => ({ ratings: up.train }), heldOut)
  .step('exposure', vae, (up) => ({ exposure: up.train, shape: up.shape, heldOut: up.heldOut.rest }), plain)
  .step('metrics', mcc, (up) => ({ posterior: up.exposure.posterior, latents: up.latents, evaluation: up.evaluation }))
  .settings({ confounded: {} });

/** A field of five classes is the only instrument of the simulations. */
export const ividrRecovery = idcfRecovery
  .as('ividr-recovery', {
    doc: 'How well the two matched iVAEs of IViDR recover the true confounders of a simulation.',
  })
  .step('instruments', userFeatureInstruments, instrumentsOfUsers, { fields: [5] })
  .step('iv', learner(instrumental.with({ columns: 1, rate: 1e-3, batch: 1024, epochs: 40, patience: 8 })), explained)
  .step('treatments', twoStage, treated)
  .step('interactions', reconstructedInteractions, interacting)
  .step('rebuilt', ivaeOfVectors, rebuilt, identified)
  .step('confounder', fuse, fused)
  .rewire('metrics', mcc, (up) => ({
    posterior: up.confounder.posterior,
    latents: up.latents,
    evaluation: up.evaluation,
  }))
  .settings({ confounded: {} });
