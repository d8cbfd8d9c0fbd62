import { Cancel, node, Problem, Progress } from '../../core/index.ts';
import { groupBy } from '../../core/numeric/index.ts';
import { Numeric } from '../learning/kernels/numeric.ts';
import { knownRows } from '../learning/ranking/known-rows.ts';
import { scorer } from '../learning/serve.ts';
import { Pairs, Params, Shape, TestRanks } from '../ports.ts';

/**
 * The rank of each test row among all items that its user does not know, 1 = top; equal scores rank the lower item id first. A
 * test row of a known pair was no candidate and has rank 0. What it takes beyond the tables is a row of scores a user.
 *
 * @throws Problem bad-data when an id lies outside the shape, or the model knows fewer users or items than the shape
 */
export const testRanks = node('ranking/test-ranks', {
  doc: 'Where each test pair stands in the ranking of all items of its user.',
  in: { model: Params, test: Pairs, known: Pairs, shape: Shape },
  out: { ranks: TestRanks },
  use: { cancel: Cancel, progress: Progress, numeric: Numeric },
  run({ model, test, known, shape }, _, { cancel, progress, numeric }) {
    const served = scorer(model, numeric);
    if (served.users < shape.users || served.items < shape.items)
      throw new Problem(
        'bad-data',
        `the model knows ${served.users} users and ${served.items} items, and the data set has ${shape.users} and ${shape.items}`,
        { where: 'model', hint: 'model and shape must come from one protocol' },
      );
    const { items } = shape;
    const knows = knownRows({ known }, shape);
    knownRows({ test }, shape); // refuses ids outside the shape
    const asked = groupBy(test.user, shape.users);
    const rank = new Uint32Array(test.user.length);
    const user = new Uint32Array(items);
    const item = Uint32Array.from(user.keys());
    const score = new Float32Array(items);
    for (let u = 0; u < shape.users; u++) {
      if ((u & 63) === 0) {
        cancel.check();
        progress.report(u, shape.users, 'users');
      }
      const rows = asked.rows.subarray(asked.start[u]!, asked.start[u + 1]!);
      if (rows.length === 0) continue;
      served.score(user.fill(u), item, score);
      for (const i of knows.item.subarray(knows.start[u]!, knows.start[u + 1]!)) score[i] = Number.NaN;
      for (const row of rows) {
        const at = test.item[row]!;
        const own = score[at]!;
        if (Number.isNaN(own)) continue; // known: no candidate
        let before = 0;
        for (let i = 0; i < items; i++) if (score[i]! > own || (score[i] === own && i < at)) before++;
        rank[row] = before + 1;
      }
    }
    return { ranks: { user: test.user, item: test.item, rank } };
  },
});
