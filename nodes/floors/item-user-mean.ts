import { z } from 'zod';
import { node } from '../../core/index.ts';
import { Labels, Pairs, Scores, Shape } from '../ports.ts';
import { meanLabel, shrunkMeans, tally } from './counts.ts';

/**
 * Out: `scores`, shrunk item mean + shrunk user mean, each (sum of labels + c m) / (train rows + c) with the global mean m.
 * The sum lies in [0, 2] and is no probability. Within a user it orders items as the item mean does; a pooled AUC also
 * rewards its user part.
 */
export const itemUserMeanFloor = node('floors/item-user-mean', {
  doc: 'Scores every candidate by the shrunk mean labels of its item and of its user, added.',
  in: { train: Labels, candidates: Pairs, shape: Shape },
  out: { scores: Scores },
  config: z.strictObject({
    pseudoCounts: z
      .number()
      .nonnegative()
      .default(5)
      .describe('observations at the global mean that each item and each user starts with'),
  }),
  run({ train, candidates, shape }, { pseudoCounts }) {
    const prior = meanLabel(train.rating);
    const item = shrunkMeans(tally(train.item, shape.items, train.rating), prior, pseudoCounts);
    const user = shrunkMeans(tally(train.user, shape.users, train.rating), prior, pseudoCounts);
    const score = Float32Array.from(
      candidates.item,
      (i, row) => (item[i] as number) + user[candidates.user[row] as number]!,
    );
    return { scores: { user: candidates.user, item: candidates.item, score } };
  },
});
