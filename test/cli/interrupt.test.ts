/**
 * Ctrl-C: once lets the running step finish, twice stops it; either way what is finished is kept, and nothing is half written.
 * A long fit goes on from its checkpoint, whether it was stopped or killed.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Built, builtTool } from './built.ts';
import { complaints } from './face.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterpoise-interrupt-'));
let tool: Built;

/** `own/slow` takes as long as its config says, and does or does not ask whether it should stop. */
const plugin = `import { Cancel, f32, node, pipeline, protocol, table, z } from 'counterpoise';
const Xs = table({ x: f32 });
export const numbers = node('own/numbers', { doc: 'Numbers.', in: {}, out: { xs: Xs }, run: () => ({ xs: { x: Float32Array.of(1, 2, 3) } }) });
export const slow = node('own/slow', { doc: 'Takes its time.', in: { xs: Xs }, out: { xs: Xs }, use: { cancel: Cancel },
  config: z.strictObject({ ms: z.number(), asks: z.boolean().default(true) }),
  run({ xs }, { ms, asks }, { cancel }) {
    const end = performance.now() + ms;
    while (performance.now() < end) if (asks) cancel.check();
    return { xs: { x: xs.x.map((v) => 2 * v) } };
  } });
export const slowly = pipeline('slowly', { needs: { xs: Xs } })
  .step('long', slow, (up) => ({ xs: up.xs }), { ms: 5000 })
  .step('after', slow, (up) => ({ xs: up.long.xs }), { ms: 0 });
export const data = protocol('own-data', { dataset: 'own', evaluation: 'none', floors: [] }).step('raw', numbers, () => ({})).gives((up) => ({ xs: up.raw.xs }));
`;
const words = (store: string) => ['--protocol', 'own-data', '--plugin', 'plugin.ts', '--store', store, '--json'];
const start = (store: string, ...more: string[]) =>
  tool.start(['run', 'slowly', ...words(store), '--jobs', '1', ...more], { cwd: folder });

interface Row {
  readonly step: string;
  readonly status: string;
}
const statuses = (out: string) => {
  const document = JSON.parse(out);
  expect(complaints(document)).toEqual([]);
  return {
    error: document.error,
    steps: Object.fromEntries(document.steps.map(({ step, status }: Row) => [step, status])),
  };
};
async function findings(store: string) {
  const { out } = await tool.start(['cache', 'verify', '--store', store, '--json'], { cwd: folder }).ended;
  return JSON.parse(out).findings;
}

beforeAll(async () => {
  writeFileSync(join(folder, 'plugin.ts'), plugin);
  tool = await builtTool();
}, 120_000);
afterAll(() => {
  tool?.remove();
  rmSync(folder, { recursive: true, force: true });
});

test('the first lets the running step finish and starts no other; the next run goes on from there', async () => {
  const run = start('drained');
  await run.said('slowly.long started');
  run.process.kill('SIGINT');
  const { code, out, err } = await run.ended;
  expect(code, err).toBe(130);
  expect(err).toContain('press Ctrl-C again to stop them now');
  const { steps, error } = statuses(out);
  expect(steps).toEqual({ 'data.raw': 'computed', long: 'computed', after: 'cancelled' });
  expect(error).toMatchObject({ code: 'cancelled', message: 'the run was stopped; finished steps are kept' });
  expect(await findings('drained')).toEqual([]);

  const again = await start('drained').ended;
  expect(again.code).toBe(0);
  expect(statuses(again.out).steps).toEqual({ 'data.raw': 'cached', long: 'cached', after: 'computed' });
});

test.each([
  ['that asks whether to stop', 'true'],
  ['that never asks', 'false'],
])('the second stops a running step %s, keeps what is finished and leaves the store whole', async (_, asks) => {
  const store = `aborted-${asks}`;
  const run = start(store, '--set', 'long.ms=120000', '--set', `long.asks=${asks}`);
  await run.said('slowly.long started');
  run.process.kill('SIGINT');
  await run.said('press Ctrl-C again');
  run.process.kill('SIGINT');
  const { code, out, err } = await run.ended;
  expect(code, err).toBe(130);
  expect(err).toContain('stopping now; finished steps are kept');
  expect(statuses(out).steps).toEqual({ 'data.raw': 'computed', long: 'cancelled', after: 'cancelled' });
  expect(await findings(store)).toEqual([]);

  const shown = await tool.start(['show', 'latest', '--store', store, '--json'], { cwd: folder }).ended;
  expect(JSON.parse(shown.out).record.outcome).toBe('cancelled');
});

test('a step that another run is computing is waited for, and stopping the waiting one leaves the other alone', async () => {
  const long = ['--set', 'long.ms=120000'];
  const first = start('shared', ...long);
  await first.said('slowly.long started');
  const second = start('shared', ...long);
  await second.said('another run is computing it');
  second.process.kill('SIGINT');
  const stopped = await second.ended;
  expect(stopped.code).toBe(130);
  expect(statuses(stopped.out).steps).toEqual({ 'data.raw': 'cached', long: 'cancelled', after: 'cancelled' });
  expect(first.process.exitCode, 'the first still computes').toBeNull();
  first.process.kill('SIGINT');
  await first.said('press Ctrl-C again');
  first.process.kill('SIGINT');
  expect((await first.ended).code).toBe(130);
  expect(await findings('shared')).toEqual([]);
});

describe('a fit that was interrupted goes on from its checkpoint to the bytes of an undisturbed one', () => {
  const small = [
    'data.raw.users=80',
    'data.raw.items=60',
    'data.raw.density=0.3',
    'model.batch=32',
    'model.epochs=400',
  ];
  const settings = [...small, 'model.patience=100000'].flatMap((set) => ['--set', set]);
  const fit = (store: string) =>
    tool.start(
      ['run', 'mf', '--no-floors', '--store', store, '--checkpoint', '0.05', '--jobs', '1', '--json', ...settings],
      { cwd: folder },
    );
  const checkpoints = (store: string): string[] => {
    try {
      return readdirSync(join(folder, store, 'checkpoints'));
    } catch {
      return [];
    }
  };
  async function saved(store: string) {
    while (checkpoints(store).length === 0) await sleep(5);
  }
  /** Objects by step and output, of the latest run. */
  async function objects(store: string) {
    const { out } = await tool.start(['show', 'latest', '--store', store, '--json'], { cwd: folder }).ended;
    const [row] = JSON.parse(out).record.pipelines;
    return row.steps.map(({ step, outputs }: { step: string; outputs: Record<string, { object: string }> }) => [
      step,
      Object.entries(outputs).map(([name, { object }]) => [name, object]),
    ]);
  }
  const model = (out: string) => JSON.parse(out).steps.find(({ step }: Row) => step === 'model');
  let quiet: unknown;
  beforeAll(async () => {
    const run = await fit('quiet').ended;
    expect(run.code, run.err).toBe(0);
    expect(model(run.out)).not.toHaveProperty('reason');
    quiet = await objects('quiet');
  });

  test('when it was killed', async () => {
    const victim = fit('killed');
    await saved('killed');
    victim.process.kill('SIGKILL');
    expect((await victim.ended).code).toBeNull();
    expect(checkpoints('killed')).toHaveLength(1);

    const again = await fit('killed').ended;
    expect(again.code, again.err).toBe(0);
    expect(again.err).toMatch(/^> mf\.model: resumed from epoch \d+$/m);
    expect(model(again.out)).toMatchObject({
      status: 'computed',
      reason: expect.stringMatching(/^went on from epoch \d+$/),
    });
    expect(await objects('killed')).toEqual(quiet);
    expect(checkpoints('killed')).toEqual([]);
  });

  test('when the second Ctrl-C stopped it, and says where the next run goes on', async () => {
    const run = fit('stopped');
    await saved('stopped');
    run.process.kill('SIGINT');
    await run.said('press Ctrl-C again');
    run.process.kill('SIGINT');
    const { code, out, err } = await run.ended;
    expect(code, err).toBe(130);
    const { reason } = model(out);
    expect(reason).toMatch(/^stopped on request; the next run goes on from epoch \d+$/);
    expect(await findings('stopped')).toEqual([]);

    const again = await fit('stopped').ended;
    expect(again.err).toContain(`> mf.model: resumed from ${/epoch \d+$/.exec(reason)?.[0]}\n`);
    expect(await objects('stopped')).toEqual(quiet);
    expect(checkpoints('stopped')).toEqual([]);
  });
});

test('a reader that closes the pipe early ends the command quietly', async () => {
  const { process: child, ended } = tool.start(['schema', 'pipeline']);
  child.stdout?.once('data', () => child.stdout?.destroy());
  const { code, err } = await ended;
  expect([code, err]).toEqual([0, '']);
});
