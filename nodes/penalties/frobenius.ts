import { z } from 'zod';
import { part } from '../../core/method.ts';
import type { JointPenalty } from '../learning/composition.ts';
import { factorsOf } from './factor-tables.ts';

/**
 * The penalty of the paper, on whole tables: weight * [|P' ^T P''|^2 + |Q' ^T Q''|^2 + magnitude (|P' Q'^T|^2 + |P'' Q''^T|^2)],
 * squared Frobenius norms as sums. The last two run over all pairs and cost two Gram matrices. Printed as sums they shrink all
 * logits, and hurt at every weight tried.
 */
export const frobenius = part('penalties/frobenius', {
  slot: 'penalty',
  doc: 'Disentangling and regularisation as printed: squared Frobenius norms over whole tables.',
  source: 'Li et al. 2024 (ICDE), eq. 12',
  config: z.strictObject({
    magnitude: z.number().nonnegative().default(1).describe('gamma / beta: weight of the norms over all pairs'),
  }),
  build:
    ({ magnitude }): JointPenalty =>
    (prediction, propensity, _, weight) => {
      const [users, items] = factorsOf(prediction, propensity) as [
        readonly [string, string],
        readonly [string, string],
      ];
      const apart = [users, items].map((pair) => ({ weight, on: 'table', crossGram: pair, reduce: 'sum' as const }));
      if (magnitude === 0) return apart;
      const sizes = ([0, 1] as const).map((part) => ({
        weight: weight * magnitude,
        on: 'table',
        allPairs: [users[part], items[part]] as const,
      }));
      return [...apart, ...sizes];
    },
});
