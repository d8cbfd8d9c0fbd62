import { z } from 'zod';
import { part } from '../../core/method.ts';
import { Latents } from '../exposure/ports.ts';
import type { AddedTerms } from '../learning/composition.ts';

/**
 * A latent confounder as a term of the score: v_i . C_u, where v_i is learnt and C_u follows a posterior that is given and stays
 * as it is. Training sees the mean of `draws` Monte-Carlo draws of C_u for every row of every batch (drawn as one: that mean has
 * standard deviation sd / sqrt(draws)), serving sees the posterior mean.
 */
export const posteriorConfounder = part('confounding/posterior', {
  slot: 'confounder',
  doc: "Adds an item vector times the user's latent confounder, which follows a given posterior.",
  source: 'Zhang et al. 2023 (iDCF, KDD); Deng et al. 2024 (IViDR), eq. 23',
  in: { posterior: Latents },
  config: z.strictObject({
    draws: z.number().int().positive().default(10).describe('Monte-Carlo draws a row'),
    bound: z.number().positive().default(0.01).describe("largest first value of the items' vectors"),
  }),
  build: ({ draws, bound }): AddedTerms => {
    const fit = { width: 'posterior' };
    return {
      tables: {
        C: { rows: 'user', width: 1, fit, start: { given: 'posterior', tensor: 'mean' } },
        sdC: { rows: 'user', width: 1, fit, start: { given: 'posterior', tensor: 'sd' } },
        V: { rows: 'item', width: 1, fit, start: { uniform: bound } },
      },
      scores: [{ dot: ['V', { noisy: 'C', sd: 'sdC', draws }] }],
      own: ['V'],
    };
  },
});
