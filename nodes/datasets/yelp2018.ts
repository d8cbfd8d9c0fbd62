import { Files, node } from '../../core/index.ts';
import { Ratings, Shape } from '../ports.ts';
import { type ClickDataset, clickReads, readClicks } from './clicks.ts';

/** What the files must hold; the number of clicks in train is not known to us. */
export const yelp2018Counts = { users: 31_668, items: 38_048, test: 190_240 };
const dataset: ClickDataset = { title: 'Yelp 2018', folder: 'yelp2018', counts: { ...yelp2018Counts, train: null } };

/**
 * Reviews read as visits. `test` holds five visits of every business, `train` the rest. The rating is 1 in every row.
 *
 * @throws Problem bad-data for a line that is no clicks, and for files with other counts; no digest is checked
 */
export const yelp2018 = node('datasets/yelp2018', {
  doc: 'Yelp 2018: visits of 31,668 users to 38,048 businesses, and five visits of each business as the test.',
  source: 'Yelp Dataset Challenge 2018; files as in the code of Wei et al. 2021 (KDD)',
  in: {},
  out: { train: Ratings, test: Ratings, shape: Shape },
  use: { files: Files },
  reads: () => clickReads(dataset),
  run: (_, __, { files }) => readClicks(dataset, files),
});
