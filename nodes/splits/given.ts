import { Log, node, optional } from '../../core/index.ts';
import { Ratings } from '../ports.ts';
import { count, emptyPart, type RatingsView, reportCold } from './parts.ts';

/**
 * Parts that come divided: they pass as they are. Says how many test users and items train does not know, and how many test
 * rows are of pairs that train knows, which makes a result look better than it is.
 *
 * @throws Problem bad-data when there is no test part, or a part has no row
 */
export const givenSplit = node('splits/given', {
  doc: 'Train, validation and test as the data set brings them.',
  in: { train: Ratings, test: optional(Ratings), validation: optional(Ratings) },
  out: { train: Ratings, test: Ratings, validation: optional(Ratings) },
  use: { log: Log },
  run({ train, test, validation }, _, { log }) {
    if (test === undefined || test.user.length === 0) throw emptyPart('test', test?.user.length ?? 0);
    if (train.user.length === 0) throw emptyPart('train', 0);
    if (validation?.user.length === 0) throw emptyPart('validation', 0);
    reportCold(log, train, test);
    reportKnown(log, train, test);
    return validation === undefined ? { train, test } : { train, test, validation };
  },
});

/** One number a pair, exact below 2^53. */
function pairsOf({ user, item }: RatingsView, width: number): Float64Array {
  const pairs = new Float64Array(user.length);
  for (let row = 0; row < pairs.length; row++) pairs[row] = user[row]! * width + item[row]!;
  return pairs;
}

function reportKnown(log: { warn(message: string, fields?: object): void }, train: RatingsView, test: RatingsView) {
  let width = 1;
  for (const { item } of [train, test]) for (const i of item) if (i >= width) width = i + 1;
  const known = new Set(pairsOf(train, width));
  let rows = 0;
  for (const pair of pairsOf(test, width)) if (known.has(pair)) rows++;
  if (rows > 0)
    log.warn(`${count(rows, 'test row')} of pairs that train knows; they are kept, and flatter every method`, { rows });
}
