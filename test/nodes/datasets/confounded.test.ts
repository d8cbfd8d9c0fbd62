import { describe, expect, test } from 'vitest';
import { runNode } from '../../../core/testing/index.ts';
import { confounded } from '../../../nodes/datasets/confounded.ts';
import { publishedConfounders } from '../../../nodes/datasets/confounding/confounders.ts';
import { definitionOf } from '../../../nodes/evaluation/presets.ts';
import { mcc } from '../../../nodes/exposure/mcc.ts';

const round = (values: ArrayLike<number>) => Array.from(values, (x) => Number(x.toFixed(3)));
const correlation = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  const [x, y] = [Array.from(a), Array.from(b)];
  const mean = (v: number[]) => v.reduce((s, z) => s + z, 0) / v.length;
  const [p, q] = [mean(x), mean(y)];
  const sum = (f: (k: number) => number) => x.reduce((s, _, k) => s + f(k), 0);
  return sum((k) => (x[k]! - p) * (y[k]! - q)) / Math.sqrt(sum((k) => (x[k]! - p) ** 2) * sum((k) => (y[k]! - q) ** 2));
};

describe('the published confounders', () => {
  const { law, ofUser, C } = publishedConfounders(2000, 1234);
  test('have the laws and the values of the published seed', () => {
    expect(law.mean.map(round)).toEqual([
      [-6.17, 2.442, -1.245, 5.707, 5.6],
      [-4.548, -4.471, 6.037, 9.163, 7.519],
    ]);
    expect(law.variance.map(round)).toEqual([
      [2.431, 3.004, 3.734, 3.851, 2.481],
      [3.245, 3.012, 1.055, 4.091, 4.531],
    ]);
    expect(C[0]?.[0]).toBeCloseTo(-4.10959147, 8);
    expect(C[1]?.[2]).toBeCloseTo(6.14625894, 8);
    expect(correlation(C[0]!, C[1]!)).toBeCloseTo(0.583, 3);
  });

  test('are recovered to .9465 by the means of their classes', async () => {
    const users = 2000;
    const posterior = {
      user: Uint32Array.from({ length: 2 * users }, (_, n) => n >> 1),
      dimension: Uint32Array.from({ length: 2 * users }, (_, n) => n & 1),
      // in the other order and with one sign turned, which must not matter
      mean: Float32Array.from({ length: 2 * users }, (_, n) =>
        n & 1 ? law.mean[0]![ofUser[n >> 1]!]! : -law.mean[1]![ofUser[n >> 1]!]!,
      ),
      sd: new Float32Array(2 * users).fill(1),
    };
    const latents = {
      user: posterior.user,
      dimension: posterior.dimension,
      value: Float64Array.from({ length: 2 * users }, (_, n) => C[n & 1]![n >> 1]!),
    };
    const evaluation = definitionOf('idcf');
    const { metrics } = await runNode(mcc, { posterior, latents, evaluation });
    expect(metrics.value[0]).toBeCloseTo(0.9465, 4);
    const ranked = await runNode(mcc, { posterior, latents, evaluation }, { correlation: 'spearman' });
    expect(ranked.metrics.value[0]).toBeGreaterThan(0.85);
    await expect(
      runNode(mcc, {
        posterior,
        evaluation,
        latents: {
          ...latents,
          user: latents.user.slice(2),
          dimension: latents.dimension.slice(2),
          value: latents.value.slice(2),
        },
      }),
    ).rejects.toThrow('3998 true latents for 2000 users');
  });
});

describe('confounded ratings', () => {
  const small = { users: 400, items: 60, perUser: 6 };
  test('expose about as many pairs as the published file has, with ratings 1 to 5 in fifths of the middle 90 %', async () => {
    const { log, uniform, shape } = await runNode(confounded, {});
    expect(shape).toEqual({ users: 2000, items: 300 });
    expect(uniform.user.length).toBe(30_000);
    // 38,728 rows in the published file; item effects differ from draw to draw
    expect(Math.abs(log.user.length / 38_728 - 1)).toBeLessThan(0.1);
    const counts = [1, 2, 3, 4, 5].map((r) => uniform.rating.filter((x) => x === r).length / 30_000);
    for (const share of counts) expect(share).toBeGreaterThan(0.05);
    expect(counts.reduce((a, b) => a + b, 0)).toBe(1);
  });

  test('show less of the confounder the more noise there is in exposure', async () => {
    const seen = async (noise: number) => {
      const { log, latents } = await runNode(confounded, {}, { ...small, density: 0.5, noise });
      const count = new Float64Array(small.users);
      for (const user of log.user) count[user]!++;
      const C = latents.value.filter((_, n) => latents.dimension[n] === 1);
      return Math.abs(correlation(count, C));
    };
    expect(await seen(0)).toBeGreaterThan(0.5);
    expect(await seen(20)).toBeLessThan(await seen(0));
  });

  test('with factors of items keep the confounders of users, and the middle class is the largest', async () => {
    const { proxies, latents, log } = await runNode(confounded, {}, { ...small, proxies: 'peaked', mix: 'add' });
    const counts = [0, 1, 2, 3, 4].map((c) => proxies.feature.filter((x) => x === c).length);
    expect(Math.max(...counts)).toBe(counts[2]);
    expect(latents.value.length).toBe(2 * small.users);
    expect(log.user.length).toBeGreaterThan(0);
  });

  test('refuse more pairs than they take', async () => {
    await expect(runNode(confounded, {}, { users: 100_000, items: 1000 })).rejects.toThrow(
      '100000 users x 1000 items are more pairs than the simulation takes',
    );
  });
});
