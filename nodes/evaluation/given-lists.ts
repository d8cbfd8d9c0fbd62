/** Ranked lists that were made elsewhere, as the metrics of lists see them. */
import { Problem } from '../../core/index.ts';
import { groupBy } from '../../core/numeric/index.ts';
import type { KnownRows } from '../learning/ranking/known-rows.ts';
import type { Shape } from '../ports.ts';
import type { RankedList } from './metrics/list.ts';
import { gainOf, rankWeights } from './metrics/ndcg.ts';
import type { Definition } from './schema.ts';

interface Given {
  /** Absent: only what is expected of a random order is asked, and `hits` and `gains` mean nothing. */
  readonly lists?: { readonly user: Uint32Array; readonly rank: Uint32Array; readonly item: Uint32Array } | undefined;
  /** Test rows of user u: `rows[start[u] .. start[u + 1]]`. */
  readonly wanted: {
    readonly start: Uint32Array;
    readonly rows: Uint32Array;
    readonly item: Uint32Array;
    readonly rating?: Float32Array | undefined;
  };
  readonly users: Uint32Array;
  readonly known: KnownRows;
  readonly shape: Shape;
}
export interface GivenLists {
  /** The list of a user; valid until the next call. @throws Problem bad-data for a list that is none */
  of(user: number): RankedList;
  /** Test rows seen so far whose pairs are known. */
  readonly testKnown: number;
}

/** Users with a test row, or with one that they do not know where the definition drops those that they do. */
export function evaluatedUsers(
  { start, rows, item }: Given['wanted'],
  known: KnownRows,
  { knownTest }: Definition,
): Uint32Array {
  const wants = (u: number) => {
    if (knownTest === 'missed') return start[u + 1]! > start[u]!;
    const mine = new Set(known.item.subarray(known.start[u], known.start[u + 1]));
    return rows.subarray(start[u], start[u + 1]).some((row) => !mine.has(item[row]!));
  };
  return Uint32Array.from({ length: start.length - 1 }, (_, u) => u).filter(wants);
}

/** @throws Problem bad-data for a list of a user or an item outside the shape */
export function listsOf({ lists, wanted, users, known, shape }: Given, definition: Definition): GivenLists {
  const deepest = definition.cutoffs[definition.cutoffs.length - 1] as number;
  const room = Math.min(deepest, shape.items);
  let longest = 0;
  for (const u of users) longest = Math.max(longest, wanted.start[u + 1]! - wanted.start[u]!);
  // columns are looked up once: a step's tables watch what is read of them
  const given = lists && { ...groupBy(checked(lists, shape), shape.users), rank: lists.rank, item: lists.item };
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
  /** The user that an item was last seen for, and its rating; the same for items that the user knows. */
  const seen = new Int32Array(shape.items).fill(-1);
  const rating = new Float32Array(shape.items);
  const knows = new Int32Array(shape.items).fill(-1);
  let testKnown = 0;
  return {
    get testKnown() {
      return testKnown;
    },
    of(user) {
      for (let at = known.start[user]!; at < known.start[user + 1]!; at++) knows[known.item[at]!] = user;
      list.positives = 0;
      list.reachable = 0;
      list.gainSum = 0;
      list.idealLength = 0;
      for (let at = wanted.start[user]!; at < wanted.start[user + 1]!; at++) {
        const row = wanted.rows[at]!;
        const item = wanted.item[row]!;
        const value = wanted.rating?.[row] ?? definition.threshold;
        if (knows[item] === user) testKnown++;
        if (knows[item] === user && definition.knownTest === 'dropped') continue;
        const positive = value >= definition.threshold;
        const gain = gainOf(value, definition);
        if (positive) list.positives++;
        if (gain > 0) list.ideal[list.idealLength++] = gain;
        if (knows[item] !== user && seen[item] !== user) {
          if (positive) list.reachable++;
          list.gainSum += gain;
        }
        seen[item] = user;
        rating[item] = value;
      }
      if (definition.gain !== 'binary') list.ideal.subarray(0, list.idealLength).sort().reverse();
      list.candidates = shape.items - (known.start[user + 1]! - known.start[user]!);
      list.depth = Math.min(room, list.candidates);
      if (given === undefined) return list;
      const length = given.start[user + 1]! - given.start[user]!;
      if (length < list.depth) throw tooShort(user, length, list.depth, deepest);
      for (let r = 0; r < length; r++) {
        const row = given.rows[given.start[user]! + r]!;
        if (given.rank[row] !== r + 1) throw noList(user, row, r + 1, given.rank[row]!);
        const item = given.item[row]!;
        if (knows[item] === user) throw holdsKnown(user, item, row);
        if (r >= list.depth) continue;
        const value = seen[item] === user ? rating[item]! : Number.NaN;
        list.hits[r] = value >= definition.threshold ? 1 : 0;
        list.gains[r] = gainOf(value, definition);
      }
      return list;
    },
  };
}

function checked({ user, item }: NonNullable<Given['lists']>, { users, items }: Shape): Uint32Array {
  for (let row = 0; row < user.length; row++)
    if (user[row]! >= users || item[row]! >= items)
      throw new Problem('bad-data', `user ${user[row]}, item ${item[row]} lies outside the data set's shape`, {
        where: `lists, row ${row}`,
        hint: `it has ${users} users and ${items} items`,
      });
  return user;
}

const tooShort = (user: number, length: number, needed: number, deepest: number) =>
  new Problem('bad-data', `the list of user ${user} has ${length} items, and the cut-off ${deepest} needs ${needed}`, {
    where: 'lists',
    hint: 'raise `top` of the step that makes the lists, and give both steps the same known pairs',
  });
const noList = (user: number, row: number, wanted: number, rank: number) =>
  new Problem('bad-data', `the list of user ${user} has rank ${rank} where ${wanted} should stand`, {
    where: `lists, row ${row}`,
    hint: 'a list has its ranks from 1 on, in ascending order',
  });
const holdsKnown = (user: number, item: number, row: number) =>
  new Problem('bad-data', `the list of user ${user} holds item ${item}, which is known and should not be ranked`, {
    where: `lists, row ${row}`,
    hint: 'give the same known pairs to the step that makes the lists and to the one that measures them',
  });
