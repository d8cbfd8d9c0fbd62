import { z } from 'zod';
import { Log, node } from '../../core/index.ts';
import { Propensities, Weights } from '../ports.ts';

/** Weights 1 / max(p, clip), one a train row, in the order of the propensities. Weights lie in [1, 1 / clip]. */
export const inversePropensity = node('weights/inverse-propensity', {
  doc: 'Inverse propensity weights, clipped from below.',
  source: 'Schnabel et al. 2016, eq. 4',
  in: { p: Propensities },
  out: { w: Weights },
  config: z.strictObject({
    clip: z.number().positive().max(1).default(0.05).describe('smallest propensity kept'),
  }),
  use: { log: Log },
  weight: 'light',
  run({ p: { user, item, p } }, { clip }, { log }) {
    const w = new Float32Array(p.length);
    let clipped = 0;
    let sum = 0;
    let squares = 0;
    let largest = 0;
    for (let row = 0; row < p.length; row++) {
      const kept = Math.max(p[row]!, clip);
      if (kept > p[row]!) clipped++;
      const weight = Math.fround(1 / kept);
      w[row] = weight;
      sum += weight;
      squares += weight * weight;
      if (weight > largest) largest = weight;
    }
    log.info('inverse propensity weights', {
      rows: p.length,
      clipped: clipped / Math.max(1, p.length),
      largest,
      effectiveSampleSize: squares === 0 ? 0 : (sum * sum) / squares,
    });
    return { w: { user, item, w } };
  },
});
