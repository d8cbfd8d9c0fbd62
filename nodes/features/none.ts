import { z } from 'zod';
import { part } from '../../core/method.ts';
import type { AddedTerms } from '../learning/composition.ts';

export const noFeatures = part('features/none', {
  slot: 'features',
  doc: 'No side features.',
  config: z.strictObject({}),
  build: (): AddedTerms => ({ tables: {}, scores: [], own: [] }),
});
