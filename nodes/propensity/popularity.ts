import { z } from 'zod';
import { node } from '../../core/index.ts';
import { Pairs, Propensities, Shape } from '../ports.ts';

/** p = (count of the item / largest count) ^ exponent: a relative propensity, 1 for the most popular item. */
export const popularityPropensity = node('propensity/popularity', {
  doc: 'A power law of item popularity, relative to the most popular item.',
  source: 'Saito et al. 2020 (WSDM), section 5.1.2 (exponent 0.5)',
  in: { train: Pairs, shape: Shape },
  out: { p: Propensities },
  config: z.strictObject({
    exponent: z.number().nonnegative().default(0.5).describe('0: no correction; 1: proportional to the count'),
  }),
  weight: 'light',
  run({ train, shape }, { exponent }) {
    const count = new Uint32Array(shape.items);
    for (const item of train.item) count[item]!++;
    let largest = 1;
    for (const n of count) if (n > largest) largest = n;
    const p = new Float32Array(train.item.length);
    for (let row = 0; row < p.length; row++) p[row] = (count[train.item[row]!]! / largest) ** exponent;
    return { p: { user: train.user, item: train.item, p } };
  },
});
