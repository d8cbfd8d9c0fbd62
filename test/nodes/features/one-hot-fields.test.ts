import { expect, test } from 'vitest';
import { runNode } from '../../../core/testing/index.ts';
import { oneHotFields } from '../../../nodes/features/one-hot-fields.ts';

/** Three users in fields of 2 and 3 levels. */
const userFeatures = {
  row: Uint32Array.of(0, 0, 1, 1, 2, 2),
  feature: Uint32Array.of(0, 2, 1, 4, 0, 3),
  value: Float32Array.of(1, 1, 1, 1, 1, 1),
};
const shape = { users: 3, items: 1 };
const checked = (fields: number[]) => runNode(oneHotFields, { userFeatures, shape }, { fields });

test('features with the fields that a method was told of pass as they are', async () => {
  const { userFeatures: passed } = await checked([2, 3]);
  expect([...passed.feature]).toEqual([...userFeatures.feature]);
  expect([...passed.row]).toEqual([...userFeatures.row]);
});

test('features of other fields are refused, whether they are more or lie elsewhere', async () => {
  await expect(checked([2, 2])).rejects.toThrow('lies outside of the fields');
  await expect(checked([3, 2])).rejects.toThrow('has no level in field');
});
