import { node } from '../../core/index.ts';
import { Pairs } from '../ports.ts';

/** The rated test pairs as candidates: what is ranked for a user are the items that they rated in the test set. */
export const ratedCandidates = node('candidates/rated', {
  doc: 'The test pairs themselves.',
  in: { test: Pairs },
  out: { pairs: Pairs },
  weight: 'light',
  run: ({ test }) => ({ pairs: { user: test.user, item: test.item } }),
});
