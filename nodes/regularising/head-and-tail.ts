import { z } from 'zod';
import { part } from '../../core/method.ts';
import { type Regulariser, representation, tableOf } from '../learning/composition.ts';
import { Params } from '../ports.ts';

/**
 * Draws the vectors of popular and of other items together: weight times the mean over pairs (i popular, j not) of |q_i - q_j|^2,
 * which is tr(Q' L Q) / (pairs) with the Laplacian of the dissimilarity D_ij = 1 where one of the two is popular, 0 else. On the
 * 0-th layer where a backbone propagates.
 *
 * A reconstruction: Wei et al. give the coefficient, and neither D nor who is popular; the form tr(Q' L Q) is that of Abdollahpouri
 * et al. Who is popular is the choice of propensity/popular-items.
 */
export const headAndTail = part('regularising/head-and-tail', {
  slot: 'regulariser',
  doc: 'The mean squared distance between vectors of popular and of other items.',
  source: 'Abdollahpouri et al. 2017 (RecSys), reconstructed; coefficient of Wei et al. 2021 (KDD)',
  in: { popular: Params },
  config: z.strictObject({}),
  build: (): Regulariser => ({
    tables: { sets: { rows: 'item', width: 2, start: { given: 'popular', tensor: 'sets' } } },
    penalties: (k, weight) => {
      const { item } = representation(k, 'regularising/head-and-tail');
      return [{ weight, on: 'table', betweenSets: [tableOf(item), 'sets'] }];
    },
  }),
});
