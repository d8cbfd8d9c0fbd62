import { expect, test } from 'vitest';
import { runNode } from '../../../core/testing/index.ts';
import { gateGroups } from '../../../nodes/evaluation/gate-groups.ts';
import { definitionOf } from '../../../nodes/evaluation/presets.ts';

test('gates are averaged over groups of items and of users, those without a train row in the first', async () => {
  const items = { item: Uint32Array.of(0, 1, 2), gate: Float32Array.of(0.25, 0.75, 1) };
  const users = { user: Uint32Array.of(0, 1), gate: Float32Array.of(0.5, 0.5) };
  const train = { user: Uint32Array.of(0, 0, 0), item: Uint32Array.of(1, 2, 2) };
  const evaluation = definitionOf('macr', { itemGroups: [1, 5] });
  const { metrics } = await runNode(
    gateGroups,
    { items, users, train, shape: { users: 2, items: 3 }, evaluation },
    { userGroups: [0] },
  );
  const found = Object.fromEntries(metrics.metric.map((name, row) => [name, metrics.value[row]]));
  expect(found).toMatchObject({
    'items:<=1': 2 / 3,
    'items:<=5': 1 / 3,
    'item-gate:<=1': 0.5,
    'item-gate:<=5': 1,
    'users:<=0': 0.5,
    'user-gate:>0': 0.5,
    'user-gate-correlation': Number.NaN,
  });
  expect(found['item-gate:>5']).toBeUndefined();
  expect(found['item-gate-correlation']).toBeGreaterThan(0.9);
  expect(metrics.reason[metrics.metric.indexOf('user-gate-correlation')]).toBe('all gates are alike');
});
