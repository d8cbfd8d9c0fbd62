import { Files, node } from '../../core/index.ts';
import { Ratings, Shape } from '../ports.ts';
import { type ClickDataset, clickReads, readClicks } from './clicks.ts';

/** What the files must hold; the number of clicks in train is not known to us. */
export const gowallaCounts = { users: 29_858, items: 40_981, test: 204_905 };
const dataset: ClickDataset = { title: 'Gowalla', folder: 'gowalla', counts: { ...gowallaCounts, train: null } };

/**
 * Check-ins of users at places. `test` holds five check-ins of every place, `train` the rest. The rating is 1 in every row.
 *
 * @throws Problem bad-data for a line that is no clicks, and for files with other counts; no digest is checked
 */
export const gowalla = node('datasets/gowalla', {
  doc: 'Gowalla: check-ins of 29,858 users at 40,981 places, and five check-ins of each place as the test.',
  source: 'Cho et al. 2011 (KDD); files as in the code of Wei et al. 2021 (KDD)',
  in: {},
  out: { train: Ratings, test: Ratings, shape: Shape },
  use: { files: Files },
  reads: () => clickReads(dataset),
  run: (_, __, { files }) => readClicks(dataset, files),
});
