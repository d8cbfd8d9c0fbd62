import { z } from 'zod';
import { Log, node, Problem } from '../../core/index.ts';
import { Labels, Propensities, Shape } from '../ports.ts';

/**
 * P(observed | rating = r) = P(r | observed) P(observed) / P(r): the first from the train table, the last from ratings of
 * uniformly chosen pairs. One propensity a rating value; values above 1 (a small uniform sample can give them) become 1.
 *
 * @throws Problem bad-data when a rating of the train table never occurs in the uniform one and `smoothing` is 0
 */
export const naiveBayes = node('propensity/naive-bayes', {
  doc: 'Naive Bayes: how much more often each rating is observed than it occurs in a uniform sample.',
  source: 'Schnabel et al. 2016, section 5.1; Marlin and Zemel 2009',
  in: { train: Labels, uniform: Labels, shape: Shape },
  out: { p: Propensities },
  config: z.strictObject({
    pairs: z
      .enum(['all', 'largest-ids'])
      .default('all')
      .describe(
        'what P(observed) is a share of: all pairs, or the product of the largest ids (code that counts from 0)',
      ),
    smoothing: z.number().nonnegative().default(0).describe('pseudo-count of every rating value in both samples'),
  }),
  use: { log: Log },
  weight: 'light',
  run({ train, uniform, shape }, { smoothing, pairs }, { log }) {
    if (uniform.rating.length === 0)
      throw new Problem('bad-data', 'the uniform sample is empty', {
        where: 'uniform',
        hint: 'use a protocol that keeps a uniform slice, such as coat-5-5-90',
      });
    const observed = counts(train.rating);
    const everywhere = counts(uniform.rating);
    const values = [...new Set([...observed.keys(), ...everywhere.keys()])];
    const all = pairs === 'all' ? shape.users * shape.items : largest(train.user) * largest(train.item);
    const rate = train.user.length / all;
    const share = (of: Map<number, number>, value: number, total: number) =>
      ((of.get(value) ?? 0) + smoothing) / (total + smoothing * values.length);
    const byValue = new Map<number, number>();
    for (const value of values) {
      const prior = share(everywhere, value, uniform.rating.length);
      const likelihood = share(observed, value, train.rating.length);
      if (prior === 0)
        throw new Problem(
          'bad-data',
          `rating ${value} occurs in train and never in the uniform sample of ${uniform.rating.length} ratings`,
          {
            where: 'uniform',
            hint: 'set smoothing above 0, or give a larger uniform sample',
          },
        );
      byValue.set(value, Math.min(1, (likelihood * rate) / prior));
    }
    log.info('propensity by rating', Object.fromEntries(byValue));
    return { p: { user: train.user, item: train.item, p: train.rating.map((value) => byValue.get(value) as number) } };
  },
});

const largest = (ids: Uint32Array): number => ids.reduce((a, b) => Math.max(a, b), 0);

function counts(values: Float32Array): Map<number, number> {
  const found = new Map<number, number>();
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1);
  return found;
}
