/** IPS with other propensities than the factorised one: from counts, from a uniform sample, from a table, or true ones. */
import { Propensities, Ratings } from '../../nodes/ports.ts';
import { givenPropensity } from '../../nodes/propensity/given.ts';
import { naiveBayes } from '../../nodes/propensity/naive-bayes.ts';
import { observationRates } from '../../nodes/propensity/observation-rates.ts';
import { popularityPropensity } from '../../nodes/propensity/popularity.ts';
import { whyUniform } from '../needs.ts';
import { ips } from './ips.ts';

/** Relative propensities, 1 for the most popular item: weights near 1, and so less decay than where they are near 10. */
export const ipsPopularity = ips
  .as('ips-popularity', {
    doc: 'Inverse propensity scoring by item popularity, a power law relative to the most popular item.',
  })
  .replace('propensity', popularityPropensity, { exponent: 0.5 })
  .configure({ model: { l2: 1e-4 } });

export const ipsObservationRates = ips
  .as('ips-observation-rates', {
    doc: 'Inverse propensity scoring by how often the user rates times how often the item is rated.',
  })
  .replace('propensity', observationRates, { by: 'both' });

export const ipsNaiveBayes = ips
  .as('ips-naive-bayes', {
    doc: 'Inverse propensity scoring by naive Bayes: how much more often a rating is observed than a uniform sample has it.',
    needs: { uniform: Ratings },
    reasons: whyUniform,
  })
  .rewire('propensity', naiveBayes, (up) => ({ train: up.train, uniform: up.uniform, shape: up.shape }), {
    smoothing: 1,
  })
  .settings({ coat: { protocol: 'coat-5-5-90', model: { width: 16, batch: 128, rate: 0.01, l2: 1e-3 } } });

export const ipsGiven = ips
  .as('ips-given', {
    doc: 'Inverse propensity scoring by propensities that come with the data.',
    needs: { propensities: Propensities },
    reasons: { propensities: 'they are read and not learnt' },
  })
  .rewire('propensity', givenPropensity, (up) => ({ train: up.train, given: up.propensities, shape: up.shape }))
  .settings({
    coat: { protocol: 'coat-published-propensities', model: { width: 16, batch: 128, rate: 0.01, l2: 1e-3 } },
  });

/** What no method on real data can have. Against it, a learnt propensity shows how much is lost by learning it. */
export const ipsOracle = ips
  .as('ips-oracle', {
    doc: 'Inverse propensity scoring by the true propensities of a simulation.',
    needs: { truth: Propensities },
    reasons: { truth: 'only a simulation knows the true propensities' },
  })
  .rewire('propensity', givenPropensity, (up) => ({ train: up.train, given: up.truth, shape: up.shape }));
