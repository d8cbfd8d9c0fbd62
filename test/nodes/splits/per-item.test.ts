import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runNode } from '../../../core/testing/index.ts';
import { kCore } from '../../../nodes/splits/k-core.ts';
import { latestPerItem } from '../../../nodes/splits/latest-per-item.ts';
import type { RatingsView } from '../../../nodes/splits/parts.ts';
import { randomPerItem } from '../../../nodes/splits/random-per-item.ts';
import { uniformOverItems } from '../../../nodes/splits/uniform-over-items.ts';
import { isPartition, ratingsOf, rowNumbers, someRatings } from './ratings.ts';

/** Items with so many rows each, every user rating an item once, later users later. */
const items = (...rows: readonly number[]) =>
  ratingsOf(rows.flatMap((n, item) => Array.from({ length: n }, (_, user) => ({ user, item, time: user }))));
const perItem = ({ item }: RatingsView, size: number) => {
  const counts = new Array<number>(size).fill(0);
  for (const i of item) counts[i]!++;
  return counts;
};
const reported = (
  report: { part: readonly string[]; quantity: readonly string[]; value: Float64Array },
  part: string,
) =>
  Object.fromEntries(
    report.quantity.flatMap((name, row) => (report.part[row] === part ? [[name, report.value[row]]] : [])),
  );

describe('the latest rows of each item', () => {
  test('are min(floor(.9 n), n - 1, cap): 4, 5, 9, 9, 10 of 5, 6, 10, 11, 12 with cap 10', async () => {
    const { train, test } = await runNode(latestPerItem, { ratings: items(5, 6, 10, 11, 12) }, { cap: 10 });
    expect(perItem(test, 5)).toEqual([4, 5, 9, 9, 10]);
    expect(perItem(train, 5)).toEqual([1, 1, 1, 2, 2]);
    // the earliest stay
    expect(new Set(train.user)).toEqual(new Set([0, 1]));
  });
  test('leave an item its only row, and validation takes of the rest with a cap of its own', async () => {
    const ratings = items(1, 3, 20);
    const { train, test, validation } = await runNode(latestPerItem, { ratings }, { cap: 4, validation: 5 });
    expect([train, test, validation].map((part) => perItem(part as RatingsView, 3))).toEqual([
      [1, 1, 11],
      [0, 2, 4],
      [0, 0, 5],
    ]);
    expect([...(validation as RatingsView).user].sort((a, b) => a - b)).toEqual([11, 12, 13, 14, 15]);
  });
  test('go by the position in the rows of their user where there are no times', async () => {
    // item 7 is first in the list of user 0 and last in that of user 1
    const { time: _, ...ratings } = ratingsOf(
      [
        [1, 3],
        [1, 4],
        [1, 7],
        [0, 7],
        [0, 3],
        [0, 4],
      ].map(([user, item]) => ({ user: user!, item: item!, time: 0 })),
    );
    const { test } = await runNode(latestPerItem, { ratings }, { cap: 1, share: 0.5 });
    expect(Array.from(test.user, (u, row) => [u, test.item[row]])).toEqual([
      [1, 7],
      [0, 3],
      [0, 4],
    ]);
  });
  test('come with a report: shares, rows an item, and users without a row in train', async () => {
    const { report } = await runNode(latestPerItem, { ratings: items(5, 6, 10) }, { cap: 4 });
    expect(reported(report, 'test')).toMatchObject({
      rows: 12,
      share: 12 / 21,
      items: 3,
      least: 4,
      median: 4,
      most: 4,
      gini: 0,
      'items with 4': 3,
    });
    expect(reported(report, 'train')).toMatchObject({ rows: 9, least: 1, median: 2, most: 6, 'users lost': 4 });
  });
});

describe('a uniform draw over items', () => {
  test('reaches the share, never empties an item, and treats items alike', async () => {
    const ratings = items(2, 40, 40, 40, 78);
    const { train, test, validation, report } = await runNode(
      uniformOverItems,
      { ratings },
      { test: 0.3, validation: 0.1 },
    );
    expect([test.user.length, validation?.user.length, train.user.length]).toEqual([60, 20, 120]);
    expect(Math.min(...perItem(train, 5))).toBeGreaterThan(0);
    const [first, ...others] = perItem(test, 5);
    expect(first).toBe(1);
    for (const n of others) expect(Math.abs(n - 59 / 4)).toBeLessThan(11); // sd 3.3
    expect(isPartition(ratings, [train, test, validation])).toBe(true);
    expect(reported(report, 'validation').rows).toBe(20);
  });
  test('stops with a word when every item is down to one row', async () => {
    const warnings: string[] = [];
    const say = (message: { say: string; message?: string }) =>
      message.say === 'log' && warnings.push(message.message as string);
    const { test } = await runNode(
      uniformOverItems,
      { ratings: items(1, 1, 1, 3) },
      { test: 0.9 },
      { say: say as never },
    );
    expect(perItem(test, 4)).toEqual([0, 0, 0, 2]);
    expect(warnings.join()).toContain('the test part has 2 rows of the 5 asked for');
  });
});

test('every split by item divides the rows, whatever the table and the seed', () =>
  fc.assert(
    fc.asyncProperty(someRatings(20), fc.integer().map(String), async (ratings, seed) => {
      for (const [node, config] of [
        [latestPerItem, { cap: 2 }],
        [randomPerItem, { cap: 2 }],
        [uniformOverItems, { test: 0.2 }],
      ] as const) {
        const { train, test } = await runNode(node as typeof latestPerItem, { ratings }, config as object, { seed });
        expect(isPartition(ratings, [train, test])).toBe(true);
        const [before, left] = [perItem(ratings, 10), perItem(train, 10)];
        for (const [item, n] of before.entries()) expect(left[item]! > 0).toBe(n > 0);
      }
    }),
    { numRuns: 20 },
  ));

describe('a k-core', () => {
  const pairs = (...rows: readonly (readonly [number, number])[]) =>
    ratingsOf(rows.map(([user, item], time) => ({ user, item, time })));
  test('drops who has too few, then those who have too few without them, and numbers the rest as they appear', async () => {
    // item 9 has one user; without it user 5 has one item
    const ratings = pairs([5, 9], [5, 3], [2, 3], [2, 1], [7, 1], [7, 3]);
    const { ratings: kept, shape, userIds, itemIds } = await runNode(kCore, { ratings }, { users: 2, items: 2 });
    expect(rowNumbers(kept)).toEqual([2, 3, 4, 5]);
    expect([[...kept.user], [...kept.item]]).toEqual([
      [0, 0, 1, 1],
      [0, 1, 1, 0],
    ]);
    expect([shape, userIds.id, itemIds.id]).toEqual([{ users: 2, items: 2 }, ['2', '7'], ['3', '1']]);
  });
  test('counts a repeated pair once and keeps its latest row', async () => {
    const ratings = pairs([0, 0], [0, 0], [0, 1], [1, 0], [1, 1], [1, 0]);
    const once = await runNode(kCore, { ratings }, { users: 2, items: 2 });
    expect(rowNumbers(once.ratings)).toEqual([1, 2, 4, 5]);
    const kept = await runNode(kCore, { ratings }, { users: 2, items: 2, duplicates: 'keep' });
    expect(rowNumbers(kept.ratings)).toEqual([0, 1, 2, 3, 4, 5]);
    await expect(runNode(kCore, { ratings }, { users: 3, items: 2 })).rejects.toThrow('of 6 rows none is left');
  });
  test('takes ratings from a threshold on, and leads back to external ids', async () => {
    const ratings = pairs([0, 0], [1, 0], [1, 1]);
    const given = { ratings, userIds: { id: ['ann', 'bob'] }, itemIds: { id: ['x', 'y'] } };
    const { ratings: kept, userIds, itemIds } = await runNode(kCore, given, { users: 1, items: 1, threshold: 1 });
    expect(rowNumbers(kept)).toEqual([1, 2]);
    expect([userIds.id, itemIds.id]).toEqual([['bob'], ['x', 'y']]);
  });
});
