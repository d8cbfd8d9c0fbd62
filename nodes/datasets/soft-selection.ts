import { z } from 'zod';
import { Log, node, Problem, Rng } from '../../core/index.ts';
import { exp, log as ln } from '../learning/kernels/elementary.ts';
import { Indicators, Labels, Propensities, Shape } from '../ports.ts';
import { checkAllPairs } from './soft-preference.ts';

/**
 * Who is observed, when preference itself decides: p = (2^eta - 1)^rho, each pair observed independently with probability
 * p. Labels are eta itself (`soft`, as in the authors' code: no noise) or drawn with probability eta (`bernoulli`, as in
 * the paper), independently of the observation given eta.
 *
 * `train` has the observed pairs by item, then user (the file order of the authors), `truth` their p. `indicator` has for
 * train row n whether the n-th of *all* pairs, by user and item, is observed: an unrelated pair. The authors' DT methods
 * read it as the indicator of row n.
 *
 * The same seed draws the same random number for a pair under every rho, so that a larger rho observes a subset.
 */
export const softSelection = node('datasets/soft-selection', {
  doc: 'Observes pairs with probability (2^eta - 1)^rho and labels them, softly or by a draw.',
  source: 'Li et al. 2024 (ICDE), section VI.A and code',
  in: { preference: Labels, shape: Shape },
  out: { train: Labels, truth: Propensities, indicator: Indicators },
  config: z.strictObject({
    rho: z.number().positive().default(1).describe('how sharply preference decides; fewer pairs with a larger one'),
    labels: z.enum(['soft', 'bernoulli']).default('soft').describe('labels are eta itself, or 1 with probability eta'),
    seed: z.number().int().nonnegative().optional().describe('fixes the seed of this step, whatever the run says'),
  }),
  use: { rng: Rng, log: Log },
  stream: 'split',
  run({ preference, shape }, { rho, labels }, { rng, log }) {
    const { users, items } = shape;
    checkAllPairs(preference, users, items);
    const eta = preference.rating;
    const seen = rng.for('observed');
    const observed = new Uint8Array(eta.length);
    const probability = new Float32Array(eta.length);
    let rows = 0;
    for (let pair = 0; pair < eta.length; pair++) {
      const p = exp(rho * ln(exp(Math.LN2 * eta[pair]!) - 1));
      probability[pair] = p;
      if (seen.uniform() < p) rows += observed[pair] = 1;
    }
    if (rows === 0) throw new Problem('bad-data', 'no pair is observed', { hint: 'choose a smaller `rho`' });
    const drawn = rng.for('labels');
    const user = new Uint32Array(rows);
    const item = new Uint32Array(rows);
    const rating = new Float32Array(rows);
    const p = new Float32Array(rows);
    for (let i = 0, row = 0; i < items; i++)
      for (let u = 0; u < users; u++) {
        const pair = u * items + i;
        const positive = labels === 'bernoulli' && drawn.uniform() < eta[pair]!; // drawn for all, so that rho moves none
        if (observed[pair] === 0) continue;
        user[row] = u;
        item[row] = i;
        p[row] = probability[pair]!;
        rating[row++] = labels === 'soft' ? eta[pair]! : positive ? 1 : 0;
      }
    log.info(`${rows} of ${eta.length} pairs are observed`);
    return {
      train: { user, item, rating },
      truth: { user, item, p },
      indicator: { user, item, o: Float32Array.from(observed.subarray(0, rows)) },
    };
  },
});
