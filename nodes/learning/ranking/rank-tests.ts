/** Where given pairs stand among all items of their users. */
import type { TensorBundle } from '../../../core/index.ts';
import { scorer } from '../serve.ts';
import type { KnownRows } from './known-rows.ts';
import { checkFits, type RankServices } from './rank-users.ts';

export interface RankTestsRequest {
  readonly model: TensorBundle<unknown>;
  /** Dense ids of users with test rows. */
  readonly users: Uint32Array;
  readonly shape: { readonly users: number; readonly items: number };
  readonly known: KnownRows;
  /** Rows of user u: places `start[u] .. start[u + 1]` of `rows`, which are positions in `item`. */
  readonly test: { readonly start: Uint32Array; readonly rows: Uint32Array; readonly item: Uint32Array };
}
/** `rank[n]` belongs to test row `row[n]`: 1 = top, equal scores rank the lower item id first; 0 for a known pair. */
export interface RankedTests {
  readonly row: Uint32Array;
  readonly rank: Uint32Array;
}

/**
 * Ranks the test rows of some users. Beside the tables it takes a row of scores.
 * @throws Problem bad-data when the model knows fewer users or items than the shape
 */
export function rankTests(request: RankTestsRequest, { numeric, cancel, progress }: RankServices): RankedTests {
  const { model, users, shape, known, test } = request;
  const served = scorer(model, numeric);
  checkFits(served, shape);
  const { items } = shape;
  const rows = users.reduce((sum, u) => sum + test.start[u + 1]! - test.start[u]!, 0);
  const [row, rank] = [new Uint32Array(rows), new Uint32Array(rows)];
  const user = new Uint32Array(items);
  const item = Uint32Array.from(user.keys());
  const score = new Float32Array(items);
  let found = 0;
  for (const [n, u] of users.entries()) {
    if ((n & 63) === 0) {
      cancel.check();
      progress.report(n, users.length, 'users');
    }
    served.score(user.fill(u), item, score);
    for (const i of known.item.subarray(known.start[u]!, known.start[u + 1]!)) score[i] = Number.NaN;
    for (const mine of test.rows.subarray(test.start[u]!, test.start[u + 1]!)) {
      row[found] = mine;
      rank[found++] = rankOf(score, test.item[mine]!);
    }
  }
  return { row, rank };
}

function rankOf(score: Float32Array, at: number): number {
  const own = score[at]!;
  if (Number.isNaN(own)) return 0; // known: no candidate
  let before = 0;
  for (let i = 0; i < score.length; i++) if (score[i]! > own || (score[i] === own && i < at)) before++;
  return before + 1;
}
