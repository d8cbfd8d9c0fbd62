/** IPS with the true propensities: what weighting can do at best, where a simulation knows them. */

import { Propensities } from '../../nodes/ports.ts';
import { givenPropensity } from '../../nodes/propensity/given.ts';
import { ips } from './ips.ts';

export const ipsOracle = ips
  .as('ips-oracle', { doc: 'IPS with the true propensities of a simulation.', needs: { truth: Propensities } })
  .rewire('propensity', givenPropensity, (up) => ({ train: up.train, given: up.truth, shape: up.shape }));
