import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Memo, ObjectId, RunRecord } from '../../core/store.ts';
import { type CollectOptions, collectGarbage, type FileStore, openStore, verifyStore } from '../../storage/index.ts';
import { artifactOf, bytesOf, keyOf, materialOf, memoOf, recordOf, sha256 } from './conformance.ts';

let folder: string;
let store: FileStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterpoise-collect-'));
  store = openStore(folder);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const day = 24 * 3_600_000;
const ago = (days: number) => new Date(Date.now() - days * day);
const objectPath = (id: string) => join(folder, 'objects', id.slice(0, 2), `${id.slice(2)}.json`);
const age = (id: string, days: number) => utimesSync(objectPath(id), ago(days), ago(days));

/** A memo with one object of 1000 bytes, as if made so many days ago. */
async function stored(name: string, days: number, more: Partial<Memo> = {}): Promise<ObjectId> {
  const { id, bytes } = await store.objects.write([bytesOf(name.padEnd(1000, '.'))]);
  store.memos.append(
    memoOf(name, { out: artifactOf(id, bytes) }, { at: ago(days).toISOString(), ...more }),
    materialOf({ name }),
  );
  age(id, days);
  return id;
}
/** A finished run that used the steps of these names. */
function used(names: readonly string[], days: number): string {
  const steps: RunRecord['pipelines'][number]['steps'] = names.map((name) => ({
    step: 's',
    node: 'weights/some',
    key: keyOf(name),
    status: 'cached',
    outputs: store.memos.find(keyOf(name))?.outputs ?? {},
  }));
  const pipelines = [{ pipeline: 'ips', protocol: null, dataset: null, seed: 0, definition: {}, steps }];
  const run = store.runs.begin(recordOf({ started: ago(days).toISOString() }));
  run.end(recordOf({ started: ago(days).toISOString(), outcome: 'ok', pipelines }));
  return run.id;
}
const collect = (options: CollectOptions) => collectGarbage(store, { keepRuns: 0, ...options });
const left = (names: readonly string[]) => names.filter((name) => store.memos.find(keyOf(name)) !== undefined);

test('what no run has used for the longest time goes first, down to the cap', async () => {
  for (const [name, days] of [
    ['old', 9],
    ['older', 10],
    ['new', 2],
  ] as const)
    await stored(name, days);
  const report = await collect({ maxBytes: 2000 });
  expect(report).toMatchObject({ before: { bytes: 3000, objects: 3 }, after: { bytes: 2000, objects: 2 }, memos: 1 });
  expect(left(['old', 'older', 'new'])).toEqual(['old', 'new']);
  expect(
    readdirSync(join(folder, 'objects')).flatMap((shard) => readdirSync(join(folder, 'objects', shard))),
  ).toHaveLength(2);
});

test('a run that only found a step cached counts as a use of it', async () => {
  await stored('old but used', 30);
  await stored('younger', 5);
  used(['old but used'], 1);
  await collect({ maxBytes: 1000 });
  expect(left(['old but used', 'younger'])).toEqual(['old but used']);
});

test('pinned runs and the latest runs keep what they used, even beyond the cap and their age', async () => {
  for (const name of ['pinned', 'latest', 'loose']) await stored(name, 50);
  store.pins.pin('table-2', used(['pinned'], 50));
  used(['loose'], 40);
  used(['latest'], 30);
  const report = await collect({ maxBytes: 0, maxAgeDays: 1, keepRuns: 1 });
  expect(left(['pinned', 'latest', 'loose'])).toEqual(['pinned', 'latest']);
  expect(report.beyondCap).toBe(2000);
  store.pins.unpin('table-2');
  await collect({ maxBytes: 0, keepRuns: 1 });
  expect(left(['pinned', 'latest', 'loose'])).toEqual(['latest']);
});

test('age alone collects what lies below the cap', async () => {
  await stored('old', 20);
  await stored('new', 2);
  await collect({ maxAgeDays: 10 });
  expect(left(['old', 'new'])).toEqual(['new']);
});

test('young objects stay, and so does an object that is written again while it is old', async () => {
  const id = await stored('young', 0);
  await stored('old', 3);
  await store.objects.write([bytesOf('old'.padEnd(1000, '.'))]);
  await collect({ maxBytes: 0 });
  expect(left(['young', 'old'])).toEqual(['young', 'old']);
  expect(store.objects.has(id)).toBe(true);
  await collect({ maxBytes: 0, graceMs: 0 });
  expect(left(['young', 'old'])).toEqual([]);
});

test('an object that two memos share stays while one of them does', async () => {
  const shared = await stored('a', 30);
  store.memos.append(memoOf('b', { out: artifactOf(shared, 1000) }, { at: ago(1).toISOString() }), materialOf({}));
  age(shared, 30);
  await collect({ maxAgeDays: 10 });
  expect(left(['a', 'b'])).toEqual(['b']);
  expect(store.objects.has(shared)).toBe(true);
});

test('memos of a process that is still at work stay, with their objects', async () => {
  const other = openStore(folder);
  const { id, bytes } = await other.objects.write([bytesOf('theirs')]);
  other.memos.append(memoOf('theirs', { out: artifactOf(id, bytes) }, { at: ago(9).toISOString() }), materialOf({}));
  age(id, 9);
  await collect({ maxBytes: 0, graceMs: 60_000 });
  expect(left(['theirs'])).toEqual(['theirs']);
  expect(store.objects.has(id)).toBe(true);
  other.close();
  await collect({ maxBytes: 0 });
  expect(left(['theirs'])).toEqual([]);
});

test('afterwards no memo refers to an object that is not there', async () => {
  const lost = await stored('lost', 3);
  await stored('kept', 3);
  rmSync(objectPath(lost));
  const report = await collect({});
  expect(report.memos).toBe(1);
  expect(left(['lost', 'kept'])).toEqual(['kept']);
  const fresh = openStore(folder);
  expect(fresh.memos.all().map(({ key }) => key)).toEqual([keyOf('kept')]);
  expect(fresh.memos.materials('weights/some')).toHaveLength(1);
  fresh.close();
  expect((await verifyStore(store)).findings).toEqual([]);
});

test('objects that no memo names stay a week', async () => {
  const { id } = await store.objects.write([bytesOf('a plan for other machines')]);
  age(id, 6);
  await collect({});
  expect(store.objects.has(id)).toBe(true);
  age(id, 8);
  const report = await collect({});
  expect(store.objects.has(id)).toBe(false);
  expect(report.freed).toEqual([{ pipeline: '(unreferenced)', bytes: 25, objects: 1 }]);
});

test('a dry run says the same and changes nothing', async () => {
  await stored('mf old', 30, { pipeline: 'mf' });
  await stored('ips old', 30, { pipeline: 'ips' });
  await stored('ips older', 31, { pipeline: 'ips' });
  writeFileSync(join(folder, 'quarantine', 'x'), 'x');
  const dry = await collect({ maxAgeDays: 10, dryRun: true });
  expect(left(['mf old', 'ips old', 'ips older'])).toHaveLength(3);
  expect(existsSync(join(folder, 'quarantine', 'x'))).toBe(true);
  expect(dry.freed).toEqual([
    { pipeline: 'ips', bytes: 2000, objects: 2 },
    { pipeline: 'mf', bytes: 1000, objects: 1 },
  ]);
  expect({ ...(await collect({ maxAgeDays: 10 })), dryRun: true }).toEqual(dry);
  expect(existsSync(join(folder, 'quarantine', 'x'))).toBe(false);
});

test('the cap is ten gigabytes unless given', async () => {
  await stored('a', 300);
  expect(await collect({})).toMatchObject({ freed: [], beyondCap: 0, after: { bytes: 1000 } });
});

test('one process collects at a time', async () => {
  const other = openStore(folder);
  const lock = other.locks.acquire('maintenance' as never);
  await expect(collect({})).rejects.toThrow('another process is cleaning this store');
  lock?.release();
  await collect({});
  other.close();
});

test('it walks the disk: objects that appeared by other ways are counted and go', async () => {
  const id = sha256('copied by hand');
  await store.objects.write([bytesOf('copied by hand')]);
  store.memos.reload();
  age(id, 30);
  const report = await collect({});
  expect(report.before).toEqual({ bytes: 14, objects: 1 });
  expect(report.after).toEqual({ bytes: 0, objects: 0 });
});

test('a checkpoint goes when its results are stored or nobody ran its step again for two weeks, unless somebody works on it', async () => {
  await stored('finished', 1);
  const names = ['finished', 'fresh', 'old', 'at work'];
  for (const name of names) store.checkpoints.write(keyOf(name), bytesOf('where it stands'));
  for (const name of ['old', 'at work']) utimesSync(join(folder, 'checkpoints', keyOf(name)), ago(15), ago(15));
  const lock = store.locks.acquire(keyOf('at work'));
  const there = () => names.filter((name) => store.checkpoints.read(keyOf(name)) !== undefined);

  const { findings } = await verifyStore(store);
  expect(findings.map(({ kind, severity }) => [kind, severity])).toEqual([
    ['checkpoint', 'leftover'],
    ['checkpoint', 'leftover'],
  ]);
  expect((await collect({ dryRun: true })).leftovers).toBe(2);
  expect(there()).toEqual(names);
  await collect({});
  expect(there()).toEqual(['fresh', 'at work']);
  lock?.release();
});
