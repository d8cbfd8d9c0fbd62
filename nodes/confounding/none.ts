import { z } from 'zod';
import { part } from '../../core/method.ts';
import type { AddedTerms } from '../learning/composition.ts';

export const noConfounder = part('confounding/none', {
  slot: 'confounder',
  doc: 'No latent confounder.',
  config: z.strictObject({}),
  build: (): AddedTerms => ({ tables: {}, scores: [], own: [] }),
});
