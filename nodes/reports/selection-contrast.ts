/** How ratings that users chose to give differ from ratings of uniformly random pairs. */
import type { Shape } from '../ports.ts';
import { chiSquare } from '../statistics/chi-square.ts';
import type { Contrast, RoleCard } from './card-schema.ts';
import type { RoleTable } from './role-card.ts';

/**
 * P(observed | rating r) = P(r | observed) P(observed) / P(r) by naive Bayes (Schnabel et al. 2016, section 5.1), and what
 * else tells the two distributions apart. Both cards count over the same bins. Null when one of them is empty.
 */
export async function selectionContrast(
  log: RoleTable,
  random: RoleTable,
  cards: { readonly log: RoleCard; readonly random: RoleCard },
  shape: Shape,
): Promise<Contrast | null> {
  const [ofLog, ofRandom] = [cards.log, cards.random];
  if (ofLog.mean === null || ofRandom.mean === null || ofLog.density === null) return null;
  const density = ofLog.density;
  let apart = 0;
  const byRating = ofLog.ratings.map(({ from, to, share }, at) => {
    const other = ofRandom.ratings[at]?.share ?? 0;
    apart += Math.abs(share - other);
    const relative = other === 0 ? null : share / other;
    const propensity = relative === null ? null : Math.min(1, relative * density);
    return { from, to, log: share, random: other, propensity, relative };
  });
  const counts = ({ ratings }: RoleCard) => ratings.map(({ count }) => count);
  return {
    log: ofLog.role,
    random: ofRandom.role,
    pairsInBoth: commonPairs(log, random, shape),
    meanDifference: ofLog.mean - ofRandom.mean,
    totalVariation: Math.min(1, apart / 2),
    chiSquare: await chiSquare(counts(ofLog), counts(ofRandom)),
    byRating,
  };
}

/** Pairs that are in both tables, by a merge of their sorted places in the matrix. */
function commonPairs(a: RoleTable, b: RoleTable, { items }: Shape): number {
  const places = ({ user, item }: RoleTable) => Float64Array.from(user, (u, row) => u * items + item[row]!).sort();
  const [first, second] = [places(a), places(b)];
  let common = 0;
  for (let i = 0, j = 0; i < first.length && j < second.length; ) {
    const place = first[i]!;
    if (place < second[j]!) i++;
    else if (place > second[j]!) j++;
    else {
      common++;
      while (first[i] === place) i++;
      while (second[j] === place) j++;
    }
  }
  return common;
}
