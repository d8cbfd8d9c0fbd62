import { node, Problem } from '../../core/index.ts';
import { Labels, Prior } from '../ports.ts';

/** The share of positive labels: a constant imputation for every pair. Labels are 0 or 1. */
export const prior = node('imputation/prior', {
  doc: 'The share of positive labels, as the imputed label of every pair.',
  in: { labels: Labels },
  out: { prior: Prior },
  weight: 'light',
  run({ labels: { rating } }) {
    if (rating.length === 0)
      throw new Problem('bad-data', 'there is no label to take a prior from', { where: 'labels' });
    let positive = 0;
    for (let row = 0; row < rating.length; row++) {
      if (rating[row] !== 0 && rating[row] !== 1)
        throw new Problem('bad-data', `a label is ${rating[row]}, and must be 0 or 1`, {
          where: `labels, row ${row}`,
          hint: 'put labels/binarise before this step',
        });
      positive += rating[row]!;
    }
    return { prior: { positive: positive / rating.length } };
  },
});
