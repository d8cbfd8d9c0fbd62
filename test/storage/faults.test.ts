import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ObjectId } from '../../core/store.ts';
import { type FileStore, openStore, verifyStore } from '../../storage/index.ts';
import { artifactOf, bytesOf, keyOf, materialOf, memoOf, recordOf, sha256 } from './conformance.ts';

let folder: string;
let opened: FileStore[];
const open = (at = join(folder, 'store')) => {
  const store = openStore(at);
  opened.push(store);
  return store;
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterpoise-faults-'));
  opened = [];
});
afterEach(() => {
  for (const store of opened) store.close();
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true, force: true });
});
const objectPath = (id: string, ending = 'json') =>
  join(folder, 'store/objects', id.slice(0, 2), `${id.slice(2)}.${ending}`);
const quarantined = () => readdirSync(join(folder, 'store/quarantine'));
async function stored(store: FileStore, name: string, text = `object of ${name}`) {
  const { id, bytes } = await store.objects.write([bytesOf(text)]);
  store.memos.append(memoOf(name, { out: artifactOf(id, bytes) }), materialOf({ name }));
  return id;
}
const damageOf = async (store: FileStore) =>
  (await verifyStore(store)).findings.filter(({ severity }) => severity === 'damage').map(({ kind }) => kind);
const segments = () => readdirSync(join(folder, 'store/memo')).filter((name) => !name.includes('materials'));

describe('a bad object', () => {
  test('with a flipped bit is reported, set aside, and healed by the next write', async () => {
    const store = open();
    const id = await stored(store, 'a');
    const bytes = readFileSync(objectPath(id));
    bytes[3] = (bytes[3] as number) ^ 1;
    writeFileSync(objectPath(id), bytes);
    expect(await store.objects.read(id)).toMatchObject({ outcome: 'corrupt' });
    expect(quarantined()).toHaveLength(1);
    expect(store.objects.has(id)).toBe(false);
    await stored(store, 'a');
    expect(await store.objects.read(id)).toMatchObject({ outcome: 'found' });
  });

  test('that is cut off is not there, since its memo knows its size', async () => {
    const store = open();
    const id = await stored(store, 'a');
    truncateSync(objectPath(id), 4);
    expect(store.objects.has(id)).toBe(false);
    expect(await store.objects.read(id)).toMatchObject({ outcome: 'corrupt' });
    expect(await store.objects.read(id)).toEqual({ outcome: 'absent' });
  });

  test('that is cut off is written anew by a write of the same bytes, even if nobody has read it', async () => {
    const store = open();
    const id = await stored(store, 'a');
    truncateSync(objectPath(id), 4);
    await stored(store, 'a');
    expect(await store.objects.read(id)).toMatchObject({ outcome: 'found' });
  });

  test('is found by verification, which forgets the memos that need it', async () => {
    const first = open();
    const corrupt = await stored(first, 'corrupt');
    const deleted = await stored(first, 'deleted');
    await stored(first, 'good');
    writeFileSync(objectPath(corrupt), 'something else');
    rmSync(objectPath(deleted));
    const report = await verifyStore(first);
    expect(report).toMatchObject({ ok: false, objects: 2, memos: 3 });
    expect(report.findings.map(({ kind }) => kind).sort()).toEqual([
      'corrupt-object',
      'missing-object',
      'missing-object',
    ]);
    const healed = await verifyStore(first, { heal: true });
    expect(healed.findings.filter(({ severity, healed }) => severity === 'damage' && !healed)).toEqual([]);
    expect(await damageOf(first)).toEqual([]);
    expect(first.memos.all().map(({ key }) => key)).toEqual([keyOf('good')]);
    expect(
      open()
        .memos.all()
        .map(({ key }) => key),
    ).toEqual([keyOf('good')]);
    expect(first.memos.material(keyOf('good'))).toEqual(materialOf({ name: 'good' }));
  });
});

describe('a memo segment', () => {
  test('with an unfinished last line gives its whole lines, and verification calls the rest a leftover', async () => {
    const writer = open();
    await stored(writer, 'a');
    await stored(writer, 'b');
    writer.close();
    const path = join(folder, 'store/memo', segments()[0] as string);
    truncateSync(path, readFileSync(path).byteLength - 20);
    const store = open();
    expect(store.memos.all().map(({ key }) => key)).toEqual([keyOf('a')]);
    const { ok, findings } = await verifyStore(store);
    expect(ok).toBe(true);
    expect(findings).toMatchObject([{ severity: 'leftover', kind: 'torn-line' }]);
    await verifyStore(store, { heal: true });
    expect((await verifyStore(store)).findings).toEqual([]);
    expect(store.memos.all()).toHaveLength(1);
  });

  test('with a changed byte loses that line alone, and says so', async () => {
    const writer = open();
    for (const name of ['a', 'b', 'c']) await stored(writer, name);
    writer.close();
    const path = join(folder, 'store/memo', segments()[0] as string);
    const lines = readFileSync(path, 'utf8').split('\n');
    lines[1] = (lines[1] as string).replace('"step":"weights"', '"step":"waights"');
    writeFileSync(path, lines.join('\n'));
    const store = open();
    expect(store.memos.all()).toHaveLength(2);
    expect(store.memos.find(keyOf('b'))).toBeUndefined();
    expect(await damageOf(store)).toEqual(['bad-line']);
    await verifyStore(store, { heal: true });
    expect(await damageOf(store)).toEqual([]);
    expect(store.memos.all()).toHaveLength(2);
  });

  test('that is being written is read up to its last whole line, and the rest when it is there', async () => {
    const writer = open();
    await stored(writer, 'a');
    const store = open();
    const path = join(folder, 'store/memo', segments()[0] as string);
    const [line] = readFileSync(path, 'utf8').split('\n') as [string];
    appendFileSync(path, line.slice(0, 50));
    store.memos.refresh();
    appendFileSync(path, `${line.slice(50)}\n`);
    store.memos.refresh();
    expect(store.memos.all()).toHaveLength(1);
    expect(await damageOf(store)).toEqual([]);
  });

  test('that somebody removed while its writer was at work is begun anew', async () => {
    const writer = open();
    await stored(writer, 'a');
    rmSync(join(folder, 'store/memo', segments()[0] as string));
    await stored(writer, 'b');
    expect(open().memos.find(keyOf('b'))).toBeDefined();
  });

  test('is one of few, however many processes wrote', async () => {
    for (let i = 0; i < 70; i++) {
      const store = openStore(join(folder, 'store'));
      await stored(store, `m${i}`);
      store.close();
    }
    expect(segments().length).toBeLessThan(10);
    const store = open();
    expect(store.memos.all()).toHaveLength(70);
    expect(store.memos.materials('weights/some')).toHaveLength(70);
  });
});

describe('a lock', () => {
  const holders = () => join(folder, 'store/locks/holders');
  const path = () => join(folder, 'store/locks', keyOf('a'));

  test('of a process whose id now belongs to another one is free', () => {
    const store = open();
    const lock = store.locks.acquire(keyOf('a'));
    const { holder } = JSON.parse(readFileSync(path(), 'utf8'));
    lock?.release();
    const [time, machine, pid, start, tail] = holder.split('-');
    const dead = [time, machine, pid, Number(start) - 1, tail].join('-');
    writeFileSync(join(holders(), dead), '');
    writeFileSync(path(), JSON.stringify({ holder: dead }));
    expect(store.locks.acquire(keyOf('a'))).toBeDefined();
  });

  test('of another machine holds while its heart beats, and not when it has long been silent', () => {
    const store = open();
    const afar = '000000000-ffffffffffff-1-1-abcdef';
    writeFileSync(join(holders(), afar), '');
    writeFileSync(path(), JSON.stringify({ holder: afar }));
    expect(store.locks.acquire(keyOf('a'))).toBeUndefined();
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(join(holders(), afar), longAgo, longAgo);
    expect(store.locks.acquire(keyOf('a'))).toBeDefined();
  });

  test('without content is somebody about to lock, or what remains of one', () => {
    const store = open();
    writeFileSync(path(), '');
    expect(store.locks.acquire(keyOf('a'))).toBeUndefined();
    const before = new Date(Date.now() - 60_000);
    utimesSync(path(), before, before);
    expect(store.locks.acquire(keyOf('a'))).toBeDefined();
  });

  test('beats while the main thread computes', async () => {
    const store = open();
    store.locks.acquire(keyOf('a'));
    const holder = join(holders(), readdirSync(holders())[0] as string);
    const before = new Date(Date.now() - 3_600_000);
    await new Promise((resolve) => setTimeout(resolve, 300)); // the thread needs a moment to start
    utimesSync(holder, before, before);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_500); // no turn of the event loop
    expect(statSync(holder).mtimeMs).toBeGreaterThan(Date.now() - 10_000);
  });
});

describe('a folder that cannot be a store', () => {
  test('because it holds other things is left alone', () => {
    writeFileSync(join(folder, 'thesis.tex'), '');
    expect(() => open(folder)).toThrow("the folder is not empty and is no store: it holds 'thesis.tex'");
    expect(readdirSync(folder)).toEqual(['thesis.tex']);
  });
  test('because it is a file says so', () => {
    writeFileSync(join(folder, 'store'), '');
    expect(() => open()).toThrow(/a file lies where a folder belongs/);
  });
  test('because a file lies in the place of a folder says which', () => {
    open().close();
    rmSync(join(folder, 'store/objects'), { recursive: true });
    writeFileSync(join(folder, 'store/objects'), '');
    try {
      open();
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'store-unusable', where: join(folder, 'store/objects') });
    }
  });
  test('because a newer version made it names both formats', () => {
    open().close();
    writeFileSync(join(folder, 'store/FORMAT'), '2\n');
    expect(() => open()).toThrow("the store has format '2', and this version reads format 1");
  });
  test('may lack empty folders, which are made again', async () => {
    open().close();
    for (const name of ['objects', 'memo', 'runs', 'tmp', 'locks', 'quarantine', 'pins'])
      rmSync(join(folder, 'store', name), { recursive: true });
    const store = open();
    await stored(store, 'a');
    expect(existsSync(join(folder, 'store/memo'))).toBe(true);
  });
  test('keeps itself out of version control', () => {
    open();
    expect(readFileSync(join(folder, 'store/.gitignore'), 'utf8')).toBe('*\n');
  });
});

describe('a store that cannot be written', () => {
  const isRoot = process.getuid?.() === 0;
  /** Root may write anywhere, so root's tests let somebody else try. */
  const asSomebody = async (work: (store: FileStore) => unknown): Promise<unknown> => {
    if (isRoot) process.seteuid?.(65534);
    try {
      return await work(open());
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  };
  test('can be read, and says what it refuses when something is to be written', async (context) => {
    if (process.getuid === undefined) return context.skip('this system has no file modes');
    const id = await stored(open(), 'a');
    opened.pop()?.close();
    chmodSync(folder, 0o755);
    execFileSync('chmod', ['-R', 'a+rX,a-w', join(folder, 'store')]);
    await asSomebody(async (store) => {
      expect(store.memos.find(keyOf('a'))).toBeDefined();
      expect(store.objects.has(id)).toBe(true);
      expect(await store.objects.read(id)).toMatchObject({ outcome: 'found' });
      const refused = { code: 'store-unusable', message: expect.stringContaining('read-only for this user') };
      await expect(store.objects.write([bytesOf('new')])).rejects.toMatchObject(refused);
      const tries: (() => unknown)[] = [
        () => store.memos.append(memoOf('b', {}), materialOf({})),
        () => store.runs.begin(recordOf()),
        () => store.locks.acquire(keyOf('b')),
      ];
      for (const attempt of tries)
        try {
          attempt();
          expect.unreachable();
        } catch (error) {
          expect(error).toMatchObject(refused);
          expect((error as { hint: string }).hint).toContain('--store DIR');
        }
      store.hints.set('a', 1);
      store.hints.flush();
    });
    execFileSync('chmod', ['-R', 'u+w', join(folder, 'store')]);
  });

  test('because its disk is full says so, and goes on when there is room again', async (context) => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    const mounted = spawnSync('sh', ['-c', `mount -t tmpfs -o size=512k tmpfs '${disk}'`]);
    if (mounted.status !== 0) return context.skip('a small disk cannot be mounted here');
    try {
      const store = openStore(join(disk, 'store'));
      const filler = join(disk, 'filler');
      await store.objects.write([bytesOf('fits')]);
      store.memos.append(memoOf('before', {}), materialOf({}));
      const large = new Uint8Array(600_000).fill(1);
      await expect(store.objects.write([large])).rejects.toMatchObject({
        code: 'store-full',
        hint: expect.stringContaining('cache gc'),
      });
      expect(readdirSync(join(disk, 'store/tmp'))).toEqual([]);
      spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1k', 'count=600']);
      const wide = materialOf({ filler: 'x'.repeat(100_000) });
      expect(() => store.memos.append(memoOf('full', {}), wide)).toThrow('the disk that holds the store is full');
      rmSync(filler);
      store.memos.append(memoOf('after', {}), materialOf({ after: 1 }));
      store.close();
      const again = openStore(join(disk, 'store'));
      expect(again.memos.find(keyOf('after'))).toBeDefined();
      expect(again.memos.material(keyOf('after'))).toEqual(materialOf({ after: 1 }));
      expect((await verifyStore(again)).findings).toEqual([]);
      again.close();
    } finally {
      spawnSync('sh', ['-c', `umount '${disk}'`]);
    }
  });
});

test('ten thousand memos cost little to open and nothing to leave alone', () => {
  const writer = open();
  const outputs = { out: artifactOf(sha256('x') as ObjectId, 10) };
  for (let i = 0; i < 10_000; i++) writer.memos.append(memoOf(`m${i}`, outputs), materialOf({ i }));
  writer.close();
  const times = Array.from({ length: 3 }, () => {
    const began = performance.now();
    open();
    return performance.now() - began;
  });
  expect(Math.min(...times)).toBeLessThan(150); // about 15 ms on a quiet machine
});
