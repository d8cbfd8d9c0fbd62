import { node, Problem } from '../../core/index.ts';
import { Labels, Prior } from '../ports.ts';

/** The mean label: a constant imputation for every pair, also where labels are soft (any number in [0, 1]). */
export const meanLabel = node('imputation/mean-label', {
  doc: 'The mean label, soft labels included, as the imputed label of every pair.',
  in: { labels: Labels },
  out: { prior: Prior },
  weight: 'light',
  run({ labels: { rating } }) {
    if (rating.length === 0) throw new Problem('bad-data', 'there is no label to take a mean of', { where: 'labels' });
    let sum = 0;
    for (let row = 0; row < rating.length; row++) {
      if (!(rating[row]! >= 0 && rating[row]! <= 1))
        throw new Problem('bad-data', `a label is ${rating[row]}, and must lie between 0 and 1`, {
          where: `labels, row ${row}`,
          hint: 'put labels/binarise before this step',
        });
      sum += rating[row]!;
    }
    return { prior: { positive: sum / rating.length } };
  },
});
