import { Cancel, node, Problem } from '../../core/index.ts';
import { Numeric } from '../learning/kernels/numeric.ts';
import { scorer } from '../learning/serve.ts';
import { Pairs, Params, Scores } from '../ports.ts';

const atOnce = 1 << 18;

/** Scores of candidate pairs, in their order. For methods that train a probability the score is that probability. */
export const score = node('scoring/score', {
  doc: 'Scores candidate pairs with a trained model.',
  in: { model: Params, candidates: Pairs },
  out: { scores: Scores },
  use: { cancel: Cancel, numeric: Numeric },
  run({ model, candidates: { user, item } }, _, { cancel, numeric }) {
    const { users, items, score } = scorer(model, numeric);
    for (let r = 0; r < user.length; r++)
      if (user[r]! >= users || item[r]! >= items)
        throw new Problem(
          'bad-data',
          `the model knows ${users} users and ${items} items, and a candidate is user ${user[r]}, item ${item[r]}`,
          {
            where: `candidates, row ${r}`,
            hint: 'train and candidates must share one shape',
          },
        );
    const scores = new Float32Array(user.length);
    for (let from = 0; from < user.length; from += atOnce) {
      cancel.check();
      const to = Math.min(from + atOnce, user.length);
      score(user.subarray(from, to), item.subarray(from, to), scores.subarray(from, to));
    }
    return { scores: { user, item, score: scores } };
  },
});
