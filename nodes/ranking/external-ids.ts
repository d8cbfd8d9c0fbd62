import { node, optional, Problem } from '../../core/index.ts';
import { Ids } from '../ports.ts';
import { Recommendations, TopItems } from './ports.ts';

/**
 * The same rows with the ids that the data have. A data set without an id map has dense ids from 0 on; they are written as
 * text.
 *
 * @throws Problem bad-data when the map lacks an id
 */
export const externalIds = node('ranking/external-ids', {
  doc: 'Recommendations with the ids of the data.',
  in: { top: TopItems, userIds: optional(Ids), itemIds: optional(Ids) },
  out: { items: Recommendations },
  weight: 'light',
  run: ({ top, userIds, itemIds }) => ({
    items: {
      user: named('user', top.user, userIds?.id),
      rank: top.rank,
      item: named('item', top.item, itemIds?.id),
      score: top.score,
      ...(top.match && { match: top.match }),
      ...(top.gate && { gate: top.gate }),
      ...(top.penalty && { penalty: top.penalty }),
    },
  }),
});

function named(what: string, dense: Uint32Array, ids: readonly string[] | undefined): readonly string[] {
  return Array.from(dense, (n) => {
    const id = ids === undefined ? String(n) : ids[n];
    if (id !== undefined) return id;
    throw new Problem('bad-data', `the id map has ${ids?.length} ${what}s, and a recommendation is of ${what} ${n}`, {
      where: `${what}Ids`,
    });
  });
}
