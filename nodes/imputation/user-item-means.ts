import { z } from 'zod';
import { node } from '../../core/index.ts';
import { Labels, PseudoLabels, Shape } from '../ports.ts';
import { allPairs } from './all-pairs.ts';

/**
 * Imputed label of every pair: mean label of the user + mean label of the item - overall mean, cut to [0, 1]. Both means are
 * shrunk to the overall one by `pseudo` counts, so users and items without a label get it.
 */
export const userItemMeans = node('imputation/user-item-means', {
  doc: 'Imputes every label from shrunk user and item means.',
  in: { train: Labels, shape: Shape },
  out: { labels: PseudoLabels },
  config: z.strictObject({
    pseudo: z.number().nonnegative().default(5).describe('pseudo-counts at the overall mean'),
  }),
  run({ train, shape }, { pseudo }) {
    let total = 0;
    for (const label of train.rating) total += label;
    const overall = train.rating.length === 0 ? 0.5 : total / train.rating.length;
    const ofUser = shrunkMeans(train.user, train.rating, shape.users, overall, pseudo);
    const ofItem = shrunkMeans(train.item, train.rating, shape.items, overall, pseudo);
    return {
      labels: allPairs(shape, (u, labels) => {
        for (let i = 0; i < labels.length; i++) labels[i] = Math.min(1, Math.max(0, ofUser[u]! + ofItem[i]! - overall));
      }),
    };
  },
});

function shrunkMeans(
  ids: Uint32Array,
  values: Float32Array,
  groups: number,
  overall: number,
  pseudo: number,
): Float64Array {
  const sum = new Float64Array(groups).fill(pseudo * overall);
  const count = new Float64Array(groups).fill(pseudo);
  for (let row = 0; row < ids.length; row++) {
    sum[ids[row]!]! += values[row]!;
    count[ids[row]!]!++;
  }
  return sum.map((s, group) => (count[group] === 0 ? overall : s / count[group]!));
}
