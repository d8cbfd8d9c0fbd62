import { z } from 'zod';
import { Log, node, optional } from '../../core/index.ts';
import { Ratings } from '../ports.ts';
import { count, cut, reportCold, toTest, toTrain, toValidation } from './parts.ts';
import { checkShares, rowsFor, shares } from './shares.ts';
import { rowsByTime, timesOf } from './times.ts';

/**
 * Cuts the whole log at one moment, so that nothing of the future is learnt from: train < validation < test in time. The
 * cuts are where the shares put them; rows with the very time of a cut all go to the later part, so a part may be larger
 * than asked for, and the log says by how much.
 */
export const temporalSplit = node('splits/temporal', {
  doc: 'The latest share of the whole log is test, the share before it validation.',
  in: { ratings: Ratings },
  out: { train: Ratings, test: Ratings, validation: optional(Ratings) },
  config: z.strictObject(shares),
  use: { log: Log },
  run({ ratings }, config, { log }) {
    checkShares(config);
    const time = timesOf(ratings);
    const order = rowsByTime(time);
    const rows = order.length;
    const atTest = rows - rowsFor(config.test, rows);
    const [testStart, moved] = back(time, order, atTest);
    const atValidation = Math.min(atTest - rowsFor(config.validation, rows), testStart);
    const [validationStart, movedToo] = config.validation > 0 ? back(time, order, atValidation) : [testStart, 0];
    const assigned = new Uint8Array(rows);
    for (let at = 0; at < rows; at++)
      assigned[order[at]!] = at >= testStart ? toTest : at >= validationStart ? toValidation : toTrain;
    if (moved + movedToo > 0)
      log.warn(`${count(moved + movedToo, 'row')} with the time of a cut went to the later part`, {
        rows: moved + movedToo,
      });
    const parts = cut(ratings, assigned, { validation: config.validation > 0 });
    reportCold(log, parts.train, parts.test);
    return parts;
  },
});

/** The first place that has the time of place `at`, and how many places lie between. */
function back(time: BigInt64Array, order: Uint32Array, at: number): readonly [number, number] {
  let start = at;
  if (at < order.length) while (start > 0 && time[order[start - 1]!] === time[order[at]!]) start--;
  return [start, at - start];
}
