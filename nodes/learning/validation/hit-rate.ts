/** The share of users with a held-out item near the top of all items: what training on clicks stops on, and knobs are chosen by. */
import { Problem, type TensorBundle } from '../../../core/index.ts';
import { knownRows, type PairColumns } from '../ranking/known-rows.ts';
import { type RankServices, rankUsers } from '../ranking/rank-users.ts';

/**
 * HR@cutoff over the users of `held`: 1 for a user with one of its held-out items among the `cutoff` best of all items that
 * `train` does not have for it, equal scores going to the lower item id. A held-out pair that train has is no candidate.
 * @returns what measures a model
 * @throws Problem bad-data for ids outside of the shape, or where nothing is held out
 */
export function hitRate(
  held: PairColumns,
  train: PairColumns & { readonly users: number; readonly items: number },
  cutoff: number,
  numeric: RankServices['numeric'],
): (model: TensorBundle<unknown>) => number {
  const shape = { users: train.users, items: train.items };
  const known = knownRows({ train }, shape);
  const wanted = knownRows({ 'held out': held }, shape);
  const users = Uint32Array.from({ length: shape.users }, (_, u) => u).filter(
    (u) => wanted.start[u + 1]! > wanted.start[u]!,
  );
  if (users.length === 0)
    throw new Problem('bad-data', 'there are no held-out clicks to choose by', { where: 'selection' });
  const wants = new Set<number>();
  for (const u of users)
    for (let at = wanted.start[u]!; at < wanted.start[u + 1]!; at++) wants.add(u * shape.items + wanted.item[at]!);
  return (model) => {
    // not stopped half-way: whoever trains looks between two looks whether to stop, and saves where it stands
    const { user, item } = rankUsers(
      { model, users, shape, top: cutoff, known },
      { numeric, cancel: { requested: false, check() {} }, progress: { report() {}, epoch() {} } },
    );
    let hits = 0;
    let last = -1;
    for (let row = 0; row < user.length; row++) {
      if (user[row] === last || !wants.has(user[row]! * shape.items + item[row]!)) continue;
      last = user[row]!;
      hits++;
    }
    return hits / users.length;
  };
}
