/** Ctrl-C: once lets the running step finish, twice stops it; either way what is finished is kept, and nothing is half written. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
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

test('a reader that closes the pipe early ends the command quietly', async () => {
  const { process: child, ended } = tool.start(['schema', 'pipeline']);
  child.stdout?.once('data', () => child.stdout?.destroy());
  const { code, err } = await ended;
  expect([code, err]).toEqual([0, '']);
});
