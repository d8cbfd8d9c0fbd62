import { z } from 'zod';
import { Log, node, Rng } from '../../core/index.ts';
import { Ratings } from '../ports.ts';
import { quotaOf, quotaOptions, rowsPerItem } from './item-quotas.ts';
import { itemReport, SplitReport } from './item-report.ts';
import { cut, reportCold, toTest } from './parts.ts';

/**
 * Of each item's n rows a random min(floor(share n), n - 1, cap) are test rows, so that popular items count little more than
 * others. For data without times; splits/latest-per-item takes the latest ones. Rows keep their order inside a part.
 */
export const randomPerItem = node('splits/random-per-item', {
  doc: 'A small, capped number of random rows of each item is test.',
  source: 'the counts of the split in the code of Wei et al. 2021 (KDD), with chance in place of time',
  in: { ratings: Ratings },
  out: { train: Ratings, test: Ratings, report: SplitReport },
  config: z.strictObject(quotaOptions),
  use: { log: Log, rng: Rng },
  stream: 'split',
  run({ ratings }, config, { log, rng }) {
    const left = rowsPerItem(ratings.item).map((rows) => quotaOf(rows, config));
    const assigned = new Uint8Array(ratings.item.length);
    // rows are visited in random order and fill their item's quota, so one permutation serves all items
    for (const row of rng.for('rows').permutation(assigned.length)) {
      const item = ratings.item[row]!;
      if (left[item] === 0) continue;
      left[item]!--;
      assigned[row] = toTest;
    }
    const parts = cut(ratings, assigned, { validation: false });
    reportCold(log, parts.train, parts.test);
    return { ...parts, report: itemReport(log, ratings, parts) };
  },
});
