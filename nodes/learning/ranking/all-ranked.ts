/** Lists and ranks over all items, on as many threads as are idle and worth it; the same bytes for any number of them. */
import type { TensorBundle } from '../../../core/index.ts';
import { overThreads } from './over-threads.ts';
import type { RankTestsRequest } from './rank-tests.ts';
import type { RankRequest, RankServices, TopRows } from './rank-users.ts';

/**
 * The lists of `rankUsers`. A thread takes room for the items' vectors twice; tables and model are shared.
 * @throws as `rankUsers`
 */
export async function listsOfAll(request: RankRequest, services: RankServices): Promise<TopRows> {
  const parts = await overThreads(
    'rank-users',
    request.users,
    costOf(request),
    (users) => ({ ...request, users }),
    services,
  );
  const [only, ...more] = parts;
  if (only && more.length === 0) return only;
  const rows = parts.reduce((sum, { user }) => sum + user.length, 0);
  const joined = <A extends Uint32Array | Float32Array>(into: A, of: (part: TopRows) => A): A => {
    let at = 0;
    for (const part of parts) {
      into.set(of(part), at);
      at += part.user.length;
    }
    return into;
  };
  return {
    user: joined(new Uint32Array(rows), ({ user }) => user),
    item: joined(new Uint32Array(rows), ({ item }) => item),
    rank: joined(new Uint32Array(rows), ({ rank }) => rank),
    score: joined(new Float32Array(rows), ({ score }) => score),
  };
}

/**
 * The rank of every test row, as `rankTests` has it.
 * @throws as `rankTests`
 */
export async function ranksOfTests(request: RankTestsRequest, services: RankServices): Promise<Uint32Array> {
  const parts = await overThreads(
    'rank-tests',
    request.users,
    costOf(request),
    (users) => ({ ...request, users }),
    services,
  );
  const ranks = new Uint32Array(request.test.item.length);
  for (const { row, rank } of parts) for (const [n, at] of row.entries()) ranks[at] = rank[n]!;
  return ranks;
}

/** Multiplications for one user: those of an inner product with every item. */
function costOf({
  model,
  shape,
}: {
  readonly model: TensorBundle<unknown>;
  readonly shape: { readonly items: number };
}) {
  const width = Math.max(1, ...Object.values(model.tensors).map(({ shape: [, across = 1] }) => across));
  return shape.items * width;
}
