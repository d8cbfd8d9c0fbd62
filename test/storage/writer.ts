/** A process that writes to a store until it is killed: objects, memos that name them, locks, runs, hints. */
import { createHash } from 'node:crypto';
import type { KeyMaterial } from '../../core/keys/material.ts';
import type { Artifact, Key } from '../../core/store.ts';
import { openStore } from '../../storage/index.ts';

const [folder, seed, keys] = process.argv.slice(2) as [string, string, string];
const store = openStore(folder);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const started = new Date().toISOString();
const record = {
  format: 1,
  command: 'writer',
  started,
  outcome: 'running',
  environment: {},
  pipelines: [],
  results: {},
} as const;
const run = store.runs.begin(record);
process.stdout.write('ready\n');

for (let round = 0; ; round++) {
  const name = `${seed}/${round % Number(keys)}`;
  const key = sha256(name) as Key;
  const lock = store.locks.acquire(key);
  if (!lock) {
    await store.locks.released(key, 20);
    store.memos.refresh();
    continue;
  }
  const text = new TextEncoder().encode(name.repeat(1 + ((round * 7919) % 20_000)));
  const { id, bytes } = await store.objects.write([text.subarray(0, 10), text.subarray(10)]);
  const output: Artifact = { object: id, bytes, format: 'json', port: 'json', hashes: { '*': sha256(name) as never } };
  const material: KeyMaterial = {
    recipe: 1,
    node: 'a/b',
    code: '',
    // long enough for a line to be torn
    config: { name, filler: 'x'.repeat((round * 104_729) % 200_000) },
    inputs: {},
    runtime: '20',
  };
  store.memos.append(
    { key, node: 'a/b', pipeline: 'p', step: 's', outputs: { output }, at: new Date().toISOString(), ms: 1 },
    material,
  );
  run.event({ event: 'step', round });
  run.update({ ...record, results: { round } });
  store.hints.set(name, round);
  if (round % 10 === 9) store.hints.flush();
  lock.release();
}
