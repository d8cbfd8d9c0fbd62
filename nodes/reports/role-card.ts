/** What a data card says of one table of ratings. */
import type { Shape } from '../ports.ts';
import { gini, giniAtRandom } from '../statistics/gini.ts';
import type { RoleCard } from './card-schema.ts';
import type { Bins } from './rating-bins.ts';

export interface RoleTable {
  readonly user: Uint32Array;
  readonly item: Uint32Array;
  readonly rating: Float32Array;
}

export function roleCard(role: string, { user, item, rating }: RoleTable, shape: Shape, bins: Bins): RoleCard {
  const rows = rating.length;
  const [byUser, byItem] = [tally(user, shape.users), tally(item, shape.items)];
  const pairs = shape.users * shape.items;
  const density = pairs === 0 ? null : Math.min(1, rows / pairs);
  const counts = bins.count(rating);
  return {
    role,
    rows,
    users: byUser.reduce((n, of) => n + (of > 0 ? 1 : 0), 0),
    items: byItem.reduce((n, of) => n + (of > 0 ? 1 : 0), 0),
    density,
    sparsity: density === null ? null : 1 - density,
    mean: rows === 0 ? null : rating.reduce((sum, value) => sum + value, 0) / rows,
    perUser: spread(byUser),
    perItem: spread(byItem),
    gini: {
      users: gini(byUser),
      items: gini(byItem),
      usersAtRandom: density === null ? null : giniAtRandom(shape.items, density),
      itemsAtRandom: density === null ? null : giniAtRandom(shape.users, density),
    },
    ratings: bins.bins.map((bin, at) => ({ ...bin, count: counts[at]!, share: rows === 0 ? 0 : counts[at]! / rows })),
  };
}

function tally(ids: Uint32Array, size: number): Uint32Array {
  const counts = new Uint32Array(size);
  for (const id of ids) counts[id]!++;
  return counts;
}

function spread(counts: Uint32Array): RoleCard['perUser'] {
  const { length } = counts;
  if (length === 0) return null;
  const sorted = counts.slice().sort();
  const middle = length >> 1;
  return {
    least: sorted[0]!,
    median: length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2,
    mean: sorted.reduce((sum, n) => sum + n, 0) / length,
    most: sorted[length - 1]!,
  };
}
