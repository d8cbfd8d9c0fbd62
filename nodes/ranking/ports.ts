/** The tables of recommendations: with dense ids while they are computed, with external ids when they are read. */
import { f32, table, u32, utf8 } from '../../core/index.ts';

/** The best items of each user, best first; `rank` counts from 1. */
export const TopItems = table({ user: u32, item: u32, rank: u32, score: f32 });
/** The same with the ids of the data as text. */
export const Recommendations = table({ user: utf8, rank: u32, item: utf8, score: f32 });
/** Dense ids of users, in the order in which they were asked for, without repeats. */
export const Users = table({ user: u32 });
