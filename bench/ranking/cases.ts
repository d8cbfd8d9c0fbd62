/** Models and clicks to rank with: random, of the sizes that the comparison is about. */
import { randomOf } from '../../core/numeric/index.ts';

export interface RankingCase {
  readonly users: number;
  readonly items: number;
  readonly width: number;
  /** Places of a list, and the largest cut-off. */
  readonly top: number;
  /** Clicks a user, in train and in test. */
  readonly train: number;
  readonly test: number;
}
export const cases: Readonly<Record<string, RankingCase>> = {
  /** As many users, items and clicks as Gowalla in the papers on LightGCN. */
  gowalla: { users: 29_858, items: 40_981, width: 64, top: 20, train: 27, test: 7 },
  'movielens-10m': { users: 69_166, items: 8_790, width: 64, top: 20, train: 60, test: 4 },
};

/** Vectors with popular directions, so that lists are neither equal nor unrelated; clicks by a skewed draw, each pair once. */
export function drawn({ users, items, width, train, test }: RankingCase) {
  const random = randomOf('ranking bench').for('numbers');
  const vectors = (rows: number) =>
    Float32Array.from({ length: rows * width }, () => random.uniform() + random.uniform() + random.uniform() - 1.5);
  const [P, Q] = [vectors(users), vectors(items)];
  const each = train + test;
  const item = new Uint32Array(users * each);
  const seen = new Int32Array(items).fill(-1);
  for (let u = 0, at = 0; u < users; u++)
    for (let n = 0; n < each; ) {
      const i = Math.floor(items * random.uniform() ** 2);
      if (seen[i] === u) continue;
      seen[i] = u;
      item[at++] = i;
      n++;
    }
  const part = (from: number, count: number) => ({
    user: Uint32Array.from({ length: users * count }, (_, row) => Math.floor(row / count)),
    item: Uint32Array.from(
      { length: users * count },
      (_, row) => item[Math.floor(row / count) * each + from + (row % count)]!,
    ),
  });
  return { P, Q, train: part(0, train), test: part(train, test) };
}
