import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore, verifyStore } from '../../storage/index.ts';
import { keyOf } from './conformance.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterpoise-kill-'));
const store = join(folder, 'store');
const program = join(folder, 'writer.mjs');

beforeAll(async () => {
  await build({
    entryPoints: {
      writer: join(import.meta.dirname, 'writer.ts'),
      storage: join(import.meta.dirname, '../../storage/open.ts'),
    },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const writer = (seed: string, keys: number) =>
  spawn(process.execPath, [program, store, seed, String(keys)], { stdio: ['ignore', 'pipe', 'inherit'] });
const isReady = (child: ChildProcess) => new Promise((resolve) => child.stdout?.once('data', resolve));
const isGone = (child: ChildProcess) => new Promise<NodeJS.Signals | null>((r) => child.once('exit', (_, by) => r(by)));

async function struck(seed: string, keys: number, afterMs: number): Promise<NodeJS.Signals | null> {
  const child = writer(seed, keys);
  const gone = isGone(child);
  await Promise.race([isReady(child), gone]);
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  child.kill('SIGKILL');
  return gone;
}

test('thirty writers killed at random moments, two at a time in one store, leave nothing half-written', async () => {
  for (let round = 0; round < 15; round++) {
    // pairs alternate between sharing all keys and having keys of their own
    const seeds = round % 2 === 0 ? ['shared', 'shared'] : [`left ${round}`, `right ${round}`];
    const signals = await Promise.all(seeds.map((seed) => struck(seed, 40, Math.random() * 120)));
    expect(signals).toEqual(['SIGKILL', 'SIGKILL']);
  }
  const opened = openStore(store);
  const report = await verifyStore(opened);
  expect(report.findings.filter(({ severity }) => severity === 'damage')).toEqual([]);
  expect(report.memos).toBeGreaterThan(0);
  const memos = opened.memos.all();
  const missing = memos.filter(({ outputs }) =>
    Object.values(outputs).some(({ object }) => !opened.objects.has(object)),
  );
  expect(missing).toEqual([]);
  expect(memos.every(({ key }) => opened.memos.material(key) !== undefined)).toBe(true);
  expect(opened.runs.list()).toHaveLength(30);
  expect(new Set(opened.runs.list().map(({ outcome }) => outcome))).toEqual(new Set(['failed']));

  // what the dead left is cleaned away, and nothing else with it
  const healed = await verifyStore(opened, { heal: true });
  expect(healed.ok).toBe(true);
  expect(opened.memos.all()).toEqual(memos);
  const again = await verifyStore(opened);
  expect(again.findings).toEqual([]);
  opened.close();
});

test('the lock of a killed process is free at once', async () => {
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { openStore } from ${JSON.stringify(join(folder, 'storage.mjs'))};
       const store = openStore(${JSON.stringify(store)});
       store.locks.acquire(${JSON.stringify(keyOf('held'))});
       console.log('ready');
       setInterval(() => {}, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const gone = isGone(child);
  await Promise.race([isReady(child), gone]);
  const opened = openStore(store);
  expect(opened.locks.acquire(keyOf('held'))).toBeUndefined();
  const waiting = opened.locks.released(keyOf('held'), 20_000);
  child.kill('SIGKILL');
  await gone;
  await waiting;
  const lock = opened.locks.acquire(keyOf('held'));
  expect(lock).toBeDefined();
  lock?.release();
  opened.close();
});
