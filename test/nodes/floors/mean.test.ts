import { expect, test } from 'vitest';
import { runNode } from '../../../core/testing/index.ts';
import { definitionOf } from '../../../nodes/evaluation/presets.ts';
import { meanFloor } from '../../../nodes/floors/mean.ts';

const u = (...values: number[]) => Uint32Array.from(values);
const f = (...values: number[]) => Float32Array.from(values);
const truth = { user: u(0, 0, 1, 1), item: u(0, 1, 0, 1), rating: f(1, 0, 0, 0) };
const train = { user: u(0, 1), item: u(2, 2), rating: f(1, 0.5) };
const shape = { users: 2, items: 3 };

test('one number for every pair has errors and nothing that needs an order', async () => {
  const floor = { candidates: truth, test: truth, train, shape };
  const { metrics, perUser } = await runNode(meanFloor, { ...floor, evaluation: definitionOf('dt-icde24') });
  expect([...metrics.metric]).toEqual(['mse', 'mae', 'logloss', 'ece']);
  expect(metrics.value[0]).toBeCloseTo((0.0625 + 3 * 0.5625) / 4, 6);
  expect(metrics.value[1]).toBeCloseTo((0.25 + 3 * 0.75) / 4, 6);
  expect(perUser.user.length).toBe(0);
});

test('against soft truths a constant is as wrong as they are spread', async () => {
  const soft = { ...truth, rating: f(0.5, 0.75, 1, 0.75) };
  const floor = { candidates: soft, test: soft, train, shape };
  const { metrics } = await runNode(meanFloor, { ...floor, evaluation: definitionOf('soft-truth') });
  expect(metrics.value[0]).toBeCloseTo((0.0625 + 0.0625) / 4, 6);
});
