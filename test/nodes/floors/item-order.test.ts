import { expect, test } from 'vitest';
import { runNode } from '../../../core/testing/index.ts';
import { itemOrderFloor } from '../../../nodes/floors/item-order.ts';

const shape = { users: 4, items: 5 };
const pairsOf = (...pairs: readonly (readonly [number, number])[]) => ({
  user: Uint32Array.from(pairs, ([user]) => user),
  item: Uint32Array.from(pairs, ([, item]) => item),
});
// item 3 has three rows, items 1 and 2 one each, 0 and 4 none
const train = pairsOf([0, 3], [1, 3], [2, 3], [0, 2], [1, 1]);
const tested = pairsOf([0, 4], [1, 0], [3, 1], [3, 2]);

test('a list is the one order of all items without what the user knows; equal numbers go to the lower item', async () => {
  const { lists } = await runNode(itemOrderFloor, { train, test: tested, known: train, shape }, { top: 3 });
  expect([...lists.user]).toEqual([0, 0, 0, 1, 1, 1, 3, 3, 3]);
  expect([...lists.item]).toEqual([1, 0, 4, 2, 0, 4, 3, 1, 2]);
  expect([...lists.rank]).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3]);
  expect([...lists.score]).toEqual([1, 0, 0, 1, 0, 0, 3, 1, 1]);
});

test('the rarest come first when asked for, and a user with fewer items left gets fewer', async () => {
  const known = pairsOf([0, 0], [0, 1], [0, 2], [0, 3]);
  const { lists } = await runNode(itemOrderFloor, { train, test: tested, known, shape }, { by: 'rarity', top: 2 });
  expect([...lists.user]).toEqual([0, 1, 1, 3, 3]);
  expect([...lists.item]).toEqual([4, 0, 4, 0, 4]);
});

test('ids outside of the shape are refused with their place', async () => {
  const outside = pairsOf([0, 5]);
  await expect(runNode(itemOrderFloor, { train, test: outside, known: train, shape })).rejects.toThrow('item 5');
});
