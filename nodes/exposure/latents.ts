/** Posteriors of latents as arrays, from the table and back. */
import { Problem, type View } from '../../core/index.ts';
import type { Latents } from './ports.ts';

/** `mean` and `sd` are users x size, row by row. */
export interface Posterior {
  readonly users: number;
  readonly size: number;
  readonly mean: Float32Array;
  readonly sd: Float32Array;
}

/**
 * Reads a table that holds every user and dimension once, in order.
 * @param name the port, for the message
 * @throws Problem bad-data when it does not
 */
export function posteriorOf(table: View<typeof Latents>, name: string): Posterior {
  const { user, dimension, mean, sd } = table;
  const rows = user.length;
  const size = rows === 0 ? 0 : (dimension[rows - 1] as number) + 1;
  const users = size === 0 ? 0 : rows / size;
  for (let row = 0; row < rows; row++)
    if (user[row] !== Math.floor(row / size) || dimension[row] !== row % size)
      throw new Problem('bad-data', `row ${row} of '${name}' is user ${user[row]}, dimension ${dimension[row]}`, {
        hint: 'a posterior holds each user and dimension once, user by user, dimensions ascending within a user',
      });
  if (!Number.isInteger(users)) throw new Problem('bad-data', `'${name}' ends in the middle of a user`);
  return { users, size, mean, sd };
}

export function latentTable({ users, size, mean, sd }: Posterior): View<typeof Latents> {
  const user = new Uint32Array(users * size);
  const dimension = new Uint32Array(users * size);
  for (let row = 0; row < user.length; row++) {
    user[row] = Math.floor(row / size);
    dimension[row] = row % size;
  }
  return { user, dimension, mean, sd };
}

/** One latent dimension of all users. */
export const columnOf = (values: Float32Array, size: number, dimension: number): Float32Array =>
  Float32Array.from({ length: values.length / size }, (_, user) => values[user * size + dimension] as number);
