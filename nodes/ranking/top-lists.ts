import { z } from 'zod';
import { Cancel, node, Progress } from '../../core/index.ts';
import { checkIds } from '../learning/ids.ts';
import { Numeric } from '../learning/kernels/numeric.ts';
import { listsOfAll } from '../learning/ranking/all-ranked.ts';
import { knownRows } from '../learning/ranking/known-rows.ts';
import { Pairs, Params, Shape } from '../ports.ts';
import { TopItems } from './ports.ts';

/**
 * The `top` items with the highest scores of all but those of `known`, for every user with a row in `test`, users of whom
 * nothing was learnt included; equal scores go to the lower item id. Users ascend; a user with fewer items left gets fewer rows.
 * What is held beside the result grows with users plus items: 100,000 users x 50,000 items take some 50 MB at width 64, and
 * half as much again on each further thread that is idle and worth starting.
 *
 * @throws Problem bad-data when an id lies outside the shape, the model knows fewer users or items than the shape, or a score
 * is NaN
 */
export const topLists = node('ranking/top-lists', {
  doc: 'The best-scored of all items for each user of the test set, to be measured by evaluation/evaluate-lists.',
  in: { model: Params, test: Pairs, known: Pairs, shape: Shape },
  out: { lists: TopItems },
  config: z.strictObject({
    top: z.number().int().positive().default(20).describe('items a user; no less than the largest cut-off'),
  }),
  use: { cancel: Cancel, progress: Progress, numeric: Numeric },
  async run({ model, test, known, shape }, { top }, services) {
    checkIds(test, 'test', shape);
    const tested = new Uint8Array(shape.users);
    for (const u of test.user) tested[u] = 1;
    const users = Uint32Array.from({ length: shape.users }, (_, u) => u).filter((u) => tested[u] === 1);
    const request = { model, users, shape, top, known: knownRows({ known }, shape) };
    return { lists: await listsOfAll(request, services) };
  },
});
