import { z } from 'zod';
import { part } from '../../core/method.ts';
import type { ScoreScale } from '../learning/composition.ts';

/** Scores enter the loss as they are. */
export const unscaled = part('scaling/none', {
  slot: 'scale',
  doc: 'Scores enter the loss as they are.',
  config: z.strictObject({}),
  build: (): ScoreScale => ({ tables: {}, scores: {}, of: (_, y) => y }),
});
