import { z } from 'zod';
import { node } from '../../core/index.ts';
import { Features } from '../ports.ts';
import { matrixOf, proxiesOf } from './data.ts';
import { fit, fitOutputs, fitServices } from './fit.ts';
import { exposed } from './ports.ts';
import { exposureSettings } from './settings.ts';

export const identifiableSettings = {
  ...exposureSettings,
  priorMean: z
    .enum(['zero', 'learned'])
    .default('zero')
    .describe('the mean of p(C|W): 0, or a network of its own (as the simulations do)'),
};

/**
 * An identifiable variational autoencoder: q(C|A, W) against a prior p(C|W) that the proxies W decide, Bernoulli likelihood
 * of every item, one sample a user and step. The decoder sees C alone.
 */
export const ivae = node('exposure/ivae', {
  doc: 'Latent confounders of exposure, identified by proxies: their prior depends on features of the user.',
  source: 'Zhang et al. 2023 (iDCF), stage 1; Deng et al. 2024 (IViDR), eqs 12-16 and 40-44',
  in: { ...exposed, proxies: Features },
  out: fitOutputs,
  config: z.strictObject(identifiableSettings),
  use: fitServices,
  run: ({ exposure, shape, heldOut, proxies }, config, services) =>
    fit(
      {
        users: shape.users,
        items: shape.items,
        exposed: matrixOf({ row: exposure.user, column: exposure.item }, shape.users, shape.items, 'exposure'),
        proxies: proxiesOf(proxies, shape),
        given: undefined,
      },
      heldOut,
      config,
      services,
    ),
});
