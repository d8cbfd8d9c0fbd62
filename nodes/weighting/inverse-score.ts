import { z } from 'zod';
import { part } from '../../core/method.ts';
import type { ObservedWeight } from '../learning/composition.ts';
import { constant } from '../learning/expression/tree.ts';
import { Params } from '../ports.ts';

/** Weight 1 / p with p scored by the model at port `propensity`: known for every pair. The model clips what it serves. */
export const inverseScore = part('weighting/inverse-score', {
  slot: 'weight',
  doc: 'Inverse of what a propensity model scores, for observed pairs and all others.',
  in: { propensity: Params },
  config: z.strictObject({}),
  build: (): ObservedWeight => ({
    columns: {},
    scores: { p: { input: 'propensity' } },
    of: ({ score }) => constant(1).over(score('p')),
  }),
});
