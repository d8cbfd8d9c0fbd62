import { z } from 'zod';
import { node } from '../../core/index.ts';
import { Ratings } from '../ports.ts';

/** Turns ratings into labels: 1 for a rating of at least `threshold`, else 0. Rows and their order stay. */
export const binarise = node('labels/binarise', {
  doc: 'Ratings of at least the threshold become 1, the others 0.',
  in: { ratings: Ratings },
  out: { labels: Ratings },
  config: z.strictObject({ threshold: z.number().describe('smallest rating that counts as positive') }),
  weight: 'light',
  run: ({ ratings }, { threshold }) => {
    const rating = ratings.rating.map((value) => (value >= threshold ? 1 : 0));
    const { user, item, time } = ratings;
    return { labels: time === undefined ? { user, item, rating } : { user, item, rating, time } };
  },
});
