/** The share of users with a held-out item near the top of all items: what training on clicks may stop on. */
import { Problem } from '../../../core/index.ts';
import { groupBy } from '../../../core/numeric/index.ts';
import { ClickedItems } from '../sampling/triples.ts';
import type { Scorer } from '../serve.ts';

/** Pairs that are scored at once. */
const atOnce = 1 << 17;

interface PairTable {
  readonly user: Uint32Array;
  readonly item: Uint32Array;
}

/**
 * HR@cutoff over the users of `held`: 1 for a user with one of its held-out items among the `cutoff` best of all items that
 * `train` does not have for it, equal scores going to the lower item id. A held-out pair that train has is no candidate.
 * @returns what measures a model; NaN where there are no users
 */
export function hitRate(
  held: PairTable,
  train: PairTable & { readonly users: number; readonly items: number },
  cutoff: number,
): (model: Scorer) => number {
  const { users, items } = train;
  for (let r = 0; r < held.user.length; r++)
    if (held.user[r]! >= users || held.item[r]! >= items)
      throw new Problem(
        'bad-data',
        `a held-out pair is user ${held.user[r]}, item ${held.item[r]}, outside of the shape`,
        {
          where: `row ${r}`,
        },
      );
  const clicked = new ClickedItems(train);
  const wanted = groupBy(held.user, users);
  const asked = Uint32Array.from({ length: users }, (_, u) => u).filter((u) => wanted.start[u + 1]! > wanted.start[u]!);
  const together = Math.max(1, Math.floor(atOnce / items));
  const user = new Uint32Array(together * items);
  const item = Uint32Array.from({ length: together * items }, (_, pair) => pair % items);
  const score = new Float32Array(together * items);
  return (model) => {
    let hits = 0;
    for (let first = 0; first < asked.length; first += together) {
      const count = Math.min(together, asked.length - first);
      for (let n = 0; n < count; n++) user.fill(asked[first + n]!, n * items, (n + 1) * items);
      const pairs = count * items;
      model.score(user.subarray(0, pairs), item.subarray(0, pairs), score.subarray(0, pairs));
      for (let n = 0; n < count; n++) {
        const u = asked[first + n]!;
        const mine = score.subarray(n * items, (n + 1) * items);
        const best = bestOf(u, mine);
        if (best < 0) continue;
        const top = mine[best]!;
        let before = 0;
        for (let i = 0; i < items; i++) if (mine[i]! > top || (mine[i] === top && i < best)) before++;
        for (let at = clicked.start[u]!; at < clicked.start[u + 1]!; at++) {
          const i = clicked.item[at]!;
          if (at > clicked.start[u]! && clicked.item[at - 1] === i) continue;
          if (mine[i]! > top || (mine[i] === top && i < best)) before--;
        }
        if (before < cutoff) hits++;
      }
    }
    return asked.length === 0 ? Number.NaN : hits / asked.length;
  };

  /** The user's best held-out item, or -1. */
  function bestOf(u: number, scores: Float32Array): number {
    let best = -1;
    for (let at = wanted.start[u]!; at < wanted.start[u + 1]!; at++) {
      const i = held.item[wanted.rows[at]!]!;
      if (clicked.has(u, i)) continue;
      if (best < 0 || scores[i]! > scores[best]! || (scores[i] === scores[best] && i < best)) best = i;
    }
    return best;
  }
}
