import { z } from 'zod';
import { part } from '../../core/method.ts';
import type { Backbone } from '../learning/composition.ts';

/**
 * Embeddings that all scores of a method share, and for each score a head of its own: [p_u; q_i] (2 width) to `width` hidden
 * units without bias, ReLU, then one output with bias. Embeddings start from N(0, 1), layers uniformly in +-1/sqrt(inputs).
 */
export const sharedHeads = part('backbones/shared-heads', {
  slot: 'backbone',
  doc: 'One pair of embedding tables under a small network a score: rating, propensity and imputation share the embeddings.',
  source: 'Zhang et al. 2020 (multi-task learning for CVR); code of Li et al. 2024',
  config: z.strictObject({}),
  build: (): Backbone => ({
    score: (name, asked, beside) => {
      // the embeddings are those of the prediction, and so is their width
      const width = beside?.tables.P?.width ?? asked;
      const tables = {
        P: { rows: 'user', width, start: { normal: 1 } },
        Q: { rows: 'item', width, start: { normal: 1 } },
        [`hidden${name}`]: { rows: width, width: 2 * width, start: { uniform: 1 / Math.sqrt(2 * width) } },
        [`head${name}`]: { rows: 'one', width, start: { uniform: 1 / Math.sqrt(width) } },
        [`c${name}`]: { rows: 'one', width: 1, start: { uniform: 1 / Math.sqrt(width) } },
      } as const;
      return {
        tables,
        score: {
          dense: ['P', 'Q'],
          layers: [
            { weights: `hidden${name}`, activation: 'relu' },
            { weights: `head${name}`, bias: `c${name}` },
          ],
        },
        own: Object.keys(tables),
      };
    },
  }),
});
