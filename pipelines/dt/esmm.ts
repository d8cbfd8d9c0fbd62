/** Entire-space models: what is seen and liked is modelled as a product over all pairs, with or without a debiased risk. */
import { additive } from '../../nodes/backbones/additive.ts';
import { sharedHeads } from '../../nodes/backbones/shared-heads.ts';
import { joint } from '../../nodes/estimators/joint.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { mf } from './mf.ts';

/** Logs as PyTorch's cross-entropy clamps them, but for probabilities within 1e-10 of 0 or 1. */
const exact = 1e-12;
const entireSpace = joint.with({ observation: 1, conversion: 1, clipEverywhere: true });
const heads = { backbone: sharedHeads(), propensity: sharedHeads(), imputation: sharedHeads() };

export const esmm = mf
  .as('esmm', { doc: 'Entire-space multi-task model: propensity, and propensity times prediction, over all pairs.' })
  .replace('model', learner(entireSpace.with({ risk: 0, shift: exact })))
  .settings({
    coat: { model: { width: 8, auxiliary: 8, batch: 1024, l2: 1e-5, propensityL2: 1e-3, observation: 2 } },
    yahoo: { model: { width: 32, auxiliary: 32, batch: 32_764, rate: 0.005, l2: 1e-6, propensityL2: 1e-6 } },
    kuairec: { model: { width: 32, auxiliary: 32, batch: 32_764, rate: 0.005, l2: 1e-6, propensityL2: 1e-6 } },
  });

/** Section VI.D: multi-task methods on a shallow network over shared embeddings. */
export const esmmAsWritten = esmm
  .as('esmm-as-written', { doc: 'ESMM with shared embeddings under a head for each task.' })
  .method('model', (m) => m.with(heads));

export const escm2Ips = mf
  .as('escm2-ips', { doc: 'ESMM plus a weighted risk on observed pairs; as coded, two optimisers own everything.' })
  .replace(
    'model',
    learner(entireSpace.with({ propensity: additive(), reduce: 'sum', risk: 1e-3, twice: true, track: 'data' })),
  )
  .settings({
    coat: { model: { width: 4, auxiliary: 4, batch: 128, l2: 1e-4, propensityL2: 1e-4, risk: 1e-3 } },
    yahoo: {
      model: { width: 32, auxiliary: 32, batch: 4096, rate: 0.005, l2: 1e-5, propensityL2: 1e-5, risk: 1e-4 },
    },
    kuairec: {
      model: { width: 32, auxiliary: 32, batch: 4096, rate: 0.005, l2: 1e-5, propensityL2: 1e-5, risk: 1e-4 },
    },
    // there one optimiser moves everything, and theta is not used
    'ml-100k-semi': {
      model: {
        width: 8,
        auxiliary: 8,
        batch: 4096,
        l2: 1e-5,
        propensityL2: 1e-5,
        risk: 1,
        twice: false,
        tolerance: 1e-5,
      },
    },
  });

export const escm2IpsAsWritten = escm2Ips
  .as('escm2-ips-as-written', { doc: 'ESCM2-IPS with one optimiser, on shared embeddings under a head for each task.' })
  .method('model', (m) => m.with({ ...heads, twice: false }));

export const escm2Dr = mf
  .as('escm2-dr', { doc: 'ESMM plus a doubly robust risk and an imputation loss that leaves the prediction alone.' })
  .replace(
    'model',
    learner(
      entireSpace.with({
        control: 'unweighted',
        imputationWeight: 1,
        imputationReduce: 'sum',
        throughPrediction: false,
        track: 'data',
      }),
    ),
  )
  .settings({
    coat: {
      model: {
        width: 8,
        auxiliary: 8,
        batch: 128,
        clip: 0.01,
        imputationWeight: 1,
        l2: 1e-3,
        propensityL2: 1e-3,
        imputationL2: 1e-3,
      },
    },
    yahoo: {
      model: {
        width: 32,
        auxiliary: 32,
        batch: 4096,
        imputationWeight: 1e-4,
        l2: 1e-5,
        propensityL2: 1e-2,
        imputationL2: 1e-5,
      },
    },
    kuairec: {
      model: {
        width: 32,
        auxiliary: 32,
        batch: 4096,
        imputationWeight: 1e-4,
        l2: 1e-4,
        propensityL2: 1e-2,
        imputationL2: 1e-5,
      },
    },
  });

/** The semi-synthetic notebooks give ESCM2-DR the linear propensity that ESCM2-IPS has everywhere. */
export const escm2DrLinear = escm2Dr
  .as('escm2-dr-linear', { doc: 'ESCM2-DR with a propensity that is linear in the embeddings.' })
  .method('model', (m) => m.with({ propensity: additive() }))
  .settings({
    'ml-100k-semi': {
      model: {
        width: 8,
        auxiliary: 8,
        batch: 4096,
        imputationWeight: 1,
        l2: 1e-5,
        propensityL2: 1e-5,
        imputationL2: 1e-5,
        tolerance: 1e-5,
      },
    },
  });

export const escm2DrAsWritten = escm2Dr
  .as('escm2-dr-as-written', { doc: 'ESCM2-DR on shared embeddings, its control variate weighted by 1/p.' })
  .method('model', (m) => m.with({ ...heads, control: 'weighted' }));
