import { z } from 'zod';
import { f32, Log, node, table, u32 } from '../../core/index.ts';
import { Clicks, Evaluation, Metrics, Shape } from '../ports.ts';
import { pearson } from '../statistics/correlation.ts';
import { mean } from '../statistics/moments.ts';
import { itemGroups, popularityOf } from './popularity/groups.ts';
import { metricRows } from './rows.ts';

/** The gate of every item, and of every user: row n is of dense id n. */
const ItemGates = table({ item: u32, gate: f32 });
const UserGates = table({ user: u32, gate: f32 });

/**
 * What gates say of popularity and of activity: for groups of items by their train rows (the edges of the definition) and of
 * users by theirs, `items:GROUP` and `users:GROUP`, the share of all that lie in the group, and `item-gate:GROUP` and
 * `user-gate:GROUP`, the mean gate. `item-gate-correlation` and `user-gate-correlation` are Pearson's correlation of the gate
 * with log(1 + train rows); not a number where all gates are alike. Groups without members have no row.
 */
export const gateGroups = node('evaluation/gate-groups', {
  doc: 'Mean gates of groups of items by popularity and of users by activity.',
  source: 'Wei et al. 2021 (KDD), figures 11 and 12',
  in: { items: ItemGates, users: UserGates, train: Clicks, shape: Shape, evaluation: Evaluation },
  out: { metrics: Metrics },
  config: z.strictObject({
    userGroups: z
      .array(z.number().int().nonnegative())
      .default([5, 7, 10, 15, 20])
      .describe('most train rows of a user in each group but the last'),
  }),
  use: { log: Log },
  run({ items, users, train, shape, evaluation }, { userGroups }, { log }) {
    const rows = metricRows(evaluation.name);
    const add = (one: string, many: string, gate: Float32Array, counts: Uint32Array, edges: readonly number[]) => {
      const { names, of, sizes } = itemGroups(counts, edges);
      for (const [group, name] of names.entries())
        if (sizes[group]! > 0) rows.add(`${many}:${name}`, 0, sizes[group]! / of.length);
      for (const [group, name] of names.entries())
        if (sizes[group]! > 0) rows.add(`${one}-gate:${name}`, 0, mean(gate.filter((_, id) => of[id] === group)));
      const found = pearson(
        gate,
        Float64Array.from(counts, (n) => Math.log1p(n)),
      );
      rows.add(`${one}-gate-correlation`, 0, found, 'all gates are alike');
      log.info(`gates of ${many} correlate ${found.toFixed(2)} with the logarithm of their train rows`);
    };
    add('item', 'items', items.gate, popularityOf(train.item, shape.items), evaluation.itemGroups);
    add('user', 'users', users.gate, popularityOf(train.user, shape.users), userGroups);
    return { metrics: rows.table() };
  },
});
