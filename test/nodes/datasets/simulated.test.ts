import { describe, expect, test } from 'vitest';
import { runNode } from '../../../core/testing/index.ts';
import { simulated } from '../../../nodes/datasets/simulated.ts';

const of = (config: Parameters<typeof runNode<{}, {}, typeof simulated.config>>[2], seed = 'a') =>
  runNode(simulated, {}, config ?? {}, { seed });
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

describe('the simulation', () => {
  test('is the same for the same seed, and another for another', async () => {
    const small = { users: 60, items: 40 };
    const [first, again, other] = [await of(small), await of(small), await of(small, 'b')];
    expect(again).toEqual(first);
    expect(other.log).not.toEqual(first.log);
  });
  test('observes the share of all pairs that it was asked for', async () => {
    for (const density of [0.05, 0.3]) {
      const { log, truth } = await of({ users: 300, items: 150, density });
      // sd of the share of 45,000 independent draws is below .0022
      expect(Math.abs(log.user.length / 45_000 - density)).toBeLessThan(0.01);
      expect(truth.p).toHaveLength(log.user.length);
    }
  });
  test('knows the truth: weighting the log by it gives the size and the ratings of all pairs', async () => {
    const config = { users: 300, items: 150, density: 0.3, perUser: 150 };
    const { log, truth, uniform } = await of(config);
    const everything = mean(uniform.rating);
    expect(uniform.user).toHaveLength(45_000);
    const weights = Array.from(truth.p, (p) => 1 / p);
    const total = weights.reduce((a, b) => a + b, 0);
    const weighted = weights.reduce((sum, w, row) => sum + w * log.rating[row]!, 0) / total;
    expect(Math.abs(total / 45_000 - 1)).toBeLessThan(0.1);
    expect(Math.abs(weighted - everything)).toBeLessThan(0.5 * Math.abs(mean(log.rating) - everything));
  });
  test('without strength is missing at random within items: truth does not depend on the rating', async () => {
    const { log, truth } = await of({ users: 200, items: 50, strength: 0, popularity: 0, activity: 0, density: 0.3 });
    expect(new Set(truth.p.map((p) => Math.round(p * 1e5))).size).toBe(1);
    expect(truth.p[0]).toBeCloseTo(0.3, 4);
    expect(log.user.length).toBeGreaterThan(0);
  });
  test('asks each user for distinct random items, in order', async () => {
    const { uniform } = await of({ users: 30, items: 25, perUser: 7 });
    for (let u = 0; u < 30; u++) {
      const items = [...uniform.item.subarray(u * 7, u * 7 + 7)];
      expect(new Set(items).size).toBe(7);
      expect(items).toEqual([...items].sort((a, b) => a - b));
      expect([...uniform.user.subarray(u * 7, u * 7 + 7)]).toEqual(new Array(7).fill(u));
    }
  });
  test('refuses to ask for more items than there are, and sizes beyond memory', async () => {
    await expect(of({ users: 5, items: 5, perUser: 6 })).rejects.toMatchObject({ code: 'bad-config' });
    await expect(of({ users: 100_000, items: 100_000 })).rejects.toMatchObject({
      code: 'bad-config',
      hint: 'choose fewer users or items',
    });
  });
});
