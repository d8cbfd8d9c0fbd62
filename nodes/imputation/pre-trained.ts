import { Cancel, node, Problem } from '../../core/index.ts';
import { Numeric } from '../learning/kernels/numeric.ts';
import { scorer } from '../learning/serve.ts';
import { Params, PseudoLabels, Shape } from '../ports.ts';
import { allPairs } from './all-pairs.ts';

/** Imputed label of every pair: the probability that a trained model gives it. */
export const preTrained = node('imputation/pre-trained', {
  doc: 'Imputes every label with the scores of a trained model.',
  in: { model: Params, shape: Shape },
  out: { labels: PseudoLabels },
  use: { cancel: Cancel, numeric: Numeric },
  run({ model, shape }, _, { cancel, numeric }) {
    const { users, items, score } = scorer(model, numeric);
    if (users !== shape.users || items !== shape.items)
      throw new Problem(
        'bad-data',
        `the model knows ${users} users and ${items} items, the data set has ${shape.users} and ${shape.items}`,
        { where: 'model' },
      );
    const user = new Uint32Array(items);
    const item = Uint32Array.from({ length: items }, (_, i) => i);
    return {
      labels: allPairs(shape, (u, labels) => {
        if ((u & 255) === 0) cancel.check();
        score(user.fill(u), item, labels);
        for (let i = 0; i < labels.length; i++)
          if (!(labels[i]! >= 0 && labels[i]! <= 1))
            throw new Problem('bad-data', `the model scores a pair ${labels[i]}, which is no probability`, {
              where: `user ${u}, item ${i}`,
            });
      }),
    };
  },
});
