import { Files, node } from '../../core/index.ts';
import { Ids, Ratings, Shape } from '../ports.ts';
import { checkCounts, type TripleCounts, type TripleFormat, triples } from './triples.ts';

/** What the files must hold. */
export const yahooR3Counts = { users: 15_400, items: 1_000, log: 311_704, uniform: 54_000 };
const { users, items } = yahooR3Counts;
const format = (part: 'train' | 'test'): TripleFormat => ({
  file: `yahoo/ydata-ymusic-rating-study-v1_0-${part}.txt`,
  dataset: 'Yahoo! R3',
  separator: '\t',
  firstId: 1,
  users,
  items,
  accepts: (value) => Number.isInteger(value) && value >= 1 && value <= 5,
});
/** The licence keeps the files from those who did not sign it, so they are known by their counts and not by a digest. */
const counts: Readonly<Record<'train' | 'test', TripleCounts>> = {
  train: { rows: yahooR3Counts.log, users, ratings: [97_844, 39_652, 49_131, 48_480, 76_597] },
  test: { rows: yahooR3Counts.uniform, users: 5_400, ratings: [28_417, 13_064, 7_770, 3_371, 1_378] },
};

/**
 * Yahoo! R3 music ratings 1..5: `log` is what users chose to rate (10 and more each), `uniform` what 5,400 of them were asked
 * to rate at random (10 each). Rows in the order of the files. Dense ids are the files' ids less one; `userIds` and
 * `itemIds` hold the files' own.
 *
 * @throws Problem bad-data for a line that is no rating, and for files with other counts than the data set's; no digest is
 * checked
 */
export const yahooR3 = node('datasets/yahoo-r3', {
  doc: 'Yahoo! R3: 311,704 self-selected and 54,000 uniformly random ratings of 15,400 users on 1,000 songs.',
  source: 'Marlin and Zemel 2009 (RecSys); Yahoo! Webscope, licence required',
  in: {},
  out: { log: Ratings, uniform: Ratings, shape: Shape, userIds: Ids, itemIds: Ids },
  use: { files: Files },
  reads: () => [
    { name: 'train', path: format('train').file },
    { name: 'test', path: format('test').file },
  ],
  run: (_, __, { files }) => {
    const read = (part: 'train' | 'test') => {
      const rows = triples(files.bytes(part), format(part));
      checkCounts(rows, counts[part], format(part));
      return rows;
    };
    return {
      log: read('train'),
      uniform: read('test'),
      shape: { users, items },
      userIds: { id: fromOne(users) },
      itemIds: { id: fromOne(items) },
    };
  },
});

const fromOne = (count: number) => Array.from({ length: count }, (_, n) => String(n + 1));
