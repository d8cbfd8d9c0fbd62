import { z } from 'zod';
import { part } from '../../core/method.ts';
import type { ObservedWeight } from '../learning/composition.ts';
import { Weights } from '../ports.ts';

/** Weights from port `w`: a row for each train row and in the same order; the learner checks that. */
export const outside = part('weighting/outside', {
  slot: 'weight',
  doc: 'Weights of the observed rows from another step.',
  in: { w: Weights },
  config: z.strictObject({}),
  build: (): ObservedWeight => ({
    columns: { w: { port: 'w', column: 'w' } },
    of: ({ column }) => column('w'),
  }),
});
