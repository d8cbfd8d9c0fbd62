/** The tables of recommendations: with dense ids while they are computed, with external ids when they are read. */
import { f32, optional, table, u32, utf8 } from '../../core/index.ts';

/**
 * Why an item stands where it does: a user's items come in the order of match x gate - penalty. `match` is the inner product of
 * the user and the item, `gate` what the item multiplies it with, `penalty` what the item is charged: c sigmoid(y_i) under a
 * counterfactual score with reference c, minus the item's bias under biased factors.
 */
const reasons = { match: optional(f32), gate: optional(f32), penalty: optional(f32) };

/** The best items of each user, best first; `rank` counts from 1. */
export const TopItems = table({ user: u32, item: u32, rank: u32, score: f32, ...reasons });
/** The same with the ids of the data as text. */
export const Recommendations = table({ user: utf8, rank: u32, item: utf8, score: f32, ...reasons });
/** Dense ids of users, in the order in which they were asked for, without repeats. */
export const Users = table({ user: u32 });
