/** Whether wanted items rank higher the more popular they are: from the ranks of all test positives, whatever the cut-off. */
import { spearman } from '../../statistics/correlation.ts';
import { mean } from '../../statistics/moments.ts';

export interface RankBias {
  /** @param ranks of the user's wanted items among all candidates, 1 = top; NaN for one that was no candidate */
  add(wanted: Uint32Array, ranks: ArrayLike<number>): void;
  /**
   * Popularity-rank correlation for users: PRU = - mean over users of Spearman(train rows, rank) of their wanted items; only
   * users with at least two that differ in popularity count. 1 when popular items always rank above others, 0 when popularity
   * does not matter. Source: Zhu et al. 2021 (WSDM).
   */
  user(): number;
  /** Popularity-rank correlation for items: PRI = - Spearman(train rows, mean rank of the item among those who want it). Same source. */
  item(): number;
}

/** @param popularity train rows of each item */
export function rankBias(popularity: Uint32Array): RankBias {
  const correlations: number[] = [];
  const sum = new Float64Array(popularity.length);
  const count = new Uint32Array(popularity.length);
  return {
    add(wanted, ranks) {
      const [rows, places]: [number[], number[]] = [[], []];
      for (let n = 0; n < wanted.length; n++) {
        if (Number.isNaN(ranks[n])) continue;
        const item = wanted[n]!;
        rows.push(popularity[item]!);
        places.push(ranks[n]!);
        sum[item]! += ranks[n]!;
        count[item]!++;
      }
      if (rows.some((value) => value !== rows[0])) correlations.push(spearman(rows, places));
    },
    user: () => -mean(correlations),
    item() {
      const ranked = Uint32Array.from(popularity.keys()).filter((i) => count[i]! > 0);
      return -spearman(
        ranked.map((i) => popularity[i]!),
        Float64Array.from(ranked, (i) => sum[i]! / count[i]!),
      );
    },
  };
}
