import { z } from 'zod';
import { Problem } from '../../core/index.ts';
import { part } from '../../core/method.ts';
import type { Backbone } from '../learning/composition.ts';
import { factors } from './factors.ts';

/**
 * The prediction's own score plus an inner product of auxiliary factors: z_p = z + p''_u . q''_i. The embeddings are then cut
 * into a primary part, which both scores use, and an auxiliary part, which only this one uses. It cannot be a prediction.
 */
export const auxiliaryFactors = part('backbones/auxiliary-factors', {
  slot: 'backbone',
  doc: "The prediction's score plus auxiliary factors: a propensity that is separable in the rating and the auxiliary part.",
  source: 'Li et al. 2024 (ICDE), section V',
  config: z.strictObject({
    sd: z.number().positive().default(1).describe('standard deviation of the first values'),
  }),
  build: ({ sd }): Backbone => adding(factors({ sd }).build as Backbone),
});

/** The prediction's score plus one that another backbone makes. */
const adding = (auxiliary: Backbone): Backbone => ({
  addedBy: adding,
  score: (name, width, beside) => {
    if (beside === undefined)
      throw new Problem('bad-config', 'auxiliary factors are added to a prediction, and cannot be one', {
        where: 'backbones/auxiliary-factors',
        hint: 'put them at `propensity`, and another backbone at `backbone`',
      });
    const { tables, score, own } = auxiliary.score(name, width);
    return { tables, score: { sum: [beside.score, score] }, own };
  },
});
