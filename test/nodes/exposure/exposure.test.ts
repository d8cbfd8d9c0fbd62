import { describe, expect, test } from 'vitest';
import { randomOf } from '../../../core/numeric/random.ts';
import type { StepMessage } from '../../../core/run/executor.ts';
import { stepCheckpoints } from '../../../core/run/step-checkpoints.ts';
import { lawful } from '../../../core/testing/lawful.ts';
import { runNode } from '../../../core/testing/run-node.ts';
import { ivae } from '../../../nodes/exposure/ivae.ts';
import { ivaeOfVectors } from '../../../nodes/exposure/ivae-of-vectors.ts';
import { vae } from '../../../nodes/exposure/vae.ts';
import type { BackendName } from '../../../nodes/learning/tensor/backend.ts';
import { backends, engine, hasNative, servicesOn, tensorsOn } from '../learning/tensor/backends.ts';

/** Two kinds of users, known by a proxy: even ones are shown the first half of the items and odd ones the second, mostly. */
const users = 60;
const items = 20;
const rng = randomOf('exposure');
const pairs: [number, number][] = [];
for (let user = 0; user < users; user++)
  for (let item = 0; item < items; item++) {
    const mine = (user % 2 === 0) === item < items / 2;
    if (rng.uniform() < (mine ? 0.8 : 0.05)) pairs.push([user, item]);
  }
const exposure = {
  user: Uint32Array.from(pairs, ([user]) => user),
  item: Uint32Array.from(pairs, ([, item]) => item),
};
const shape = { users, items };
const everyone = Uint32Array.from({ length: users }, (_, user) => user);
const proxies = { row: everyone, feature: everyone.map((user) => user % 2), value: new Float32Array(users).fill(1) };
/** Rows of the exposure in two numbers: how much of either half a user saw. */
const vectors = (() => {
  const data = new Float32Array(users * 2);
  for (const [user, item] of pairs) data[user * 2 + (item < items / 2 ? 0 : 1)]! += 0.1;
  return { head: {}, tensors: { rows: { shape: [users, 2], data } } };
})();
const small = { size: 2, hidden: 8, rate: 0.03, layers: 2, epochs: 40, norms: 0.001 };

const values = (curve: { quantity: readonly string[]; value: Float64Array }, name: string) =>
  [...curve.value].filter((_, row) => curve.quantity[row] === name);
/** How far the mean of even users is from that of odd ones on the widest dimension, in posterior sds. */
function apart({ posterior }: { posterior: { mean: Float32Array; sd: Float32Array } }): number {
  const distances = [0, 1].map((d) => {
    const of = (parity: number) => {
      let sum = 0;
      for (let user = parity; user < users; user += 2) sum += posterior.mean[user * 2 + d]!;
      return sum / (users / 2);
    };
    return Math.abs(of(0) - of(1)) / posterior.sd[d]!;
  });
  return Math.max(...distances);
}

describe.each(backends)('on %s', (name: BackendName) => {
  const options = { use: servicesOn(name), seed: 'a' };

  test('a fit that was stopped goes on from its checkpoint to the same bytes, in its first run or a later one', async () => {
    const settings = { ...small, epochs: 5, runs: 2 };
    /** Saves after every epoch. */
    const fitted = async (saved?: Uint8Array, more = settings) => {
      const said: StepMessage[] = [];
      let epochs = 0;
      const services = {
        rng: randomOf('a'),
        log: { debug() {}, info() {}, warn() {} },
        progress: { report() {}, epoch: () => void epochs++ },
        cancel: { requested: false, check() {} },
        checkpoints: stepCheckpoints(
          { key: 'a key', everyMs: 1, saved },
          (message) => void said.push(message),
          () => epochs,
        ),
        numeric: engine,
        tensors: tensorsOn(name),
      };
      const inputs = { exposure, shape, proxies };
      const out = await ivae.body(inputs as never, ivae.configure(more) as never, services as never);
      return { out, said, epochs };
    };
    const quiet = await fitted();
    const all = quiet.said.flatMap((message) => (message.say === 'checkpoint' ? [message] : []));
    expect(all.map(({ at }) => at)).toEqual([1, 2].flatMap((r) => [1, 2, 3, 4, 5].map((e) => `run ${r}, epoch ${e}`)));
    for (const n of [0, 4, 7]) {
      const again = await fitted(all[n]!.bytes);
      expect(again.said[0]).toEqual({ say: 'resumed', at: all[n]!.at });
      expect(again.out).toEqual(quiet.out);
      expect(again.epochs).toBe(9 - n);
    }
    const narrow = { ...settings, hidden: 4 };
    const refused = await fitted(all[0]!.bytes, narrow);
    expect(refused.said[0]).toMatchObject({ say: 'log', level: 'warn' });
    expect(refused.out).toEqual((await fitted(undefined, narrow)).out);
  });

  test('a VAE finds the two kinds of users, and gives each user and dimension once', async () => {
    const out = await runNode(vae, { exposure, shape }, small, options);
    expect([...out.posterior.user.slice(0, 4)]).toEqual([0, 0, 1, 1]);
    expect(out.posterior.mean).toHaveLength(users * 2);
    expect(apart(out)).toBeGreaterThan(2);
    expect([...out.dimensions.live]).toContain(1);
    const heldOut = values(out.curve, 'held-out negative ELBO');
    expect(Math.min(...heldOut)).toBeLessThan(0.8 * heldOut[0]!);
  });

  test('an iVAE is pulled to the prior of its proxies: the law of a user that was shown nothing differs by kind', async () => {
    const seen = [...exposure.user.keys()].filter((row) => exposure.user[row]! >= 2);
    const without = {
      user: Uint32Array.from(seen, (row) => exposure.user[row]!),
      item: Uint32Array.from(seen, (row) => exposure.item[row]!),
    };
    const learned = { ...small, priorMean: 'learned' } as const;
    const { posterior, dimensions } = await runNode(ivae, { exposure: without, shape, proxies }, learned, options);
    const live = [...dimensions.spread].indexOf(Math.max(...dimensions.spread));
    const [even, odd, ofEven, ofOdd] = [0, 1, 2, 3].map((user) => posterior.mean[user * 2 + live]!);
    expect(Math.sign(even! - odd!)).toBe(Math.sign(ofEven! - ofOdd!));
    expect(Math.abs(even! - odd!)).toBeGreaterThan(0.1);
  });

  test('an encoder of given vectors explains the exposure all the same', async () => {
    const out = await runNode(ivaeOfVectors, { exposure, shape, proxies, vectors }, small, options);
    expect(apart(out)).toBeGreaterThan(1);
    await expect(
      runNode(
        ivaeOfVectors,
        {
          exposure,
          shape,
          proxies,
          vectors: { head: {}, tensors: { rows: { shape: [2, 1], data: new Float32Array(2) } } },
        },
        small,
        options,
      ),
    ).rejects.toThrow("'vectors' holds 2 x 1 for 60 users");
  });

  test('one batch can be learnt by heart while nothing holds the latents back', async () => {
    const few = { user: Uint32Array.of(0, 0, 1, 2, 3, 3), item: Uint32Array.of(0, 1, 2, 3, 0, 2) };
    // a divergence that grows this slowly weighs next to nothing
    const free = { ...small, hidden: 16, epochs: 60, warmup: 1, batch: 3, norms: 0 };
    const tiny = { users: 4, items: 4 };
    const heldOut = { user: Uint32Array.of(3) };
    const { curve } = await runNode(vae, { exposure: few, shape: tiny, heldOut }, free, options);
    expect(Math.min(...values(curve, 'reconstruction'))).toBeLessThan(0.1);
  });

  test('the same seed gives the same bytes, another seed others, and no tensor is left behind', async () => {
    const short = { ...small, epochs: 4, batch: 16 };
    const tf = await tensorsOn(name).open();
    const before = tf.memory().numTensors;
    await lawful(ivae, { exposure, shape, proxies }, short, options);
    await lawful(ivaeOfVectors, { exposure, shape, proxies, vectors }, short, options);
    const one = await runNode(ivae, { exposure, shape, proxies }, short, options);
    const other = await runNode(ivae, { exposure, shape, proxies }, short, { ...options, seed: 'b' });
    expect(other.posterior.mean).not.toEqual(one.posterior.mean);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('of several runs the one whose held-out users it explains best is kept', async () => {
    const short = { ...small, epochs: 8 };
    const several = await runNode(vae, { exposure, shape }, { ...short, runs: 3 }, options);
    const { run, heldOut } = several.params.head as unknown as { run: number; heldOut: number[] };
    expect(heldOut).toHaveLength(3);
    expect(heldOut[run]).toBe(Math.min(...heldOut));
    expect(new Set(heldOut).size).toBe(3);
    const first = await runNode(vae, { exposure, shape }, short, options);
    expect((first.params.head as unknown as { heldOut: number[] }).heldOut[0]).toBe(heldOut[0]);
  });

  test('training ends after `patience` epochs without a better ELBO, at the best epoch', async () => {
    const { curve, params } = await runNode(
      vae,
      { exposure, shape },
      { ...small, epochs: 300, patience: 5, rate: 0.05 },
      options,
    );
    const heldOut = values(curve, 'held-out negative ELBO');
    const best = heldOut.indexOf(Math.min(...heldOut)) + 1;
    expect(heldOut.length).toBe(best + 5);
    expect((params.head as unknown as { bestEpoch: number }).bestEpoch).toBe(best);
    expect(values(curve, 'beta')[0]).toBe(0);
    expect(values(curve, 'beta')[1]).toBeCloseTo(1 / ((0.2 * 300 * 48) / 512), 6);
  });
});

test.skipIf(!hasNative)('after ten epochs the posteriors of both backends agree to three digits', async () => {
  const short = { ...small, epochs: 10 };
  const on = (name: BackendName) =>
    runNode(ivae, { exposure, shape, proxies }, short, { use: servicesOn(name), seed: 'a' });
  const wasm = await on('wasm');
  const native = await on('tensorflow');
  expect([...native.posterior.mean]).toEqual([...wasm.posterior.mean].map((x) => expect.closeTo(x, 3)));
  expect([...native.posterior.sd]).toEqual([...wasm.posterior.sd].map((x) => expect.closeTo(x, 3)));
});

test('a posterior that says nothing of anybody is reported', async () => {
  const warnings: string[] = [];
  const said = (message: { say: string; level?: string; message?: string }) => {
    if (message.level === 'warn') warnings.push(message.message!);
  };
  const out = await runNode(
    vae,
    { exposure, shape },
    { ...small, epochs: 1 },
    {
      use: servicesOn('wasm'),
      say: said as never,
    },
  );
  expect(warnings[0]).toMatch(/^every latent dimension is collapsed/);
  expect([...out.dimensions.live]).toEqual([0, 0]);
});

test('what cannot be divided, placed or read is refused', async () => {
  const options = { use: servicesOn('wasm') };
  await expect(runNode(vae, { exposure, shape, heldOut: { user: everyone } }, small, options)).rejects.toThrow(
    '0 users train and 60 are held out',
  );
  await expect(runNode(vae, { exposure, shape: { users, items: 3 } }, small, options)).rejects.toThrow(
    /and there are 60 x 3/,
  );
  const none = { row: new Uint32Array(0), feature: new Uint32Array(0), value: new Float32Array(0) };
  await expect(runNode(ivae, { exposure, shape, proxies: none }, small, options)).rejects.toThrow(
    'no user has a feature',
  );
});
