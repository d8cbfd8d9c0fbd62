import { z } from 'zod';
import { node, Problem } from '../../core/index.ts';
import { TrueLatents } from '../datasets/confounded.ts';
import { Evaluation, Metrics } from '../ports.ts';
import { matchColumns } from '../statistics/matching.ts';
import { midRanks } from '../statistics/mid-ranks.ts';
import { columnOf, posteriorOf } from './latents.ts';
import { Latents } from './ports.ts';

/**
 * The mean correlation coefficient of estimated latents with true ones: the absolute correlations over users of every true with
 * every estimated dimension (posterior means), a one-to-one matching of them with the largest sum, and the mean over the matched
 * ones, in [0, 1]. It does not depend on the order, the signs or the scale of the estimated dimensions; a constant one correlates
 * with nothing. Where there are fewer estimated than true dimensions, a true one without a match counts 0.
 *
 * @throws Problem bad-data when the two are not about the same users
 */
export const mcc = node('exposure/mcc', {
  doc: 'How well a posterior recovers true latents: mean absolute correlation under the best matching of dimensions.',
  source: 'Hyvarinen and Morioka 2016; Khemakhem et al. 2020 (iVAE), code',
  in: { posterior: Latents, latents: TrueLatents, evaluation: Evaluation },
  out: { metrics: Metrics },
  config: z.strictObject({
    correlation: z.enum(['pearson', 'spearman']).default('pearson').describe('of values, or of their ranks'),
  }),
  weight: 'light',
  run({ posterior, latents, evaluation }, { correlation }) {
    const estimated = posteriorOf(posterior, 'posterior');
    const size = latents.dimension.reduce((a, b) => Math.max(a, b), 0) + 1;
    if (latents.user.length !== estimated.users * size)
      throw new Problem('bad-data', `${latents.user.length} true latents for ${estimated.users} users`, {
        where: 'latents',
        hint: 'both must hold every user of the data set once, in the same order',
      });
    const ranked = (column: ArrayLike<number>) =>
      correlation === 'spearman' ? midRanks(Float64Array.from(column)).ranks : column;
    const truth = Array.from({ length: size }, (_, d) =>
      ranked(Array.from({ length: estimated.users }, (_, u) => latents.value[u * size + d] as number)),
    );
    const found = Array.from({ length: estimated.size }, (_, d) => ranked(columnOf(estimated.mean, estimated.size, d)));
    const matched = matchColumns(found, truth).reduce((sum, match) => sum + Math.abs(match.correlation), 0);
    return {
      metrics: {
        metric: ['mcc'],
        k: new Uint32Array(1),
        definition: [correlation === 'pearson' ? evaluation.name : `${evaluation.name}{correlation=spearman}`],
        value: Float64Array.of(matched / size),
        reason: [''],
      },
    };
  },
});
