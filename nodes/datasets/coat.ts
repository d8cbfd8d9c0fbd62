import { Files, node, Problem } from '../../core/index.ts';
import { Ratings, Shape } from '../ports.ts';

/** What the files must hold. */
export const coatCounts = { users: 290, items: 300, log: 6960, uniform: 4640 };
const { users, items } = coatCounts;

/**
 * Coat Shopping: ratings 1..5 of 290 users on 300 coats. `log` is what users chose to rate (24 each), `uniform` what they
 * were asked to rate at random (16 each). Ids are the row and column numbers of the files, from 0; rows come in that order.
 */
export const coat = node('datasets/coat', {
  doc: 'Coat Shopping: 6,960 self-selected and 4,640 uniformly random ratings.',
  source: 'Schnabel et al. 2016 (ICML)',
  in: {},
  out: { log: Ratings, uniform: Ratings, shape: Shape },
  use: { files: Files },
  reads: () => [
    {
      name: 'train',
      path: 'coat/train.ascii',
      sha256: 'a87bd9e7eaf3b89f976df3f25d4aa5d5d871be8a00b58947df9e6e015559bd37',
    },
    {
      name: 'test',
      path: 'coat/test.ascii',
      sha256: 'de6714ab105a5e0be8166be7fd313901b29f9a09c3bea307901457d1d71847e6',
    },
  ],
  run: (_, __, { files }) => ({
    log: matrix(files.text('train'), 'coat/train.ascii', coatCounts.log),
    uniform: matrix(files.text('test'), 'coat/test.ascii', coatCounts.uniform),
    shape: { users, items },
  }),
});

/** A dense matrix of small integers in rows of text, where 0 means that nothing is known. */
function matrix(text: string, file: string, count: number) {
  const user = new Uint32Array(count);
  const item = new Uint32Array(count);
  const rating = new Float32Array(count);
  let rows = 0;
  for (const [u, line] of text.trimEnd().split('\n').entries())
    for (const [i, word] of line.trim().split(/\s+/).entries()) {
      const value = Number(word);
      if (value === 0) continue;
      if (!(value >= 1 && value <= 5) || u >= users || i >= items || rows >= count)
        throw new Problem('bad-data', `'${word}' is not a rating of Coat`, {
          where: `${file}, line ${u + 1}, column ${i + 1}`,
        });
      user[rows] = u;
      item[rows] = i;
      rating[rows++] = value;
    }
  if (rows !== count)
    throw new Problem('bad-data', `${file} holds ${rows} ratings, and Coat has ${count}`, { where: file });
  return { user, item, rating };
}
