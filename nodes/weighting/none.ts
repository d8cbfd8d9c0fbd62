import { z } from 'zod';
import { part } from '../../core/method.ts';
import type { ObservedWeight } from '../learning/composition.ts';
import { ones } from '../learning/expression/tree.ts';

/** Every observed row counts once: the naive estimator. */
export const none = part('weighting/none', {
  slot: 'weight',
  doc: 'Every observed row counts once.',
  config: z.strictObject({}),
  build: (): ObservedWeight => ({ columns: {}, of: () => ones }),
});
