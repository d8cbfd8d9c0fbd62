import { z } from 'zod';
import { part } from '../../core/method.ts';
import type { Backbone } from '../learning/composition.ts';

/** Matrix factorisation with biases: score = p_u . q_i + b_u + b_i + c. Biases start at 0. */
export const biasedFactors = part('backbones/biased-factors', {
  slot: 'backbone',
  doc: 'Matrix factorisation with a user bias, an item bias and a global one.',
  source: 'Koren et al. 2009',
  config: z.strictObject({
    sd: z.number().positive().default(1).describe('standard deviation of the first values of the factors'),
  }),
  build: ({ sd }): Backbone => ({
    score: (name, width) => {
      const tables = {
        [`P${name}`]: { rows: 'user', width, start: { normal: sd } },
        [`Q${name}`]: { rows: 'item', width, start: { normal: sd } },
        [`bu${name}`]: { rows: 'user', width: 1, start: { constant: 0 } },
        [`bi${name}`]: { rows: 'item', width: 1, start: { constant: 0 } },
        [`c${name}`]: { rows: 'one', width: 1, start: { constant: 0 } },
      } as const;
      return {
        tables,
        score: {
          sum: [{ dot: [`P${name}`, `Q${name}`] }, { bias: `bu${name}` }, { bias: `bi${name}` }, { bias: `c${name}` }],
        },
        own: Object.keys(tables),
      };
    },
  }),
});
