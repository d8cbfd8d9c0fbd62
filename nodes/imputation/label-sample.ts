import { z } from 'zod';
import { Log, node, Problem, Rng } from '../../core/index.ts';
import { take } from '../../core/numeric/index.ts';
import { Labels } from '../ports.ts';

/**
 * A random share of a table's rows. Fed with the test set it is what the authors of several doubly robust baselines do to get
 * a prior: the method then has seen test labels, and its pipeline must say so (`usesTestLabels`).
 */
export const labelSample = node('imputation/label-sample', {
  doc: 'A seeded random share of labels.',
  source: 'code of Li et al. 2024 (ICDE): 5 % of the test labels',
  in: { labels: Labels },
  out: { sample: Labels },
  config: z.strictObject({
    share: z.number().positive().max(1).default(0.05).describe('share of the rows that is kept, rounded down'),
    seed: z.number().int().optional().describe('fixes the draw, whatever the seed of the run'),
  }),
  use: { rng: Rng, log: Log },
  stream: 'split',
  weight: 'light',
  run({ labels }, { share }, { rng, log }) {
    const rows = labels.rating.length;
    const size = Math.floor(rows * share);
    if (size === 0) throw new Problem('bad-data', `a share of ${share} of ${rows} labels is none`, { where: 'labels' });
    log.info(`${size} of ${rows} labels`);
    const { user, item, rating } = labels;
    return { sample: take({ user, item, rating }, rng.for('sample').permutation(rows).subarray(0, size).sort()) };
  },
});
