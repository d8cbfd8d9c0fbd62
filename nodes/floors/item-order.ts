import { z } from 'zod';
import { Cancel, node } from '../../core/index.ts';
import { knownRows } from '../learning/ranking/known-rows.ts';
import { Pairs, Shape } from '../ports.ts';
import { TopItems } from '../ranking/ports.ts';

/**
 * One order of all items for everybody, by their number of train rows; equal numbers go to the lower item id. A user's list is its
 * beginning without the items of `known`. Time and memory grow with the lists and the known pairs, and not with users times
 * items, so that data sets have this floor whose candidates are too many to be written down.
 *
 * Out: `lists` of the users with a row in `test`, whose `score` is the number of train rows, negative where the rarest come first.
 * @throws Problem bad-data for an id outside the shape
 */
export const itemOrderFloor = node('floors/item-order', {
  doc: 'Gives every user the same items, the most or the least popular ones, to be measured by evaluation/evaluate-lists.',
  in: { train: Pairs, test: Pairs, known: Pairs, shape: Shape },
  out: { lists: TopItems },
  config: z.strictObject({
    by: z.enum(['popularity', 'rarity']).default('popularity').describe('most or fewest train rows first'),
    top: z.number().int().positive().default(20).describe('items a user; no less than the largest cut-off'),
  }),
  use: { cancel: Cancel },
  run({ train, test, known, shape }, { by, top }, { cancel }) {
    const tested = knownRows({ test }, shape);
    const knows = knownRows({ known }, shape);
    const count = new Float32Array(shape.items);
    for (const item of train.item) count[item]! += 1;
    const score = by === 'popularity' ? count : count.map((n) => -n);
    const order = Uint32Array.from(score.keys()).sort((a, b) => score[b]! - score[a]! || a - b);
    const out = { user: [] as number[], item: [] as number[], rank: [] as number[], score: [] as number[] };
    const lastKnownTo = new Int32Array(shape.items).fill(-1);
    for (let u = 0; u < shape.users; u++) {
      if ((u & 1023) === 0) cancel.check();
      if (tested.start[u] === tested.start[u + 1]) continue;
      for (const item of knows.item.subarray(knows.start[u], knows.start[u + 1])) lastKnownTo[item] = u;
      for (let at = 0, rank = 0; at < order.length && rank < top; at++) {
        const item = order[at] as number;
        if (lastKnownTo[item] === u) continue;
        out.user.push(u);
        out.item.push(item);
        out.rank.push(++rank);
        out.score.push(score[item] as number);
      }
    }
    return {
      lists: {
        user: Uint32Array.from(out.user),
        item: Uint32Array.from(out.item),
        rank: Uint32Array.from(out.rank),
        score: Float32Array.from(out.score),
      },
    };
  },
});
