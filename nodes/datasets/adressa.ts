import { Files, node } from '../../core/index.ts';
import { Ratings, Shape } from '../ports.ts';
import { type ClickDataset, clickReads, readClicks } from './clicks.ts';

/** What the files must hold. */
export const adressaCounts = { users: 13_485, items: 744, train: 113_345, test: 2_976 };
const dataset: ClickDataset = {
  title: 'Adressa',
  folder: 'adressa',
  counts: adressaCounts,
  sha256: {
    train: 'c6828d85ca310a03d287d68781e53fe61b7112851b325e72d50b432dd28c4c81',
    test: '9f17f82e9f738bc08ae7a4c70cf3b25e685afe84f0db28152f96732224889348',
  },
};

/**
 * Clicks of 13,485 readers on 744 news articles. `test` holds the latest four clicks of every article, so that each article
 * counts as much as any other, `train` the rest; the files keep no times. The rating is 1 in every row. Ids are those of the
 * files, rows in their order. Reader 13,478 has no row in train.
 */
export const adressa = node('datasets/adressa', {
  doc: 'Adressa: 113,345 clicks on news, and four clicks of each of the 744 articles as the test.',
  source: 'Gulla et al. 2017 (WI); files as in the code of Wei et al. 2021 (KDD)',
  in: {},
  out: { train: Ratings, test: Ratings, shape: Shape },
  use: { files: Files },
  reads: () => clickReads(dataset),
  run: (_, __, { files }) => readClicks(dataset, files),
});
