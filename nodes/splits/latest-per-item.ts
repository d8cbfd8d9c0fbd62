import { z } from 'zod';
import { Log, node, optional } from '../../core/index.ts';
import { groupBy } from '../../core/numeric/index.ts';
import { Ratings } from '../ports.ts';
import { quotaOf, quotaOptions } from './item-quotas.ts';
import { itemReport, SplitReport } from './item-report.ts';
import { cut, idsBelow, type RatingsView, reportCold, toTest, toValidation } from './parts.ts';

/**
 * Of each item's n rows the latest min(floor(share n), n - 1, cap) are test rows: every item counts about as much as any
 * other in the test, which is what a test for popularity bias wants. Validation takes what the same rule, with a cap of its
 * own, takes of the rest. Without times, the position in the user's rows stands for time, as in data sets that list them so;
 * rows that are equally late go by the order of the table. Nothing is drawn.
 */
export const latestPerItem = node('splits/latest-per-item', {
  doc: 'The latest rows of each item, few and capped, are test.',
  source: 'code of Wei et al. 2021 (KDD): caps 4 (Adressa), 5 (Gowalla, Yelp), 10 (MovieLens 10M, Globo)',
  in: { ratings: Ratings },
  out: { train: Ratings, test: Ratings, validation: optional(Ratings), report: SplitReport },
  config: z.strictObject({
    ...quotaOptions,
    validation: z.number().int().nonnegative().default(0).describe('most validation rows an item; 0: none'),
  }),
  use: { log: Log },
  run({ ratings }, { cap, share, validation }, { log }) {
    const order = fromEarliest(ratings);
    const { start, rows } = groupBy(
      Uint32Array.from(order, (row) => ratings.item[row]!),
      idsBelow(ratings.item),
    );
    const assigned = new Uint8Array(order.length);
    for (let item = 0; item + 1 < start.length; item++) {
      const [from, to] = [start[item]!, start[item + 1]!];
      const tested = quotaOf(to - from, { cap, share });
      const validated = validation === 0 ? 0 : quotaOf(to - from - tested, { cap: validation, share });
      for (let n = 1; n <= tested + validated; n++)
        assigned[order[rows[to - n]!]!] = n <= tested ? toTest : toValidation;
    }
    const parts = cut(ratings, assigned, { validation: validation > 0 });
    reportCold(log, parts.train, parts.test);
    return { ...parts, report: itemReport(log, ratings, parts) };
  },
});

/** Rows by time, or by their position among the rows of their user; equal ones keep their order. */
function fromEarliest({ user, time }: RatingsView): Uint32Array {
  const before = new Uint32Array(idsBelow(user));
  const position = time ?? Uint32Array.from(user, (u) => before[u]!++);
  return Uint32Array.from(user.keys()).sort((a, b) => {
    const [x, y] = [position[a]!, position[b]!];
    return x < y ? -1 : x > y ? 1 : a - b;
  });
}
