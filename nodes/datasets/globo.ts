import { Files, node } from '../../core/index.ts';
import { Ratings, Shape } from '../ports.ts';
import { type ClickDataset, clickReads, readClicks } from './clicks.ts';

/** What the files must hold; the number of clicks in train is not known to us. */
export const globoCounts = { users: 158_323, items: 12_005, test: 106_731 };
const dataset: ClickDataset = { title: 'Globo', folder: 'globo', counts: { ...globoCounts, train: null } };

/**
 * Clicks on news of Globo.com. `test` holds the last min(floor(0.9 n), n - 1, 10) clicks of an article with n clicks; some of
 * its rows repeat a pair, and every repetition counts in the length of a reader's test list. The rating is 1 in every row.
 *
 * @throws Problem bad-data for a line that is no clicks, and for files with other counts; no digest is checked
 */
export const globo = node('datasets/globo', {
  doc: 'Globo.com: clicks of 158,323 readers on 12,005 news articles, and at most ten clicks of each article as the test.',
  source: 'de Souza Pereira Moreira et al. 2018 (DLRS); files as in the code of Wei et al. 2021 (KDD)',
  in: {},
  out: { train: Ratings, test: Ratings, shape: Shape },
  use: { files: Files },
  reads: () => clickReads(dataset),
  run: (_, __, { files }) => readClicks(dataset, files),
});
