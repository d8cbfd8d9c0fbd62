import { node } from '../../core/index.ts';
import { popularityOf } from '../evaluation/popularity/groups.ts';
import { Pairs, Scores, Shape } from '../ports.ts';

/** Out: `scores`, minus the number of train rows of each candidate's item; they order items and are no probabilities. */
export const leastPopularFloor = node('floors/least-popular', {
  doc: 'Scores every candidate by how rarely its item occurs in the training set.',
  in: { train: Pairs, candidates: Pairs, shape: Shape },
  out: { scores: Scores },
  run({ train, candidates, shape }) {
    const rows = popularityOf(train.item, shape.items);
    const score = Float32Array.from(candidates.item, (item) => -rows[item]!);
    return { scores: { user: candidates.user, item: candidates.item, score } };
  },
});
