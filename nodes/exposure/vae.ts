import { z } from 'zod';
import { node } from '../../core/index.ts';
import { matrixOf } from './data.ts';
import { fit, fitOutputs, fitServices } from './fit.ts';
import { exposed } from './ports.ts';
import { exposureSettings } from './settings.ts';

/**
 * A variational autoencoder of who was shown what, without proxies: q(C|A) against the prior N(0, I), Bernoulli likelihood of
 * every item, one sample a user and step. `posterior` holds the law of every user, the held-out ones included.
 */
export const vae = node('exposure/vae', {
  doc: 'Latent confounders of exposure without proxies: a variational autoencoder of each user over all items.',
  source: 'Zhang et al. 2023 (iDCF), stage 1 without proxies; the exposure model of DDCF-MF',
  in: exposed,
  out: fitOutputs,
  config: z.strictObject(exposureSettings),
  use: fitServices,
  run: ({ exposure, shape, heldOut }, config, services) =>
    fit(
      {
        users: shape.users,
        items: shape.items,
        exposed: matrixOf({ row: exposure.user, column: exposure.item }, shape.users, shape.items, 'exposure'),
        proxies: undefined,
        given: undefined,
      },
      heldOut,
      { ...config, priorMean: 'zero' },
      services,
    ),
});
