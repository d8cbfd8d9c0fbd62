import { z } from 'zod';
import { Cancel, node, Problem } from '../../core/index.ts';
import { groupBy } from '../../core/numeric/index.ts';
import { orderPairs } from '../evaluation/pair-order.ts';
import { popularityOf } from '../evaluation/popularity/groups.ts';
import { Pairs, Scores, Shape } from '../ports.ts';

/** Sums that differ beyond this decimal are one: their last bits depend on the order of the terms. */
const decimals = 1e10;

/**
 * Items that were clicked together, divided by how popular they are: score(u, j) = sum over train items i of u of
 * n_ij / (sqrt(n_i) n_j^g), where n_ij users have both i and j, n_i is the number of train rows of i, and n_ii counts as 0.
 * g = 0.5 is the cosine, g = 1 takes out all of the target's popularity. Sums are of 64 bits, rounded to 10 decimals.
 *
 * Out: `scores`, for each user the place of a candidate's sum among the user's different sums, 0 for the lowest: they order
 * the items of a user exactly, and are comparable within a user only. A repeated train pair counts once in n_ij.
 *
 * @throws Problem bad-data for more items than a table of all pairs of items can hold (`most`)
 */
export const coOccurrenceFloor = node('floors/co-occurrence', {
  doc: 'Scores every candidate by how many users clicked its item together with those of the user, over its popularity.',
  source: 'item-based collaborative filtering with popularity normalisation: Deshpande and Karypis 2004 (ACM TOIS)',
  in: { train: Pairs, candidates: Pairs, shape: Shape },
  out: { scores: Scores },
  config: z.strictObject({
    exponent: z
      .number()
      .nonnegative()
      .default(1)
      .describe("power g of the candidate's popularity that divides its score"),
    most: z.number().int().positive().default(20_000).describe('most items; counts take 4 bytes for each two items'),
  }),
  use: { cancel: Cancel },
  run({ train, candidates, shape }, { exponent, most }, { cancel }) {
    const { items } = shape;
    if (items > most)
      throw new Problem(
        'bad-data',
        `co-occurrences of ${items} items take ${items} x ${items} counts, and the limit is ${most} items`,
        {
          where: 'train',
          hint: 'raise `most`: 20,000 items take 1.6 GB',
        },
      );
    const rows = popularityOf(train.item, items);
    const clicks = distinctPairs(train, shape);
    const together = new Uint32Array(items * items);
    for (let u = 0; u < shape.users; u++) {
      if ((u & 1023) === 0) cancel.check();
      const mine = clicks.item.subarray(clicks.start[u]!, clicks.start[u + 1]!);
      for (const i of mine) for (const j of mine) if (i !== j) together[i * items + j]!++;
    }
    const asked = groupBy(candidates.user, shape.users);
    const score = new Float32Array(candidates.user.length);
    const sum = new Float64Array(items);
    for (let u = 0; u < shape.users; u++) {
      const wanted = asked.rows.subarray(asked.start[u]!, asked.start[u + 1]!);
      if (wanted.length === 0) continue;
      if ((u & 63) === 0) cancel.check();
      sum.fill(0);
      for (const i of clicks.item.subarray(clicks.start[u]!, clicks.start[u + 1]!)) {
        const weight = 1 / Math.sqrt(rows[i]!);
        for (let j = 0; j < items; j++) sum[j]! += together[i * items + j]! * weight;
      }
      for (let j = 0; j < items; j++)
        sum[j] = rows[j] === 0 ? 0 : Math.round((sum[j]! / rows[j]! ** exponent) * decimals) / decimals;
      const levels = Float64Array.from(new Set(Array.from(wanted, (row) => sum[candidates.item[row]!]!))).sort();
      const place = new Map(Array.from(levels, (value, n) => [value, n] as const));
      for (const row of wanted) score[row] = place.get(sum[candidates.item[row]!]!)!;
    }
    return { scores: { user: candidates.user, item: candidates.item, score } };
  },
});

/** Each user's items, without repeats. */
function distinctPairs({ user, item }: { readonly user: Uint32Array; readonly item: Uint32Array }, shape: Shape) {
  const seen = new Set<number>();
  const first = user.map((u, row) => (seen.size < seen.add(u * shape.items + item[row]!).size ? 1 : 0));
  const keep = (_: number, row: number) => first[row] === 1;
  return orderPairs({ user: user.filter(keep), item: item.filter(keep) }, shape, 'train');
}
