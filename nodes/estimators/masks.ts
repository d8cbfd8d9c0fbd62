/** The settings of the joint estimator that say which terms of the one formula are there, and how they are reduced. */
import { z } from 'zod';

export const maskSettings = {
  clip: z.number().gt(0).lt(1).default(0.05).describe('smallest propensity inside 1/p; below it no gradient flows'),
  clipEverywhere: z
    .boolean()
    .default(false)
    .describe('whether the terms on all pairs read the clipped propensity, whose head cannot learn below the clip'),
  shift: z.number().positive().default(1e-6).describe('added to a probability inside of a logarithm'),
  error: z.enum(['cross-entropy', 'squared']).default('cross-entropy').describe('error of a prediction'),
  risk: z.number().nonnegative().default(1).describe('weight of the weighted risk on observed rows'),
  reduce: z
    .enum(['mean', 'sum', 'all'])
    .default('mean')
    .describe('the risk over a batch: its mean, its sum, or its share of all pairs, (1/|D|) sum over O'),
  control: z
    .enum(['none', 'unweighted', 'weighted'])
    .default('none')
    .describe('imputed error on observed rows: none (no imputation), with weight 1, or with the weight of the row'),
  swapped: z
    .boolean()
    .default(false)
    .describe('whether the label predicts the prediction, and not the other way round'),
  imputationWeight: z
    .number()
    .nonnegative()
    .default(0)
    .describe('weight of the squared gap between error and imputed error'),
  imputationReduce: z.enum(['mean', 'sum', 'all']).default('mean').describe('how that gap is reduced'),
  throughPrediction: z.boolean().default(true).describe('whether that gap has a gradient into the prediction'),
  observation: z.number().nonnegative().default(0).describe('weight of CE(p, o) over all pairs'),
  conversion: z.number().nonnegative().default(0).describe('weight of CE(p r, o y) over all pairs'),
  balance: z.number().nonnegative().default(0).describe('weight of the squared balancing contrast over all pairs'),
  penaltyWeight: z.number().nonnegative().default(1).describe('weight of the penalty part'),
  twice: z.boolean().default(false).describe('two optimisers own every table, and both step: about a double step'),
  track: z
    .enum(['total', 'data'])
    .default('total')
    .describe('what the stopping rule follows: the whole loss, or the weighted risk alone'),
};
