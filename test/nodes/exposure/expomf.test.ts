import { describe, expect, test } from 'vitest';
import type { View } from '../../../core/index.ts';
import { randomOf } from '../../../core/numeric/index.ts';
import { stepCheckpoints } from '../../../core/run/step-checkpoints.ts';
import { expoMf } from '../../../nodes/exposure/expomf.ts';
import { plainEngine } from '../../../nodes/learning/kernels/numeric.ts';
import { scorer } from '../../../nodes/learning/serve.ts';
import type { History, Params } from '../../../nodes/ports.ts';

const [users, items] = [40, 23];
const random = randomOf('clicks');
/** Two tastes: users of either half click items of theirs, popular ones more. */
const pairs = Array.from({ length: users * items }, (_, pair) => pair).filter((pair) => {
  const [u, i] = [Math.floor(pair / items), pair % items];
  return random.uniform() < (u % 2 === i % 2 ? 0.9 : 0.04) / (1 + i / 8);
});
const train = {
  user: Uint32Array.from(pairs, (pair) => Math.floor(pair / items)),
  item: Uint32Array.from(pairs, (pair) => pair % items),
};
const services = {
  rng: randomOf('expomf'),
  log: { debug() {}, info() {}, warn() {} },
  progress: { report() {}, epoch() {} },
  cancel: { requested: false, check() {} },
  checkpoints: stepCheckpoints(undefined, () => {}),
  numeric: plainEngine,
};
async function fitted(config: object, clicks = train, more: object = {}) {
  const inputs = { train: clicks, shape: { users, items } };
  return (await expoMf.body(inputs as never, expoMf.configure(config) as never, { ...services, ...more } as never)) as {
    params: View<typeof Params>;
    history: View<typeof History>;
  };
}

describe('ExpoMF', () => {
  test('goes on from any sweep to the same bytes', async () => {
    const saved: { at: string; bytes: Uint8Array }[] = [];
    let time = 0;
    const checkpointsFrom = (from?: Uint8Array) => ({
      checkpoints: stepCheckpoints(
        { key: 'expomf', everyMs: 1, saved: from },
        (message) => message.say === 'checkpoint' && saved.push(message),
        () => time,
      ),
      progress: { report() {}, epoch: () => void time++ },
    });
    const config = { width: 3, sweeps: 5, sd: 0.3, mu: 0.1 };
    const quiet = await fitted(config, train, checkpointsFrom());
    const all = saved.splice(0);
    expect(all.map(({ at }) => at)).toEqual([1, 2, 3, 4].map((sweep) => `sweep ${sweep}`));
    for (const { bytes } of all) expect(await fitted(config, train, checkpointsFrom(bytes))).toEqual(quiet);
    expect(saved.length).toBe(3 + 2 + 1);
  });

  test('never lowers the posterior, from any start', async () => {
    for (const config of [
      { width: 4, sweeps: 12, lambda: 0.1, sd: 0.3, mu: 0.1 },
      { width: 3, sweeps: 12, lambda: 0.01, sd: 0.01, mu: 0.5, lambdaY: 4, a: 1.5, b: 20 },
    ]) {
      const { history } = await fitted(config);
      const curve = [...history.value];
      expect(curve).toHaveLength(12);
      curve.slice(1).forEach((value, n) => {
        expect(value, `sweep ${n + 2}`).toBeGreaterThan((curve[n] as number) - 1e-3);
      });
      expect(curve.at(-1)).toBeGreaterThan((curve[0] as number) + 1);
    }
  });

  test('prefers the items of the taste that a user has, and believes popular items to be seen more', async () => {
    const { params } = await fitted({ width: 4, sweeps: 15, lambda: 0.1, sd: 0.3, mu: 0.2 });
    const { user, item } = {
      user: Uint32Array.from({ length: users * items }, (_, pair) => Math.floor(pair / items)),
      item: Uint32Array.from({ length: users * items }, (_, pair) => pair % items),
    };
    const score = new Float32Array(users * items);
    scorer(params, plainEngine).score(user, item, score);
    const mean = (own: boolean) => {
      const mine = [...score].filter((_, pair) => (user[pair]! % 2 === item[pair]! % 2) === own);
      return mine.reduce((a, b) => a + b, 0) / mine.length;
    };
    expect(mean(true)).toBeGreaterThan(mean(false) + 0.2);
    const mu = params.tensors.mu!.data as Float32Array;
    expect(mu[0]! + mu[1]!).toBeGreaterThan(mu[21]! + mu[22]!);
    expect([...mu].every((p) => p > 0 && p < 1)).toBe(true);
  });

  test('refuses ids outside of the shape', async () => {
    const stranger = { user: Uint32Array.of(users), item: Uint32Array.of(0) };
    await expect(fitted({}, stranger)).rejects.toThrow("user 40, item 0 lies outside the data set's shape");
  });
});
