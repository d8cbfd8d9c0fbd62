import { z } from 'zod';
import { node } from '../../core/index.ts';
import { Labels, Pairs, Scores, Shape } from '../ports.ts';
import { meanLabel, shrunkMeans, tally } from './counts.ts';

/** Out: `scores`, (sum of the item's labels + c m) / (its train rows + c) with the global mean m and c pseudo-counts. */
export const itemMeanFloor = node('floors/item-mean', {
  doc: 'Scores every candidate by the shrunk mean label of its item in the training set.',
  in: { train: Labels, candidates: Pairs, shape: Shape },
  out: { scores: Scores },
  config: z.strictObject({
    pseudoCounts: z
      .number()
      .nonnegative()
      .default(5)
      .describe('observations at the global mean that each item starts with'),
  }),
  run({ train, candidates, shape }, { pseudoCounts }) {
    const mean = shrunkMeans(tally(train.item, shape.items, train.rating), meanLabel(train.rating), pseudoCounts);
    const score = Float32Array.from(candidates.item, (item) => mean[item] as number);
    return { scores: { user: candidates.user, item: candidates.item, score } };
  },
});
