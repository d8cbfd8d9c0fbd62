import { node } from '../../core/index.ts';
import { Pairs, Scores, Shape } from '../ports.ts';

/** Out: `scores`, the number of train rows of each candidate's item; they order items and are no probabilities. */
export const popularityFloor = node('floors/popularity', {
  doc: 'Scores every candidate by how often its item occurs in the training set.',
  in: { train: Pairs, candidates: Pairs, shape: Shape },
  out: { scores: Scores },
  run({ train, candidates, shape }) {
    const count = new Float64Array(shape.items);
    for (const item of train.item) count[item]! += 1;
    const score = Float32Array.from(candidates.item, (item) => count[item] as number);
    return { scores: { user: candidates.user, item: candidates.item, score } };
  },
});
