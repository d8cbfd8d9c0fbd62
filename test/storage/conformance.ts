/**
 * What every store must do, whatever it stands on. A test file of a store calls `storeConformance` with the way to open one;
 * what only a file system can suffer (torn files, full disks) is tested beside it.
 */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyMaterial } from '../../core/keys/material.ts';
import type { Artifact, Key, Memo, ObjectId, RunRecord, Store } from '../../core/store.ts';

/** Two stores over the same contents, as two processes would open them. */
export interface StoreUnderTest {
  open(): Store;
  dispose(): void;
}

/** What an async iterable gives, as a list. */
async function collect<T>(from: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const item of from) out.push(item);
  return out;
}
export const sha256 = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex');
export const keyOf = (name: string) => sha256(`key ${name}`) as Key;
export const bytesOf = (text: string) => new TextEncoder().encode(text);

export const artifactOf = (object: ObjectId, bytes: number): Artifact => ({
  object,
  bytes,
  format: 'json',
  port: 'json',
  hashes: { '*': sha256(object) as never },
});
export function memoOf(name: string, outputs: Memo['outputs'], more: Partial<Memo> = {}): Memo {
  const at = new Date().toISOString();
  return { key: keyOf(name), node: 'weights/some', pipeline: 'ips', step: 'weights', outputs, at, ms: 1.5, ...more };
}
export const materialOf = (config: unknown, node = 'weights/some'): KeyMaterial => ({
  recipe: 1,
  node,
  code: sha256('code'),
  config,
  inputs: { p: { user: sha256('user') as never } },
  runtime: '20',
});
export const recordOf = (more: Partial<RunRecord> = {}): RunRecord => ({
  format: 1,
  command: 'run ips',
  started: new Date().toISOString(),
  outcome: 'running',
  environment: {},
  pipelines: [],
  results: {},
  ...more,
});

export function storeConformance(name: string, make: () => StoreUnderTest): void {
  describe(`${name} as a store`, () => {
    let under: StoreUnderTest;
    let store: Store;
    const open: Store[] = [];
    const another = () => {
      const opened = under.open();
      open.push(opened);
      return opened;
    };
    beforeEach(() => {
      under = make();
      store = another();
    });
    afterEach(() => {
      for (const opened of open.splice(0)) opened.close();
      under.dispose();
    });

    describe('objects', () => {
      it('are named by the SHA-256 of their bytes and read back whole, however they were cut into pieces', async () => {
        const text = 'some bytes of an object';
        const written = await store.objects.write([bytesOf('some bytes '), bytesOf(''), bytesOf('of an object')]);
        expect(written).toEqual({ id: sha256(text), bytes: text.length });
        expect(store.objects.has(written.id)).toBe(true);
        const read = await store.objects.read(written.id);
        expect(read.outcome === 'found' && new TextDecoder().decode(read.bytes)).toBe(text);
      });
      it('start at a multiple of eight in memory, so that columns are views of them', async () => {
        const { id } = await store.objects.write([bytesOf('odd')]);
        const read = await store.objects.read(id);
        expect(read.outcome === 'found' && read.bytes.byteOffset % 8).toBe(0);
      });
      it('may be empty, shared between threads, or larger than one piece', async () => {
        const empty = await store.objects.write([]);
        expect(await store.objects.read(empty.id)).toEqual({ outcome: 'found', bytes: new Uint8Array(0) });
        const shared = new Uint8Array(new SharedArrayBuffer(20_000_003)).fill(7);
        shared[19_999_999] = 1;
        const large = await store.objects.write([shared]);
        expect(large.id).toBe(sha256(shared));
        const read = await store.objects.read(large.id);
        expect(read.outcome === 'found' && Buffer.compare(read.bytes, shared)).toBe(0);
      });
      it('are the same object when written twice, and at once', async () => {
        const writes = Array.from({ length: 8 }, () => store.objects.write([bytesOf('twice')]));
        const ids = new Set((await Promise.all(writes)).map(({ id }) => id));
        expect([...ids]).toEqual([sha256('twice')]);
        expect(await collect(store.objects.list())).toHaveLength(1);
      });
      it('are absent before they are written and after they are deleted', async () => {
        const id = sha256('gone') as ObjectId;
        expect(store.objects.has(id)).toBe(false);
        expect(await store.objects.read(id)).toEqual({ outcome: 'absent' });
        await store.objects.write([bytesOf('gone')]);
        await store.objects.delete(id);
        await store.objects.delete(id);
        expect(store.objects.has(id)).toBe(false);
      });
      it('are listed with their size and time', async () => {
        const before = Date.now() - 5_000;
        await store.objects.write([bytesOf('a')]);
        await store.objects.write([bytesOf('bcd')]);
        const listed = (await collect(store.objects.list())).sort((a, b) => a.bytes - b.bytes);
        expect(listed.map(({ id, bytes }) => [id, bytes])).toEqual([
          [sha256('a'), 1],
          [sha256('bcd'), 3],
        ]);
        expect(listed.every(({ changed }) => changed > before)).toBe(true);
      });
      it('written by one are there for others at once', async () => {
        const other = another();
        const { id } = await other.objects.write([bytesOf('from afar')]);
        expect(store.objects.has(id)).toBe(true);
      });
      it('whose size is not what their memo says are not there', async () => {
        const { id } = await store.objects.write([bytesOf('four')]);
        store.memos.append(memoOf('wrong size', { out: artifactOf(id, 5) }), materialOf({}));
        store.memos.find(keyOf('wrong size'));
        expect(store.objects.has(id)).toBe(false);
      });
    });

    describe('memos', () => {
      it('are found by their key as soon as they are appended', () => {
        const memo = memoOf('a', { out: artifactOf(sha256('x') as ObjectId, 3) });
        expect(store.memos.find(memo.key)).toBeUndefined();
        store.memos.append(memo, materialOf({ clip: 0.1 }));
        expect(store.memos.find(memo.key)).toEqual(memo);
        expect(store.memos.material(memo.key)).toEqual(materialOf({ clip: 0.1 }));
      });
      it('of others are found after a refresh, and by whoever opens the store later', () => {
        const other = another();
        other.memos.append(memoOf('b', {}), materialOf({}));
        store.memos.refresh();
        expect(store.memos.find(keyOf('b'))?.step).toBe('weights');
        other.memos.append(memoOf('c', {}), materialOf({ c: 1 }));
        store.memos.refresh();
        expect(store.memos.find(keyOf('c'))).toBeDefined();
        expect(store.memos.material(keyOf('c'))).toEqual(materialOf({ c: 1 }));
        expect(another().memos.find(keyOf('b'))).toEqual(other.memos.find(keyOf('b')));
      });
      it('of one key give way to the youngest, in whatever order they are read', () => {
        const other = another();
        other.memos.append(memoOf('k', {}, { at: '2026-01-02T00:00:00.000Z', ms: 2 }), materialOf({}));
        store.memos.append(memoOf('k', {}, { at: '2026-01-01T00:00:00.000Z', ms: 1 }), materialOf({}));
        expect(another().memos.find(keyOf('k'))?.ms).toBe(2);
        store.memos.refresh();
        expect(store.memos.find(keyOf('k'))?.ms).toBe(2);
      });
      it('come newest last, and so do the materials of a node', () => {
        const at = (second: number) => ({ at: `2026-01-01T00:00:0${second}.000Z` });
        store.memos.append(memoOf('late', {}, at(3)), materialOf({ n: 3 }));
        store.memos.append(memoOf('early', {}, at(1)), materialOf({ n: 1 }));
        store.memos.append(memoOf('other', {}, at(2)), materialOf({ n: 2 }, 'weights/other'));
        expect(store.memos.all().map(({ key }) => key)).toEqual(['early', 'other', 'late'].map(keyOf));
        const configs = (of: Store) => of.memos.materials('weights/some').map(({ material }) => material.config);
        expect(configs(store)).toEqual([{ n: 1 }, { n: 3 }]);
        expect(configs(another())).toEqual([{ n: 1 }, { n: 3 }]);
      });
      it('keep every character of what they are told', () => {
        const odd = 'line\nbreak "quoted" \u2028 é 😀 \\ \0';
        store.memos.append(memoOf('odd', {}, { step: odd }), materialOf({ [odd]: odd }));
        const other = another();
        expect(other.memos.find(keyOf('odd'))?.step).toBe(odd);
        expect(other.memos.material(keyOf('odd'))?.config).toEqual({ [odd]: odd });
      });
    });

    describe('runs', () => {
      it('are listed in the order of time and read back', () => {
        const first = store.runs.begin(recordOf({ command: 'run mf' }));
        const second = another().runs.begin(recordOf({ command: 'run ips' }));
        expect(store.runs.list().map(({ id }) => id)).toEqual([first.id, second.id]);
        expect(first.id < second.id).toBe(true);
        second.end(recordOf({ command: 'run ips', outcome: 'ok', results: { auc: 0.7 } }));
        expect(store.runs.read(second.id)).toMatchObject({ outcome: 'ok', results: { auc: 0.7 } });
        expect(store.runs.list().map(({ outcome }) => outcome)).toEqual(['running', 'ok']);
        expect(store.runs.locate(first.id)).toBe(first.path);
      });
      it('can be added to after their end', async () => {
        const run = store.runs.begin(recordOf());
        run.event({ event: 'one' });
        run.end(recordOf({ outcome: 'ok' }));
        run.event({ event: 'two' });
        run.update(recordOf({ outcome: 'ok', results: { later: true } }));
        expect(store.runs.read(run.id).results).toEqual({ later: true });
        expect(await collect(store.runs.events(run.id))).toEqual([{ event: 'one' }, { event: 'two' }]);
      });
      it('that are not there are named in the message, with those that are', () => {
        const run = store.runs.begin(recordOf());
        expect(() => store.runs.read('2020-01-01')).toThrow("there is no run '2020-01-01' in this store");
        try {
          store.runs.read('../../etc');
        } catch (error) {
          expect(error).toMatchObject({ code: 'unknown-name', hint: expect.stringContaining(run.id) });
        }
      });
    });

    describe('locks', () => {
      it('have one holder at a time, also between two who opened the store', () => {
        const other = another();
        const lock = store.locks.acquire(keyOf('a'));
        expect(lock).toBeDefined();
        expect(other.locks.acquire(keyOf('a'))).toBeUndefined();
        expect(store.locks.acquire(keyOf('a'))).toBeUndefined();
        expect(other.locks.acquire(keyOf('b'))).toBeDefined();
        lock?.release();
        lock?.release();
        expect(other.locks.acquire(keyOf('a'))).toBeDefined();
      });
      it('can be waited for', async () => {
        const lock = store.locks.acquire(keyOf('a'));
        let free = false;
        const waiting = another()
          .locks.released(keyOf('a'), 10_000)
          .then(() => {
            free = true;
          });
        await new Promise((done) => setTimeout(done, 30));
        expect(free).toBe(false);
        lock?.release();
        await waiting;
        expect(free).toBe(true);
      });
      it('are not waited for longer than asked', async () => {
        store.locks.acquire(keyOf('a'));
        const began = performance.now();
        await store.locks.released(keyOf('a'), 60);
        expect(performance.now() - began).toBeLessThan(5_000);
      });
      it('of a holder that closed the store are free', () => {
        const other = under.open();
        other.locks.acquire(keyOf('a'));
        other.close();
        expect(store.locks.acquire(keyOf('a'))).toBeDefined();
      });
    });

    describe('checkpoints', () => {
      it('are replaced whole, seen by others, and gone once they are removed', () => {
        const [key, other] = [keyOf('fit'), keyOf('other')];
        expect(store.checkpoints.read(key)).toBeUndefined();
        store.checkpoints.write(key, bytesOf('after epoch 1, at length'));
        store.checkpoints.write(key, bytesOf('after epoch 2'));
        store.checkpoints.write(other, new Uint8Array(0));
        expect(Buffer.from(another().checkpoints.read(key) ?? []).toString()).toBe('after epoch 2');
        expect(store.checkpoints.read(other)).toHaveLength(0);
        store.checkpoints.remove(key);
        store.checkpoints.remove(key);
        expect(another().checkpoints.read(key)).toBeUndefined();
        expect(store.checkpoints.read(other)).toHaveLength(0);
      });
    });

    describe('pins and hints', () => {
      it('pin runs by name until they are unpinned', () => {
        const run = store.runs.begin(recordOf());
        store.pins.pin('paper-table-2', run.id);
        expect(another().pins.list()).toEqual({ 'paper-table-2': run.id });
        store.pins.unpin('paper-table-2');
        expect(store.pins.list()).toEqual({});
      });
      it('refuse what is not there, by name', () => {
        expect(() => store.pins.pin('a', 'no-such-run')).toThrow("there is no run 'no-such-run'");
        expect(() => store.pins.unpin('a')).toThrow("there is no pin 'a'");
        expect(() => store.pins.pin('../a', 'x')).toThrow('cannot name a pin');
      });
      it('keep hints of two writers after both flushed', () => {
        const other = another();
        store.hints.set('a', { stamp: 1 });
        other.hints.set('b', [2]);
        store.hints.flush();
        other.hints.flush();
        const third = another();
        expect([third.hints.get('a'), third.hints.get('b'), third.hints.get('c')]).toEqual([
          { stamp: 1 },
          [2],
          undefined,
        ]);
      });
    });
  });
}
