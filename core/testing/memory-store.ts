/** A store in memory, for tests: the same promises as the one on disk but durability. It passes the conformance suite. */
import { createHash } from 'node:crypto';
import { Problem } from '../errors.ts';
import type { KeyMaterial } from '../keys/material.ts';
import { didYouMean } from '../registry.ts';
import type { Key, Lock, Memo, ObjectId, RunRecord, RunWriter, Store } from '../store.ts';

export function memoryStore(): Store {
  const objects = new Map<ObjectId, { bytes: Uint8Array; changed: number }>();
  const memos = new Map<Key, Memo>();
  const materials = new Map<Key, KeyMaterial>();
  const runs = new Map<string, { record: RunRecord; events: object[] }>();
  const locks = new Map<Key, (() => void)[]>();
  const pins: Record<string, string> = {};
  const checkpoints = new Map<Key, Uint8Array>();
  const hints = new Map<string, unknown>();
  return {
    location: 'memory',
    objects: {
      has: (id) => objects.has(id),
      read: async (id) => {
        const held = objects.get(id);
        return held ? { outcome: 'found', bytes: held.bytes } : { outcome: 'absent' };
      },
      write: async (chunks) => {
        const bytes = Buffer.concat(chunks.map((chunk) => Buffer.from(chunk)));
        const own = new Uint8Array(bytes.byteLength);
        own.set(bytes);
        const id = createHash('sha256').update(own).digest('hex') as ObjectId;
        if (!objects.has(id)) objects.set(id, { bytes: own, changed: Date.now() });
        return { id, bytes: own.byteLength };
      },
      async *list() {
        for (const [id, { bytes, changed }] of objects) yield { id, bytes: bytes.byteLength, changed };
      },
      delete: async (id) => void objects.delete(id),
    },
    memos: {
      refresh: () => {},
      find: (key) => memos.get(key),
      append: (memo, material) => {
        memos.delete(memo.key); // the newest comes last
        memos.set(memo.key, memo);
        materials.delete(memo.key);
        materials.set(memo.key, material);
      },
      all: () => [...memos.values()],
      materials: (node) =>
        [...materials].filter(([, material]) => material.node === node).map(([key, material]) => ({ key, material })),
      material: (key) => materials.get(key),
    },
    runs: {
      begin: (record) => begin(record, runs),
      list: () =>
        [...runs].map(([id, { record }]) => ({
          id,
          started: record.started,
          command: record.command,
          outcome: record.outcome,
        })),
      read: (id) => runOf(id, runs).record,
      async *events(id) {
        yield* runOf(id, runs).events;
      },
      locate: (id) => `memory:${id}`,
    },
    locks: {
      acquire: (key): Lock | undefined => {
        if (locks.has(key)) return undefined;
        locks.set(key, []);
        return {
          release: () => {
            const waiting = locks.get(key) ?? [];
            locks.delete(key);
            for (const tell of waiting) tell();
          },
        };
      },
      released: (key, timeoutMs) =>
        new Promise((resolve) => {
          const waiting = locks.get(key);
          if (!waiting) return resolve();
          const timer = setTimeout(resolve, timeoutMs);
          waiting.push(() => {
            clearTimeout(timer);
            resolve();
          });
        }),
    },
    pins: {
      pin: (name, run) => {
        pins[name] = run;
      },
      unpin: (name) => {
        delete pins[name];
      },
      list: () => ({ ...pins }),
    },
    checkpoints: {
      read: (key) => checkpoints.get(key),
      write: (key, bytes) => void checkpoints.set(key, new Uint8Array(bytes)),
      remove: (key) => void checkpoints.delete(key),
    },
    hints: { get: (name) => hints.get(name), set: (name, value) => void hints.set(name, value), flush: () => {} },
    close: () => {},
  };
}

type Runs = Map<string, { record: RunRecord; events: object[] }>;
function begin(record: RunRecord, runs: Runs): RunWriter {
  const id = `${record.started}-${runs.size}`;
  const held = { record, events: [] as object[] };
  runs.set(id, held);
  const update = (next: RunRecord) => {
    held.record = next;
  };
  return { id, path: `memory:${id}`, event: (event) => void held.events.push(event), update, end: update };
}

function runOf(id: string, runs: Runs) {
  const held = runs.get(id);
  if (held) return held;
  throw new Problem('unknown-name', `there is no run '${id}'`, { hint: didYouMean(id, runs.keys()) });
}
