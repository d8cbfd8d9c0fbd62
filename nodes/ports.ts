/** The tables and values that flow between recommender nodes. Field-standard names; every node spells its ports with these. */
import { z } from 'zod';
import { f32, f64, i64, json, optional, table, tensors, u32, utf8 } from '../core/index.ts';
import { EvaluationSchema } from './evaluation/schema.ts';

/** Feedback: one row a (user, item) pair. `rating` is the raw rating, or the label 0/1 after a labels/ node. */
export const Ratings = table({ user: u32, item: u32, rating: f32, time: optional(i64) });
/** Ratings for those who do not look at the time: their results are kept when only times change. */
export const Labels = table({ user: u32, item: u32, rating: f32 });
export const Pairs = table({ user: u32, item: u32 });
/** Implicit feedback: each row is a click, every pair without a row is unknown. A pair may have several rows. */
export const Clicks = table({ user: u32, item: u32 });
/** How many users and items the data set has; never inferred from the largest id seen. */
export const Shape = json(
  z.strictObject({ users: z.number().int().nonnegative(), items: z.number().int().nonnegative() }),
);
export type Shape = { users: number; items: number };
/** Probability that a pair is observed, one row for each row of the train table and in its order. */
export const Propensities = table({ user: u32, item: u32, p: f32 });
/** Weights of the train rows, in the order of the train table. */
export const Weights = table({ user: u32, item: u32, w: f32 });
/** Imputed labels in [0, 1], for the train rows or for all pairs, as the producing node says. */
export const PseudoLabels = table({ user: u32, item: u32, label: f32 });
/** A model's score for each candidate pair: a probability where the method models one. */
export const Scores = table({ user: u32, item: u32, score: f32 });
/** The way from external ids to dense ones: row n holds the external id of dense id n, as text. */
export const Ids = table({ id: utf8 });
/** One-hot or multi-hot features in coordinate form. */
export const Features = table({ row: u32, feature: u32, value: f32 });
/** Trained parameters under the method that made them. */
export const Params = tensors(z.looseObject({ method: z.unknown() }));
/** One row a metric; `k` is 0 where the metric has no cut-off, `value` NaN with a `reason` where it is not defined. */
export const Metrics = table({ metric: utf8, k: u32, definition: utf8, value: f64, reason: utf8 });
export const PerUserMetrics = table({ user: u32, metric: utf8, k: u32, value: f64 });
/** What every metric of a result means; made by evaluation/definition, read by evaluators and floors. */
export const Evaluation = json(EvaluationSchema);
/** A constant imputation: the share of positives that the producing node believes in, for every pair. */
export const Prior = json(z.strictObject({ positive: z.number().min(0).max(1) }));
export type Prior = { positive: number };
/** The training curve: one row an epoch and quantity (loss, tracked loss, gradient norm of a group, effective sample size, ...). */
export const History = table({ epoch: u32, quantity: utf8, value: f64 });
/** Whether a pair is observed (1) or not (0), one row for each row of the train table and in its order. */
export const Indicators = table({ user: u32, item: u32, o: f32 });
/** The rank of each test row among all candidates of its user, 1 = top, 0 where it was no candidate; in the order of the test. */
export const TestRanks = table({ user: u32, item: u32, rank: u32 });
/**
 * One row an item: its train rows; at the largest cut-off the number of lists that hold it; the users with a test row of it;
 * those of them whose list holds it.
 */
export const ItemExposure = table({ item: u32, train: u32, recommended: u32, wanted: u32, found: u32 });
