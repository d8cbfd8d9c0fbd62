/** How two series go together. */
import { midRanks } from './mid-ranks.ts';
import { mean } from './moments.ts';

/** Pearson's correlation of two series of equal length; NaN where one of them is constant. */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [mean(a), mean(b)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let n = 0; n < a.length; n++) {
    const [dx, dy] = [(a[n] as number) - x, (b[n] as number) - y];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xy / Math.sqrt(xx * yy);
}

/** Spearman's rank correlation: Pearson's of the mid-ranks. NaN where one of the two is constant. */
export const spearman = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  pearson(midRanks(Float64Array.from(a)).ranks, midRanks(Float64Array.from(b)).ranks);
