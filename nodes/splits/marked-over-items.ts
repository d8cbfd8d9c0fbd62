import { z } from 'zod';
import { Log, node, Rng } from '../../core/index.ts';
import { Indicators, Pairs } from '../ports.ts';
import { rowsPerItem } from './item-quotas.ts';

/**
 * Marks a share of the rows, so chosen that items are as equally likely as they can be: the largest quota q with
 * sum_i min(q, n_i - 1) rows at most as asked, and q random rows of each item. An item keeps one row unmarked. `o` is 1 for marked
 * rows: what CausE calls the randomised part, without taking it out of train.
 */
export const markedOverItems = node('splits/marked-over-items', {
  doc: 'Marks a share of the rows, about as many of each item.',
  source: 'Bonner & Vasile 2018 (RecSys), as in Wei et al. 2021 (KDD): a tenth of train; the draw is a reconstruction',
  in: { train: Pairs },
  out: { o: Indicators },
  config: z.strictObject({
    share: z.number().gt(0).lt(1).default(0.1).describe('share of the rows that are marked, at most'),
  }),
  use: { log: Log, rng: Rng },
  stream: 'split',
  run({ train: { user, item } }, { share }, { log, rng }) {
    const counts = rowsPerItem(item);
    const wanted = Math.floor(share * item.length);
    const marked = (quota: number) => counts.reduce((sum, n) => sum + Math.max(0, Math.min(quota, n - 1)), 0);
    let quota = 0;
    while (quota < item.length && marked(quota + 1) <= wanted && marked(quota + 1) > marked(quota)) quota++;
    const left = counts.map((n) => Math.max(0, Math.min(quota, n - 1)));
    const o = new Float32Array(item.length);
    let rows = 0;
    for (const row of rng.for('rows').permutation(item.length)) {
      const i = item[row]!;
      if (left[i] === 0) continue;
      left[i]!--;
      o[row] = 1;
      rows++;
    }
    log.info(`${rows} of ${item.length} rows are marked, at most ${quota} of an item`, { rows, quota });
    if (rows === 0) log.warn('no row is marked: every item has one row, or the share is too small', { rows });
    return { o: { user, item, o } };
  },
});
