import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type OpenWorkshop, openWorkshop, type WorkshopOptions } from '../compose.ts';
import type { Event } from '../core/events.ts';
import { trial } from '../core/plan/resolve.ts';
import { execute, makePlan } from '../core/run/run.ts';
import { bind } from '../core/tokens.ts';
import { Numeric, type NumericEngine } from '../nodes/learning/kernels/numeric.ts';
import { wasmEngine } from '../nodes/learning/kernels/wasm.ts';
import { mf } from '../pipelines/dt/mf.ts';
import { simulation } from '../pipelines/protocols/simulation.ts';
import { serviceParts } from '../services.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterpoise-services-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const { numeric } = await serviceParts(() => 'a digest');
const closed = mf.on(simulation);
const one = trial(closed, { set: { model: { epochs: 2 } } });

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
    const model = report.steps[0]!.find(({ step }) => step.name === 'model')!;
    return {
      params: model.artifacts.params?.object,
      material: shop.store.memos.material(model.key!),
      worker: events.flatMap((e) => (e.event === 'step-started' && e.step === 'model' ? [e.worker] : []))[0],
    };
  });
}
const notCached = (options: WorkshopOptions) =>
  opened({ jobs: 0, ...options }, (shop) =>
    makePlan([one], shop, { wanted: () => true })
      .steps[0]!.filter(({ status }) => status !== 'cached')
      .map(({ step }) => step.name),
  );
/** The same engine under the identity of another binary. */
const rebuilt = bind(Numeric, wasmEngine(numeric.binary), { ...numeric.identity, binary: 'f'.repeat(64) });

test('a step that trains runs on a worker thread, which binds the kernels too, and gives the bytes that it gives in process', async () => {
  const threaded = await run({ jobs: 2 });
  const alone = await run({ jobs: 0, store: join(folder, 'alone') });
  expect(threaded.worker).toBeTypeOf('number');
  expect(alone.worker).toBeNull();
  expect(threaded.params).toBe(alone.params);
});

test('a run that is stopped gently starts no step that still waits for a worker', async () => {
  const trials = [1, 2, 3].map((seed) => trial(closed, { seed, set: { model: { epochs: 2 } } }));
  const began: (number | undefined)[] = [];
  let stop = () => {};
  const reporter = (event: Event) => {
    if (event.event !== 'step-started' || event.step !== 'model') return;
    began.push(event.seed);
    stop();
  };
  await opened({ jobs: 1, store: join(folder, 'drained'), reporters: [reporter] }, async (shop) => {
    await execute(trials, shop, { command: 'test' });
    expect(began).toHaveLength(3);
    began.length = 0;
    // what is read is cached now, so that all three wait for the one worker at once
    const { outcome, steps } = await execute(trials, shop, {
      command: 'test',
      force: (step) => step.name === 'model',
      started: (run) => {
        stop = () => run.drain();
      },
    });
    expect(outcome).toBe('cancelled');
    expect(began).toHaveLength(1);
    const models = steps.map((row) => row.find(({ step }) => step.name === 'model')?.status);
    expect(models.sort()).toEqual(['cancelled', 'cancelled', 'computed']);
  });
});

test('its key holds the name, the module, the binary and the variant of the kernels', async () => {
  const { material } = await run({ jobs: 0 });
  const hex = expect.stringMatching(/^[0-9a-f]{64}$/);
  expect(material?.services).toEqual({ numeric: { name: 'wasm', module: hex, binary: hex, variant: 'strict' } });
});

test('rebuilt kernels rerun what trains or scores, and nothing else', async () => {
  await run({ jobs: 0 });
  expect(await notCached({})).toEqual([]);
  expect((await notCached({ use: [rebuilt] })).slice(0, 1)).toEqual(['model']);
  const steps = closed.graph.steps;
  const asks = Object.keys(steps).filter((name) => 'numeric' in (steps[name]!.node.use as object));
  expect(asks).toEqual(['model', 'scores']);
});

test('kernels that somebody else bound stay in the process where they were bound', async () => {
  let asked = 0;
  const counting: NumericEngine = {
    arena: (bytes) => {
      asked++;
      return wasmEngine(numeric.binary).arena(bytes);
    },
  };
  const mine = await run({
    jobs: 2,
    store: join(folder, 'mine'),
    use: [bind(Numeric, counting, { name: 'counting' })],
  });
  expect(mine.worker).toBeNull();
  expect(asked).toBeGreaterThan(0);
  expect(mine.material?.services).toEqual({ numeric: { name: 'counting' } });
});

test('every node whose module reaches the engine asks for the kernels', async () => {
  const root = join(import.meta.dirname, '../nodes');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const users = files.filter((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return /= node\(/.test(text) && /learning\/(serve|train)\.ts/.test(text);
  });
  expect(users).not.toHaveLength(0);
  for (const file of users) expect(readFileSync(join(root, file), 'utf8'), file).toMatch(/numeric: Numeric/);
});
