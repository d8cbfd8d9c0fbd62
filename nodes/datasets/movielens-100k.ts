import { Files, f32, i64, node, Problem, table, u32 } from '../../core/index.ts';
import { Ids, Shape } from '../ports.ts';

/** What the file must hold. */
export const movielens100kCounts = { users: 943, items: 1682, log: 100_000 };
const { users, items, log: expected } = movielens100kCounts;
const file = 'ml-100k/u.data';

/**
 * MovieLens 100K: ratings 1..5 with times in seconds since 1970, in the order of the file. Dense ids are the file's ids less
 * one; `userIds` and `itemIds` hold the file's own.
 */
export const movielens100k = node('datasets/movielens-100k', {
  doc: 'MovieLens 100K: 100,000 self-selected ratings of 943 users on 1,682 films, with times.',
  source: 'Harper and Konstan 2015 (ACM TiiS); GroupLens',
  in: {},
  out: { log: table({ user: u32, item: u32, rating: f32, time: i64 }), shape: Shape, userIds: Ids, itemIds: Ids },
  use: { files: Files },
  reads: () => [
    { name: 'ratings', path: file, sha256: '06416e597f82b7342361e41163890c81036900f418ad91315590814211dca490' },
  ],
  run: (_, __, { files }) => ({
    log: ratings(files.text('ratings')),
    shape: { users, items },
    userIds: { id: fromOne(users) },
    itemIds: { id: fromOne(items) },
  }),
});

const fromOne = (count: number) => Array.from({ length: count }, (_, n) => String(n + 1));

function ratings(text: string) {
  const user = new Uint32Array(expected);
  const item = new Uint32Array(expected);
  const rating = new Float32Array(expected);
  const time = new BigInt64Array(expected);
  const lines = text.trimEnd().split('\n');
  if (lines.length !== expected)
    throw new Problem('bad-data', `${file} holds ${lines.length} ratings, and MovieLens 100K has ${expected}`, {
      where: file,
    });
  for (const [row, line] of lines.entries()) {
    const [u, i, r, t] = line.split('\t').map(Number) as [number, number, number, number];
    if (!(u >= 1 && u <= users && i >= 1 && i <= items && r >= 1 && r <= 5 && Number.isSafeInteger(t)))
      throw new Problem('bad-data', `'${line.slice(0, 60)}' is not a rating of MovieLens 100K`, {
        where: `${file}, line ${row + 1}`,
      });
    user[row] = u - 1;
    item[row] = i - 1;
    rating[row] = r;
    time[row] = BigInt(t);
  }
  return { user, item, rating, time };
}
