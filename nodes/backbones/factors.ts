import { z } from 'zod';
import { part } from '../../core/method.ts';
import type { Backbone } from '../learning/composition.ts';

/** Matrix factorisation without biases: score = p_u . q_i, every entry drawn from N(0, sd^2) (PyTorch's Embedding has sd 1). */
export const factors = part('backbones/factors', {
  slot: 'backbone',
  doc: 'Matrix factorisation without biases: the score is the inner product of a user and an item vector.',
  source: 'Li et al. 2024 (ICDE), code; Koren et al. 2009',
  config: z.strictObject({
    sd: z.number().positive().default(1).describe('standard deviation of the first values'),
  }),
  build: ({ sd }): Backbone => ({
    score: (name, width) => ({
      tables: {
        [`P${name}`]: { rows: 'user', width, start: { normal: sd } },
        [`Q${name}`]: { rows: 'item', width, start: { normal: sd } },
      },
      score: { dot: [`P${name}`, `Q${name}`] },
      own: [`P${name}`, `Q${name}`],
    }),
  }),
});
