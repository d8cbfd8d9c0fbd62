/**
 * IViDR: two identifiable VAEs of exposure, one on the interactions and one on interactions that instruments have rebuilt; their
 * posteriors are matched and added, and their sum is the confounder of the rating model. All that is latent has a seed of its
 * own and is trained once; the seeds of a study train the rating model.
 */

import { posteriorConfounder } from '../../nodes/confounding/posterior.ts';
import { instrumental } from '../../nodes/estimators/instrumental.ts';
import { squaredErrorMethod } from '../../nodes/estimators/squared-error.ts';
import { fuse } from '../../nodes/exposure/fuse.ts';
import { ivaeOfVectors } from '../../nodes/exposure/ivae-of-vectors.ts';
import { reconstructedInteractions } from '../../nodes/instruments/interactions.ts';
import { twoStage } from '../../nodes/instruments/two-stage.ts';
import { twoStageOfUsers } from '../../nodes/instruments/two-stage-of-users.ts';
import { userFeatureInstruments } from '../../nodes/instruments/user-features.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { kuairandFields, yahooFields } from './fields.ts';
import { idcf, latentSeed } from './idcf.ts';
import { explained, fused, instrumentsOfUsers, interacting, rebuilt, treated } from './instrumented.ts';

const coat = { protocol: 'coat-idcf', model: { rate: 5e-4, l2: 1e-6 }, iv: { rate: 5e-4, l2: 1e-6 } };

export const ividr = idcf
  .as('ividr', {
    doc: 'IViDR: the posteriors of two iVAEs of exposure, one on interactions rebuilt by instruments, matched, added and a term of the score.',
  })
  .step('instruments', userFeatureInstruments, instrumentsOfUsers, { seed: latentSeed })
  .step('iv', learner(instrumental), explained, { seed: latentSeed })
  .step('treatments', twoStage, treated)
  .step('interactions', reconstructedInteractions, interacting)
  .step('rebuilt', ivaeOfVectors, rebuilt, { seed: latentSeed, runs: 3 })
  .step('confounder', fuse, fused)
  .rewire('model', learner(squaredErrorMethod.with({ confounder: posteriorConfounder() })), (up) => ({
    train: up.train,
    shape: up.shape,
    validation: up.validation,
    posterior: up.confounder.posterior,
  }))
  .settings({
    coat,
    'yahoo-surveyed': {
      instruments: { fields: yahooFields },
      iv: { rate: 5e-4, l2: 1e-5, columns: yahooFields.length },
      model: { rate: 5e-5, l2: 1e-5 },
    },
    kuairand: {
      instruments: { fields: kuairandFields },
      iv: { rate: 5e-5, l2: 1e-6, batch: 2048, columns: kuairandFields.length },
      exposure: { batch: 2048 },
      rebuilt: { batch: 2048 },
      model: { rate: 1e-4, l2: 1e-6, batch: 2048 },
    },
  });

export const ividrT = ividr
  .as('ividr-t', { doc: 'IViDR with the treatments as they are in place of the rebuilt ones.' })
  .configure({ interactions: { part: 'original' } })
  .settings({ coat });
export const ividrF = ividr
  .as('ividr-f', { doc: 'IViDR with the part of the treatments that instruments explain, alone.' })
  .configure({ interactions: { part: 'fitted' } })
  .settings({ coat });
export const ividrR = ividr
  .as('ividr-r', { doc: 'IViDR with the part of the treatments that instruments leave, alone.' })
  .configure({ interactions: { part: 'residual' } })
  .settings({ coat });
/** The posteriors are added dimension by dimension as they come, as the paper writes it. */
export const ividrUnaligned = ividr
  .as('ividr-unaligned', { doc: 'IViDR whose two posteriors are added without matching their dimensions.' })
  .configure({ confounder: { align: 'none' } })
  .settings({ coat });
/** The other reading of the sum of interactions and treatments: a number an item. */
export const ividrOnItems = ividr
  .as('ividr-on-items', { doc: 'IViDR whose rebuilt interactions are vectors over the items (design B).' })
  .configure({ interactions: { design: 'items' } })
  .settings({ coat });
/** Instruments from the features of the user at hand: the rebuilt interactions then hold what no interactions do. */
export const ividrOfUsers = ividr
  .as('ividr-of-users', {
    doc: "IViDR whose instruments are the user's own features, and not those of the users of an item.",
  })
  .rewire('treatments', twoStageOfUsers, (up) => ({ ...treated(up), log: up.train }))
  .configure({ instruments: { of: 'users' }, iv: { of: 'users' } })
  .settings({ coat });
