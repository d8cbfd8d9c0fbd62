import { z } from 'zod';
import { part } from '../../core/method.ts';
import type { JointPenalty } from '../learning/composition.ts';
import { factorsOf } from './factor-tables.ts';

/**
 * Keeps the prediction's factors and the propensity's own apart, on the rows of each stream's batch with multiplicity (a user
 * drawn twice counts twice): for users, beta * [mean over entries of (sum over rows of p' p''^T)^2 + mean over rows and
 * entries of [p', p'']^2], and the same for items; beta is the method's penalty weight.
 */
export const disentangle = part('penalties/disentangle', {
  slot: 'penalty',
  doc: 'Disentangling: squared cross-Gram of primary and auxiliary factors plus their mean square, over batch rows.',
  source: 'code of Li et al. 2024 (ICDE); the cross-Gram is the batch form of the terms of eq. 12',
  config: z.strictObject({
    terms: z
      .enum(['both', 'cross-gram', 'mean-square'])
      .default('both')
      .describe('which of the two terms are there; they share one weight'),
  }),
  build:
    ({ terms }): JointPenalty =>
    (prediction, propensity, streams, weight) =>
      factorsOf(prediction, propensity).flatMap((pair) =>
        streams.flatMap((on) => [
          ...(terms === 'mean-square' ? [] : [{ weight, on, crossGram: pair }]),
          ...(terms === 'cross-gram' ? [] : [{ weight, on, meanSquare: pair }]),
        ]),
      ),
});
