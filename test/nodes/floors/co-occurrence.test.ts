import { expect, test } from 'vitest';
import { runNode } from '../../../core/testing/index.ts';
import { coOccurrenceFloor } from '../../../nodes/floors/co-occurrence.ts';
import { leastPopularFloor } from '../../../nodes/floors/least-popular.ts';

const train = { user: Uint32Array.of(0, 0, 1, 1, 1, 2, 2, 3), item: Uint32Array.of(0, 1, 0, 1, 2, 0, 3, 4) };
const shape = { users: 5, items: 6 };
const scored = async (user: number, config = {}) => {
  const candidates = { user: new Uint32Array(6).fill(user), item: Uint32Array.from({ length: 6 }, (_, i) => i) };
  const { scores } = await runNode(coOccurrenceFloor, { train, candidates, shape }, config);
  return [...scores.score];
};

test('items rise with the clicks they share with those of the user, over their own', async () => {
  // user 3 has item 4 alone, which nobody shares; user 2 has items 0 (3 rows) and 3 (1 row)
  expect(await scored(3)).toEqual([0, 0, 0, 0, 0, 0]);
  // sums of user 2: item 0 has 1 / 3, item 1 2 / sqrt(3) / 2, items 2 and 3 1 / sqrt(3), so that 1, 2 and 3 tie
  expect(await scored(2)).toEqual([1, 2, 2, 2, 0, 0]);
  // with the popularity left in, item 1 is first: 2 / sqrt(3); item 0 has 1
  expect(await scored(2, { exponent: 0 })).toEqual([2, 3, 1, 1, 0, 0]);
});

test('a user without clicks, and an item without, score lowest', async () => {
  expect(await scored(4)).toEqual([0, 0, 0, 0, 0, 0]);
  expect((await scored(0))[5]).toBe(0);
});

test('more items than a table of all pairs can hold are refused', async () => {
  await expect(scored(0, { most: 5 })).rejects.toThrow('6 x 6 counts, and the limit is 5 items');
});

test('the rarest items come first where popularity is turned over', async () => {
  const candidates = { user: new Uint32Array(3), item: Uint32Array.of(0, 1, 5) };
  const { scores } = await runNode(leastPopularFloor, { train, candidates, shape });
  expect([...scores.score]).toEqual([-3, -2, -0]);
});
