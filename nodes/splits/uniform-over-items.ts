import { z } from 'zod';
import { Log, node, optional, Rng } from '../../core/index.ts';
import { groupBy, type Random } from '../../core/numeric/index.ts';
import { Ratings } from '../ports.ts';
import { itemReport, SplitReport } from './item-report.ts';
import { count, cut, idsBelow, reportCold, toTest, toValidation } from './parts.ts';
import { checkShares, rowsFor, shares } from './shares.ts';

/**
 * Test rows are drawn one by one: an item, all that have rows to give equally likely, and one of its remaining rows. An item
 * keeps its last row in train, and drops out of the draw with it; so popular items give the more, the larger the share, and
 * the report says how many. Validation is drawn likewise from the rest. When the items are exhausted, a part stays smaller
 * than asked, and the log says so.
 */
export const uniformOverItems = node('splits/uniform-over-items', {
  doc: 'A share of the rows for test, so drawn that each item is equally likely.',
  source: 'Wei et al. 2021 (KDD), section 4.1, after Bonner and Vasile 2018; their code does as splits/latest-per-item',
  in: { ratings: Ratings },
  out: { train: Ratings, test: Ratings, validation: optional(Ratings), report: SplitReport },
  config: z.strictObject({ ...shares, test: shares.test.default(0.1) }),
  use: { log: Log, rng: Rng },
  stream: 'split',
  run({ ratings }, config, { log, rng }) {
    checkShares(config);
    const rows = ratings.item.length;
    const draws = stock(ratings.item, rng.for('rows'));
    const assigned = new Uint8Array(rows);
    for (const [name, part, share] of [
      ['test', toTest, config.test],
      ['validation', toValidation, config.validation],
    ] as const) {
      const wanted = rowsFor(share, rows);
      const random = rng.for(name);
      let taken = 0;
      for (; taken < wanted; taken++) {
        const row = draws(random);
        if (row === undefined) break;
        assigned[row] = part;
      }
      if (taken < wanted)
        log.warn(`the ${name} part has ${count(taken, 'row')} of the ${wanted} asked for: every item is down to one`, {
          rows: taken,
        });
    }
    const parts = cut(ratings, assigned, { validation: config.validation > 0 });
    reportCold(log, parts.train, parts.test);
    return { ...parts, report: itemReport(log, ratings, parts) };
  },
});

/** Gives a random row of a random item that has two left; undefined when none has. */
function stock(item: Uint32Array, random: Random): (random: Random) => number | undefined {
  const shuffled = random.permutation(item.length);
  const { start, rows } = groupBy(
    Uint32Array.from(shuffled, (row) => item[row]!),
    idsBelow(item),
  );
  const next = start.slice(0, -1);
  const able = Array.from(next.keys()).filter((i) => start[i + 1]! - start[i]! > 1);
  return (draw) => {
    if (able.length === 0) return undefined;
    const at = draw.below(able.length);
    const chosen = able[at]!;
    const row = shuffled[rows[next[chosen]!++]!]!;
    if (start[chosen + 1]! - next[chosen]! > 1) return row;
    able[at] = able[able.length - 1]!; // the last takes the place of who can give no more
    able.pop();
    return row;
  };
}
