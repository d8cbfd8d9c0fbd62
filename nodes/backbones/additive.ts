import { z } from 'zod';
import { part } from '../../core/method.ts';
import type { Backbone } from '../learning/composition.ts';

/**
 * One linear layer on the concatenated embeddings: score = a . [p_u; q_i] + c, so a user term plus an item term. It cannot
 * express interactions. Embeddings start from N(0, 1), the layer uniformly in +-1/sqrt(2 width), as PyTorch's Linear.
 */
export const additive = part('backbones/additive', {
  slot: 'backbone',
  doc: 'A user term plus an item term: one linear layer on the concatenated embeddings.',
  source: "NCF without hidden layers, as in the propensity model of Li et al. 2024's code",
  config: z.strictObject({}),
  build: (): Backbone => ({
    score: (name, width) => {
      const uniform = 1 / Math.sqrt(2 * width);
      const tables = {
        [`P${name}`]: { rows: 'user', width, start: { normal: 1 } },
        [`Q${name}`]: { rows: 'item', width, start: { normal: 1 } },
        [`au${name}`]: { rows: 'one', width, start: { uniform } },
        [`ai${name}`]: { rows: 'one', width, start: { uniform } },
        [`c${name}`]: { rows: 'one', width: 1, start: { uniform } },
      } as const;
      return {
        tables,
        score: { sum: [{ dot: [`P${name}`, `au${name}`] }, { dot: [`Q${name}`, `ai${name}`] }, { bias: `c${name}` }] },
        own: Object.keys(tables),
      };
    },
  }),
});
