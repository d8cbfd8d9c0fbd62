import { Files, node } from '../../core/index.ts';
import { Ratings, Shape } from '../ports.ts';
import { type ClickDataset, clickReads, readClicks } from './clicks.ts';

/** What the files must hold; the number of clicks in train is not known to us. */
export const ml10mClicksCounts = { users: 69_166, items: 8_790, test: 83_416 };
const dataset: ClickDataset = {
  title: 'MovieLens 10M',
  folder: 'ml-10m-clicks',
  counts: { ...ml10mClicksCounts, train: null },
};

/**
 * Ratings of 4 and more of MovieLens 10M as clicks, users and films with fewer than five left out. `test` holds the last
 * min(floor(0.9 n), n - 1, 10) of a film with n. The rating is 1 in every row.
 *
 * @throws Problem bad-data for a line that is no clicks, and for files with other counts; no digest is checked
 */
export const ml10mClicks = node('datasets/ml-10m-clicks', {
  doc: 'MovieLens 10M as clicks: who rated a film 4 or more of 69,166 users and 8,790 films; at most ten of each film as the test.',
  source: 'Harper and Konstan 2015 (ACM TiiS); files as in the code of Wei et al. 2021 (KDD)',
  in: {},
  out: { train: Ratings, test: Ratings, shape: Shape },
  use: { files: Files },
  reads: () => clickReads(dataset),
  run: (_, __, { files }) => readClicks(dataset, files),
});
