import { z } from 'zod';
import { node } from '../../core/index.ts';
import { Labels, Shape } from '../ports.ts';
import { checkAllPairs } from './soft-preference.ts';

/**
 * What predictions for all pairs are measured against. `fixed`: the preference of the same pair. `as-coded`: the authors'
 * evaluator lists predictions by user and item and the preferences by item and user, and compares the n-th of one with the
 * n-th of the other, so that nearly every pair is judged by another pair's preference; a perfect prediction then looks worse
 * than a constant.
 */
export const softTruth = node('datasets/soft-truth', {
  doc: "The truth of semi-synthetic data for all pairs, or the misaligned one of the authors' evaluator.",
  source: 'Li et al. 2024 (ICDE), notebooks',
  in: { preference: Labels, shape: Shape },
  out: { test: Labels },
  config: z.strictObject({
    axis: z
      .enum(['fixed', 'as-coded'])
      .default('fixed')
      .describe('compare each pair with itself, or the n-th by user with the n-th by item'),
  }),
  run({ preference, shape: { users, items } }, { axis }) {
    checkAllPairs(preference, users, items);
    const { user, item, rating } = preference;
    const byItem = (_: number, n: number) => rating[(n % users) * items + Math.floor(n / users)]!;
    return { test: { user, item, rating: axis === 'fixed' ? rating : rating.map(byItem) } };
  },
});
