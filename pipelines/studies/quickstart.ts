/** What `counterpoise run quickstart` shows: the first thing that anybody sees of this tool. */
import { study } from '../../core/index.ts';
import { ips } from '../dt/ips.ts';
import { ipsOracle } from '../dt/ips-propensities.ts';
import { mf } from '../dt/mf.ts';
import { simulation } from '../protocols/simulation.ts';

/**
 * A naive model beside two debiased ones, on simulated ratings that depend on themselves. With the *true* propensities
 * weighting mends what selection broke. Propensities fitted to who rated what cannot see that the rating itself decides
 * whether it is given: weighting with them helps the log loss a little and costs AUC, and the table says so.
 */
export const quickstart = study('quickstart', {
  doc: 'Naive, inverse propensities estimated, and inverse propensities known, on a simulation with known truth.',
  methods: [mf, ips, ipsOracle],
  on: simulation,
  seeds: [1, 2, 3],
});
