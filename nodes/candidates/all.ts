import { z } from 'zod';
import { Cancel, Log, node, Problem } from '../../core/index.ts';
import { groupBy } from '../../core/numeric/index.ts';
import { Pairs, Shape } from '../ports.ts';

/**
 * Every item for every user of the test set, but the pairs that train knows. Users ascend, and items within a user. A test
 * pair that is also a train pair is not a candidate; the log says how many there are.
 *
 * @throws Problem bad-data when there would be more pairs than `limit`
 */
export const allCandidates = node('candidates/all', {
  doc: 'All items of each test user, without those of train.',
  in: { test: Pairs, train: Pairs, shape: Shape },
  out: { pairs: Pairs },
  config: z.strictObject({
    limit: z.number().int().positive().default(50_000_000).describe('most pairs that are made; a pair takes 8 bytes'),
  }),
  use: { log: Log, cancel: Cancel },
  run({ test, train, shape }, { limit }, { log, cancel }) {
    const asked = new Uint8Array(shape.users);
    for (const u of test.user) asked[u] = 1;
    const known = groupBy(train.user, shape.users);
    const tested = groupBy(test.user, shape.users);
    const seen = new Int32Array(shape.items).fill(-1);
    let total = 0;
    for (let u = 0; u < shape.users; u++) if (asked[u]) total += shape.items - distinct(known, train.item, u, seen);
    if (total > limit)
      throw new Problem('bad-data', `ranking all items takes ${total} pairs, and the limit is ${limit}`, {
        where: 'pairs',
        hint: 'raise `limit`, or rank the rated items only (candidates/rated)',
      });
    const user = new Uint32Array(total);
    const item = new Uint32Array(total);
    seen.fill(-1);
    let at = 0;
    let both = 0;
    for (let u = 0; u < shape.users; u++) {
      if (!asked[u]) continue;
      if ((u & 1023) === 0) cancel.check();
      distinct(known, train.item, u, seen);
      for (let k = tested.start[u]!; k < tested.start[u + 1]!; k++) if (seen[test.item[tested.rows[k]!]!] === u) both++;
      for (let i = 0; i < shape.items; i++) {
        if (seen[i] === u) continue;
        user[at] = u;
        item[at++] = i;
      }
    }
    if (both > 0) log.warn(`${both} test rows are of pairs that train knows; they are no candidates`, { rows: both });
    return { pairs: { user, item } };
  },
});

/** Marks the user's items with the user's id, and counts them without repeats. */
function distinct(known: ReturnType<typeof groupBy>, item: Uint32Array, u: number, seen: Int32Array): number {
  let count = 0;
  for (let k = known.start[u]!; k < known.start[u + 1]!; k++) {
    const i = item[known.rows[k]!]!;
    if (seen[i] === u) continue;
    seen[i] = u;
    count++;
  }
  return count;
}
