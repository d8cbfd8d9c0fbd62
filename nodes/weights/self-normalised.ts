import { node, Problem } from '../../core/index.ts';
import { Weights } from '../ports.ts';

/** Weights divided by their mean over all train rows, so that they add up to the number of rows: SNIPS over the whole log. */
export const selfNormalised = node('weights/self-normalised', {
  doc: 'Weights scaled to mean 1 over the train rows.',
  source: 'Swaminathan and Joachims 2015 (self-normalised estimator)',
  in: { w: Weights },
  out: { w: Weights },
  weight: 'light',
  run({ w: { user, item, w } }) {
    let sum = 0;
    for (const weight of w) sum += weight;
    if (!(sum > 0)) throw new Problem('bad-data', 'the weights add up to nothing', { where: 'w' });
    const scale = w.length / sum;
    return { w: { user, item, w: w.map((weight) => weight * scale) } };
  },
});
