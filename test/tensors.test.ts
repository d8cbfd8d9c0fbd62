import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type OpenWorkshop, openWorkshop, type WorkshopOptions } from '../compose.ts';
import type { Event } from '../core/events.ts';
import { pipeline } from '../core/index.ts';
import { nearestMemo } from '../core/plan/plan.ts';
import { trial } from '../core/plan/resolve.ts';
import { execute, makePlan } from '../core/run/run.ts';
import { bind } from '../core/tokens.ts';
import { vae } from '../nodes/exposure/vae.ts';
import { type BackendName, Tensors } from '../nodes/learning/tensor/backend.ts';
import { openTensors } from '../nodes/learning/tensor/open.ts';
import { Labels, Shape } from '../nodes/ports.ts';
import { simulation } from '../pipelines/protocols/simulation.ts';
import { chooseBackend, packageLoader } from '../tensor-backend.ts';
import { backends, hasNative, tensorsOn } from './nodes/learning/tensor/backends.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterpoise-tensors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const closed = pipeline('latents', { needs: { train: Labels, shape: Shape } })
  .step('latents', vae, (up) => ({ exposure: up.train, shape: up.shape }), { epochs: 2, size: 2 })
  .on(simulation);
const one = trial(closed, { set: { 'data.raw': { users: 40, items: 30, perUser: 10 } } });

async function opened<T>(options: WorkshopOptions, body: (shop: OpenWorkshop) => T): Promise<Awaited<T>> {
  const shop = await openWorkshop({ store: join(folder, 'store'), ...options });
  try {
    return await body(shop);
  } finally {
    await shop.close();
  }
}
async function run(options: WorkshopOptions) {
  const events: Event[] = [];
  return opened({ reporters: [(event) => events.push(event)], ...options }, async (shop) => {
    const report = await execute([one], shop, { command: 'test' });
    expect(report.outcome).toBe('ok');
    const latents = report.steps[0]!.find(({ step }) => step.name === 'latents')!;
    return {
      status: latents.status,
      posterior: latents.artifacts.posterior?.object,
      services: shop.store.memos.material(latents.key!)?.services,
      worker: events.flatMap((e) => (e.event === 'step-started' && e.step === 'latents' ? [e.worker] : []))[0],
    };
  });
}
const planned = (options: WorkshopOptions) =>
  opened({ jobs: 0, ...options }, (shop) => {
    const step = makePlan([one], shop).steps[0]!.find(({ step }) => step.name === 'latents')!;
    return { ...step, fields: nearestMemo(shop.store, step.material!)?.differences.map(({ field }) => field) };
  });
const hex = expect.stringMatching(/^[0-9a-f]{64}$/);

test('a neural step runs on a worker thread, and gives the bytes that it gives in process', async () => {
  const threaded = await run({ jobs: 1, backend: 'wasm' });
  const alone = await run({ jobs: 0, backend: 'wasm', store: join(folder, 'alone') });
  expect(threaded.worker).toBeTypeOf('number');
  expect(alone.worker).toBeNull();
  expect(threaded.posterior).toBe(alone.posterior);
});

test('its key holds the backend, the module, the binary and the variant', async () => {
  const { services } = await run({ jobs: 0, backend: 'wasm' });
  expect(services?.tensors).toEqual({
    name: 'wasm',
    module: hex,
    binary: hex,
    variant: expect.stringMatching(/^tfjs 4\.\d+\.\d+, SIMD, one thread$/),
  });
});

test('a result of one backend is none of another: the plan says that the service differs, and nothing else', async () => {
  await run({ jobs: 0, backend: 'wasm' });
  expect((await planned({ backend: 'wasm' })).status).toBe('cached');
  const { identity } = chooseBackend('wasm', 'a digest');
  const other = bind(Tensors, openTensors('wasm', packageLoader({ name: 'wasm', fast: false })), {
    ...identity,
    name: 'tensorflow',
  });
  const miss = await planned({ backend: 'wasm', use: [other] });
  expect(miss.status).toBe('stale');
  expect(miss.fields).toContain('services.tensors.name');
  expect(miss.fields?.every((field) => field.startsWith('services.tensors.'))).toBe(true);
});

test.skipIf(!hasNative)(
  'the native library computes it again under its own key, on the main thread, twice to the same bytes',
  async () => {
    await run({ jobs: 0, backend: 'wasm' });
    expect((await planned({ backend: 'tensorflow' })).fields).toContain('services.tensors.binary');
    const native = await run({ jobs: 1, backend: 'tensorflow' });
    expect(native).toMatchObject({ status: 'computed', worker: null });
    expect(native.services?.tensors).toMatchObject({ name: 'tensorflow', binary: hex });
    const again = await run({ jobs: 0, backend: 'tensorflow', store: join(folder, 'native') });
    expect(again.posterior).toBe(native.posterior);
  },
);

test('`auto` takes the native library where it is installed, and says why', () => {
  const found = chooseBackend('auto');
  const name: BackendName = hasNative ? 'tensorflow' : 'wasm';
  expect(found.name).toBe(name);
  expect(found.why).toBe(`the native library is ${hasNative ? '' : 'not '}installed`);
  expect(backends).toContain(found.name);
});

test('a backend that nobody knows is refused, and so is one that is not installed', () => {
  expect(() => chooseBackend('cuda')).toThrow("--backend takes auto, tensorflow, wasm, and not 'cuda'");
  if (!hasNative)
    expect(() => chooseBackend('tensorflow')).toThrow('the native library of TensorFlow is not installed');
});

test.skipIf(!hasNative)(
  'a process that has started the native library one way refuses to run it the other way',
  async () => {
    await tensorsOn('tensorflow').open();
    const other = openTensors('tensorflow', packageLoader({ name: 'tensorflow', fast: true }));
    await expect(other.open()).rejects.toThrow(
      'runs in this process on one thread and cannot start anew on all threads',
    );
  },
);
