import { z } from 'zod';
import { part } from '../../core/method.ts';
import type { Regulariser } from '../learning/composition.ts';

/** Nothing beside the decay. */
export const unregularised = part('regularising/none', {
  slot: 'regulariser',
  doc: 'Nothing beside the decay.',
  config: z.strictObject({}),
  build: (): Regulariser => ({ tables: {}, penalties: () => [] }),
});
