/**
 * What a metric's name means, as data. The same name stands for several different numbers in the literature; a result is
 * comparable with another only when every field here is the same.
 */
import { z } from 'zod';

/** Metrics of a user's ranked list; each is computed at every cut-off K. */
export const rankingMetrics = ['ndcg', 'recall', 'precision', 'map', 'mrr', 'hr'] as const;
export type RankingMetric = (typeof rankingMetrics)[number];
/** Metrics that compare each score with the pair's label; they need scores that mean something. */
export const pointMetrics = ['mse', 'mae', 'logloss', 'ece'] as const;
export type PointMetric = (typeof pointMetrics)[number];

/** What a definition can ask for: metrics of lists, AUC, the errors of single pairs, and how results lean on popularity. */
export const reported = ['auc', ...rankingMetrics, 'errors', 'popularity'] as const;

/**
 * What a user without a single positive contributes to a mean over users: the value 1, the value 0, or nothing (`skip`:
 * the user is not counted).
 */
const ZeroPositive = z.enum(['one', 'zero', 'skip']);
export type ZeroPositive = z.output<typeof ZeroPositive>;

const byRankingMetric = { ndcg: ZeroPositive, recall: ZeroPositive, precision: ZeroPositive, map: ZeroPositive };
const ZeroPositives = z.strictObject({ ...byRankingMetric, mrr: ZeroPositive, hr: ZeroPositive });

/** Every choice but the name and the cut-offs. P: positives of the user, K: cut-off, r: rank from 1. */
export const choices = {
  threshold: z.number().describe('smallest rating that counts as positive; 1 for labels that are already 0 or 1'),
  gain: z
    .enum(['binary', 'linear', 'exponential'])
    .describe('gain of an item in NDCG: 1 if positive; its rating; or 2^(rating - threshold + 1) - 1 if positive'),
  discount: z
    .enum(['log2', 'log2-flat-top', 'none'])
    .describe('weight of rank r in NDCG: 1/log2(r + 1); 1/log2(max(r, 2)); or 1'),
  ideal: z
    .enum(['achievable', 'cutoff', 'hits'])
    .describe('ideal DCG: the best K of the user; K gains of 1; or the retrieved hits moved to the top'),
  recall: z.enum(['positives', 'achievable']).describe('denominator of recall: P, or min(P, K)'),
  precision: z.enum(['cutoff', 'list']).describe('denominator of precision: K, or min(K, length of the list)'),
  map: z
    .enum(['positives', 'achievable', 'hits'])
    .describe('denominator of average precision: P, min(P, K), or the hits'),
  candidates: z.enum(['rated', 'all']).describe('what is ranked: the items of a user in the test set, or all items'),
  knownTest: z
    .enum(['missed', 'dropped'])
    .describe(
      'a test pair that the user knows, where all items are ranked: a positive that no list can hold, or no test pair',
    ),
  zeroPositive: ZeroPositives.describe('what a user without a positive contributes, by metric'),
  ties: z.literal('lower-item').describe('equal scores: the lower item id ranks first'),
  average: z
    .enum(['users', 'pooled'])
    .describe('mean of the users, or the sum of their numerators over the sum of their denominators'),
  auc: z.enum(['pooled', 'users']).describe('AUC over all pairs, or the mean over users that have both classes'),
  scale: z
    .enum(['probability', 'rating', 'raw'])
    .describe('what a score is: the probability of a positive, a rating, or a number that only orders'),
  bins: z.number().int().positive().describe('equal-width bins of the expected calibration error'),
  metrics: z
    .array(z.enum(reported))
    .min(1)
    .describe('what is reported; `errors` are mse mae logloss ece, `popularity` is how lists lean on popular items'),
  itemGroups: z
    .array(z.number().int().nonnegative())
    .refine((edges) => edges.every((edge, n) => n === 0 || edge > (edges[n - 1] as number)), 'edges must ascend')
    .describe('most train rows of an item in each group but the last, by which popularity is reported'),
  headShare: z
    .number()
    .gt(0)
    .lt(1)
    .describe('share of the train rows that the most popular items hold before the long tail begins'),
};

export const cutoffs = z
  .array(z.number().int().positive())
  .min(1)
  .refine((ks) => ks.every((k, i) => i === 0 || k > (ks[i - 1] as number)), 'cut-offs must ascend without repeats');

/** A complete definition under its name: the preset, and in braces what differs from it. */
export const EvaluationSchema = z.strictObject({ name: z.string(), cutoffs, ...choices });
export type Definition = z.output<typeof EvaluationSchema>;
/** A preset: a definition without its name. */
export type Choices = Omit<Definition, 'name'>;

/** Overrides of a preset. `zeroPositive` is one rule for all metrics or a rule for some. */
export const overrides = z
  .strictObject({ cutoffs, ...choices })
  .omit({ zeroPositive: true })
  .partial()
  .extend({ zeroPositive: z.union([ZeroPositive, ZeroPositives.partial()]).optional() });
export type Overrides = z.output<typeof overrides>;
