import { z } from 'zod';
import { json, node, Problem } from '../../core/index.ts';
import { Labels, Weights } from '../ports.ts';

/** The weight of a negative and of a positive row. */
export const LabelWeights = json(z.strictObject({ negative: z.number().positive(), positive: z.number().positive() }));

/**
 * The two numbers behind weights that depend on the label alone, such as those of a naive Bayes propensity.
 * @throws Problem bad-data when rows of one label have different weights, or a label has no row
 */
export const labelWeights = node('weights/label-weights', {
  doc: 'The weight of each label, for weights that depend on nothing else.',
  in: { train: Labels, w: Weights },
  out: { byLabel: LabelWeights },
  weight: 'light',
  run({ train, w }) {
    const of = (positive: boolean, name: string): number => {
      const rows = w.w.filter((_, row) => (train.rating[row] as number) >= 0.5 === positive);
      const [first] = rows;
      if (first === undefined)
        throw new Problem('bad-data', `no train row is ${name}, so there is no weight for that label`, {
          where: 'train',
        });
      if (rows.some((weight) => weight !== first))
        throw new Problem('bad-data', `${name} rows have different weights, ${first} and others`, {
          where: 'w',
          hint: 'make the weights from propensity/naive-bayes, which knows the label alone',
        });
      return first;
    };
    return { byLabel: { negative: of(false, 'negative'), positive: of(true, 'positive') } };
  },
});
