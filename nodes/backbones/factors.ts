import { z } from 'zod';
import { part } from '../../core/method.ts';
import type { Backbone } from '../learning/composition.ts';

/**
 * Matrix factorisation without biases: score = p_u . q_i. Every entry is drawn from N(0, sd^2) (PyTorch's Embedding has sd 1), or
 * with `xavier` uniformly in +-sqrt(6 / (rows of the table + width)).
 */
export const factors = part('backbones/factors', {
  slot: 'backbone',
  doc: 'Matrix factorisation without biases: the score is the inner product of a user and an item vector.',
  source: 'Li et al. 2024 (ICDE), code; Koren et al. 2009',
  config: z.strictObject({
    sd: z.number().positive().default(1).describe('standard deviation of the first values'),
    start: z.enum(['normal', 'xavier']).default('normal').describe('how first values are drawn; `xavier` knows no sd'),
  }),
  build: ({ sd, start }): Backbone => ({
    score: (name, width) => {
      const first = start === 'normal' ? { normal: sd } : { xavier: 1 };
      return {
        tables: {
          [`P${name}`]: { rows: 'user', width, start: first },
          [`Q${name}`]: { rows: 'item', width, start: first },
        },
        score: { dot: [`P${name}`, `Q${name}`] },
        own: [`P${name}`, `Q${name}`],
      };
    },
  }),
});
