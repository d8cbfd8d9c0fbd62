import { z } from 'zod';
import { aside, f64, node, Problem, table, u32 } from '../../core/index.ts';
import { type Match, matchColumns } from '../statistics/matching.ts';
import { columnOf, latentTable, type Posterior, posteriorOf } from './latents.ts';
import { Latents } from './ports.ts';

/**
 * C = rho C1 + tau C2 of two independent posteriors: the law N(rho m1 + tau m2, rho^2 s1^2 + tau^2 s2^2), which is that of
 * fused samples. Networks that were trained apart number their dimensions, and choose signs, as chance has it: so the
 * dimensions of the first are matched to those of the second by their correlation over users, and turned where it is negative.
 */
export const fuse = node('exposure/fuse', {
  doc: 'Adds two posteriors of latents, the dimensions of the first matched to those of the second.',
  source: 'Deng et al. 2024 (IViDR), eq. 15; the matching is ours',
  in: { first: Latents, second: Latents },
  out: {
    posterior: Latents,
    matching: aside(table({ dimension: u32, from: u32, correlation: f64 })),
  },
  config: z.strictObject({
    rho: z.number().default(0.9).describe('weight of the first posterior'),
    tau: z.number().default(0.9).describe('weight of the second posterior'),
    align: z
      .enum(['assignment', 'none'])
      .default('assignment')
      .describe('assignment: match by absolute correlation and turn signs; none: add dimension n to dimension n'),
  }),
  weight: 'light',
  run(inputs, { rho, tau, align }) {
    const first = posteriorOf(inputs.first, 'first');
    const second = posteriorOf(inputs.second, 'second');
    if (first.users !== second.users || first.size !== second.size)
      throw new Problem(
        'bad-data',
        `posteriors of ${first.users} users with ${first.size} dimensions and of ${second.users} with ${second.size} do not add`,
        { hint: 'give both networks the same number of latent dimensions, and the same users' },
      );
    const matches = align === 'none' ? inOrder(first) : matchColumns(columnsOf(first), columnsOf(second));
    return { posterior: latentTable(fused(first, second, matches, rho, tau)), matching: matchingTable(matches) };
  },
});

const columnsOf = ({ mean, size }: Posterior) =>
  Array.from({ length: size }, (_, dimension) => columnOf(mean, size, dimension));

/** Dimension n of one goes with dimension n of the other, and no sign turns: correlations are not even looked at. */
const inOrder = ({ size }: Posterior): readonly Match[] =>
  Array.from({ length: size }, (_, n) => ({ first: n, second: n, correlation: Number.NaN }));

function fused(first: Posterior, second: Posterior, matches: readonly Match[], rho: number, tau: number): Posterior {
  const { users, size } = second;
  const mean = new Float32Array(users * size);
  const sd = new Float32Array(users * size);
  for (const { first: from, second: to, correlation } of matches) {
    const weight = correlation < 0 ? -rho : rho;
    for (let user = 0; user < users; user++) {
      const a = user * size + from;
      const b = user * size + to;
      mean[b] = weight * first.mean[a]! + tau * second.mean[b]!;
      sd[b] = Math.hypot(rho * first.sd[a]!, tau * second.sd[b]!);
    }
  }
  return { users, size, mean, sd };
}

const matchingTable = (matches: readonly Match[]) => ({
  dimension: Uint32Array.from(matches, ({ second }) => second),
  from: Uint32Array.from(matches, ({ first }) => first),
  correlation: Float64Array.from(matches, ({ correlation }) => correlation),
});
