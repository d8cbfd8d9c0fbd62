import { z } from 'zod';
import { Log, node, optional } from '../../core/index.ts';
import { groupBy } from '../../core/numeric/index.ts';
import { Ratings } from '../ports.ts';
import { count, cut, idsBelow, reportCold, toTest, toTrain, toValidation } from './parts.ts';
import { rowsByTime, timesOf } from './times.ts';

/**
 * Each user's latest rows are test, those before them validation. Users with too few rows to keep one in train stay in train
 * whole. Of rows with the same time the later one in the table counts as later. One user's train rows may be later than
 * another's test rows: use splits/temporal where that matters.
 */
export const leaveLastOut = node('splits/leave-last-out', {
  doc: "Each user's last rows are test, those before them validation.",
  in: { ratings: Ratings },
  out: { train: Ratings, test: Ratings, validation: optional(Ratings) },
  config: z.strictObject({
    last: z.number().int().positive().default(1).describe('test rows a user'),
    validation: z.number().int().nonnegative().default(0).describe('validation rows a user'),
  }),
  use: { log: Log },
  run({ ratings }, { last, validation }, { log }) {
    const time = timesOf(ratings);
    const order = rowsByTime(time);
    const byTime = groupBy(
      Uint32Array.from(order, (row) => ratings.user[row]!),
      idsBelow(ratings.user),
    );
    const assigned = new Uint8Array(order.length);
    let whole = 0;
    let ties = 0;
    for (let u = 0; u + 1 < byTime.start.length; u++) {
      const from = byTime.start[u]!;
      const to = byTime.start[u + 1]!;
      if (to === from) continue;
      if (to - from <= last + validation) {
        whole++;
        continue;
      }
      const row = (at: number) => order[byTime.rows[at]!]!;
      for (let at = from; at < to; at++)
        assigned[row(at)] = at >= to - last ? toTest : at >= to - last - validation ? toValidation : toTrain;
      if (time[row(to - last)] === time[row(to - last - 1)]) ties++;
    }
    if (whole > 0)
      log.warn(`${count(whole, 'user')} with at most ${last + validation} rows stay in train`, { users: whole });
    if (ties > 0)
      log.warn(
        `for ${count(ties, 'user')} the cut lies between rows of the same time; the order of the table decided`,
        {
          users: ties,
        },
      );
    const parts = cut(ratings, assigned, { validation: validation > 0 });
    reportCold(log, parts.train, parts.test);
    return parts;
  },
});
