import { z } from 'zod';
import { node, Problem, type View } from '../../core/index.ts';
import { descending } from '../../core/numeric/index.ts';
import { Pairs, Params, Shape } from '../ports.ts';

/**
 * Splits the items into the popular ones, the smallest set of most clicked items that holds `share` of the clicks, and the others.
 * Equal counts go to the lower id. `sets` has a column each: 1 / size of the set for its members.
 * @throws Problem bad-data where one of the two sets is empty
 */
export const popularItems = node('propensity/popular-items', {
  doc: 'Popular items and the others, as shares of two sets.',
  source: 'the short head of Abdollahpouri et al. 2017 (RecSys); the share is a choice',
  in: { train: Pairs, shape: Shape },
  out: { params: Params },
  config: z.strictObject({
    share: z.number().gt(0).lt(1).default(0.8).describe('share of the clicks that the popular items hold'),
  }),
  weight: 'light',
  run({ train, shape }, { share }) {
    const count = new Float64Array(shape.items);
    for (const item of train.item) count[item]!++;
    const order = descending(count, Uint32Array.from(count.keys()));
    let head = 0;
    let held = 0;
    while (head < order.length && held < share * train.item.length) held += count[order[head++]!]!;
    if (head === 0 || head === shape.items)
      throw new Problem('bad-data', `${head} of ${shape.items} items are popular, so one of the sets is empty`, {
        where: 'train',
        hint: 'choose another `share`',
      });
    const data = new Float32Array(2 * shape.items);
    order.forEach((item, rank) => {
      data[2 * item + (rank < head ? 0 : 1)] = 1 / (rank < head ? head : shape.items - head);
    });
    const serving = {
      tables: { sets: { rows: 'item', width: 2 }, one: { rows: 'one', width: 2 } },
      scores: { popular: { dot: ['sets', 'one'] } },
      serve: { op: 'score', name: 'popular' },
    };
    const tensors = {
      sets: { shape: [shape.items, 2], data },
      one: { shape: [1, 2], data: Float32Array.of(head, 0) },
    };
    return {
      params: { head: { method: { use: 'propensity/popular-items' }, shape, serving }, tensors } as unknown as View<
        typeof Params
      >,
    };
  },
});
