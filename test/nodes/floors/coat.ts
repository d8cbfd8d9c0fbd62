/** Coat as it lies in the data folder, for tests that hold published numbers. Undefined where the files are absent. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(process.env.COUNTERPOISE_DATA ?? '../shared/data', 'coat');

/** A dense matrix of ratings, 0 = missing, as labels: 1 where the rating is at least 3. */
function labels(file: string) {
  const user: number[] = [];
  const item: number[] = [];
  const rating: number[] = [];
  readFileSync(join(folder, file), 'utf8')
    .trim()
    .split('\n')
    .forEach((line, u) => {
      line
        .trim()
        .split(/\s+/)
        .forEach((cell, i) => {
          if (cell === '0') return;
          user.push(u);
          item.push(i);
          rating.push(Number(cell) >= 3 ? 1 : 0);
        });
    });
  return { user: Uint32Array.from(user), item: Uint32Array.from(item), rating: Float32Array.from(rating) };
}

export const coat = existsSync(join(folder, 'test.ascii'))
  ? { train: labels('train.ascii'), test: labels('test.ascii'), shape: { users: 290, items: 300 } }
  : undefined;
