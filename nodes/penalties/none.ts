import { z } from 'zod';
import { part } from '../../core/method.ts';
import type { JointPenalty } from '../learning/composition.ts';

/** Nothing beside the decay of the optimiser. */
export const noPenalty = part('penalties/none', {
  slot: 'penalty',
  doc: 'No penalty.',
  config: z.strictObject({}),
  build: (): JointPenalty => () => [],
});
