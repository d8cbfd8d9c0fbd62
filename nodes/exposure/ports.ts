/** What exposure models read and give: who was shown what, what is known of the users, and a posterior of their latents. */
import { z } from 'zod';
import { f32, f64, optional, table, tensors, u8, u32 } from '../../core/index.ts';
import { Pairs, Shape } from '../ports.ts';

/**
 * A normal law of each user's latent vector: one row a user and dimension, user by user, dimensions ascending within a user.
 * `mean` and `sd` (standard deviation, positive) of independent normals.
 */
export const Latents = table({ user: u32, dimension: u32, mean: f32, sd: f32 });

/** One dense vector a user: the f32 tensor `rows`, users x width, row n that of dense id n. */
export const UserVectors = tensors(z.looseObject({}));

/**
 * What became of each latent dimension: `kl`, its share of the divergence from the prior (nats, mean over users); `spread`, the
 * standard deviation of its posterior means between users; `sd`, its posterior standard deviation (mean over users); `live`,
 * 1 where the spread exceeds the limit that the node states, 0 where the dimension is collapsed.
 */
export const Dimensions = table({ dimension: u32, kl: f64, spread: f64, sd: f64, live: u8 });

/**
 * What every exposure model reads. `exposure`: the pairs that were logged, whatever their rating; a pair that occurs twice
 * counts once. `heldOut`: the users that occur in it stop the training and choose among runs; without it they are drawn.
 */
export const exposed = { exposure: Pairs, shape: Shape, heldOut: optional(table({ user: u32 })) };
