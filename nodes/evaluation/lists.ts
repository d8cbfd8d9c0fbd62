/** The ranked list of each evaluated user, one after the other, in buffers that are used again. */
import type { Judged } from './judged.ts';
import type { RankedList } from './metrics/list.ts';
import { gainOf, rankWeights } from './metrics/ndcg.ts';
import type { Definition } from './schema.ts';
import { topRanks } from './top-ranks.ts';

/**
 * Calls `visit` for every evaluated user, ascending, with the list and the places of its items in `judged.item`. Both are
 * valid until the next call.
 * @param ranked false leaves the ranks empty (depth 0), for what does not depend on scores
 */
export function eachList(
  judged: Judged,
  definition: Definition,
  ranked: boolean,
  visit: (user: number, list: RankedList, places: Uint32Array) => void,
): void {
  const { users, start, score, rating, testStart, testRating } = judged;
  const deepest = definition.cutoffs[definition.cutoffs.length - 1] as number;
  let longest = 0;
  for (const user of users)
    longest = Math.max(longest, start[user + 1]! - start[user]!, testStart[user + 1]! - testStart[user]!);
  const room = Math.min(deepest, longest);
  const places = new Uint32Array(room);
  const list: RankedList = {
    depth: 0,
    candidates: 0,
    positives: 0,
    reachable: 0,
    gainSum: 0,
    hits: new Uint8Array(room),
    gains: new Float64Array(room),
    idealLength: 0,
    ideal: new Float64Array(longest),
    weights: rankWeights(definition, deepest),
  };
  for (const user of users) {
    const from = start[user]!;
    const to = start[user + 1]!;
    list.candidates = to - from;
    list.reachable = 0;
    list.gainSum = 0;
    for (let at = from; at < to; at++) {
      if (rating[at]! >= definition.threshold) list.reachable++; // false for NaN
      list.gainSum += gainOf(rating[at]!, definition);
    }
    list.depth = ranked ? topRanks(score, from, to, room, places) : 0;
    for (let rank = 0; rank < list.depth; rank++) {
      const given = rating[places[rank]!]!;
      list.hits[rank] = given >= definition.threshold ? 1 : 0;
      list.gains[rank] = gainOf(given, definition);
    }
    list.positives = 0;
    list.idealLength = 0;
    for (let at = testStart[user]!; at < testStart[user + 1]!; at++) {
      if (testRating[at]! >= definition.threshold) list.positives++;
      const gain = gainOf(testRating[at]!, definition);
      if (gain > 0) list.ideal[list.idealLength++] = gain;
    }
    if (definition.gain !== 'binary') list.ideal.subarray(0, list.idealLength).sort().reverse();
    visit(user, list, places);
  }
}
