import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Problem, TensorBundle } from '../core/index.ts';
import { randomOf } from '../core/numeric/index.ts';
import { idleCores, kernelThreads } from '../kernel-threads.ts';
import { Rows } from '../nodes/learning/expression/tree.ts';
import { wasmEngine } from '../nodes/learning/kernels/wasm.ts';
import { listsOfAll, ranksOfTests } from '../nodes/learning/ranking/all-ranked.ts';
import { knownRows } from '../nodes/learning/ranking/known-rows.ts';
import type { RankServices } from '../nodes/learning/ranking/rank-users.ts';
import { serviceParts } from '../services.ts';

const folder = join(
  fileURLToPath(new URL('..', import.meta.url)),
  'node_modules/.cache/counterpoise',
  `${process.pid}`,
);
const entry = pathToFileURL(join(folder, 'thread.mjs')).href;
let binary: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: [fileURLToPath(new URL('../thread.ts', import.meta.url))],
    outfile: fileURLToPath(entry),
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  binary = (await serviceParts(() => undefined)).numeric.binary;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [users, items, width] = [300, 70, 5];
const shape = { users, items };
const random = randomOf('threads');
const table = (rows: number) => Float32Array.from({ length: rows * width }, () => random.normal());
const tables = { P: { rows: 'user', width }, Q: { rows: 'item', width } };
const serving = { tables, scores: { z: { dot: ['P', 'Q'] } }, serve: new Rows({ op: 'score', name: 'z' }).tree };
const tensors = {
  P: { shape: [users, width], data: table(users) },
  Q: { shape: [items, width], data: table(items) },
};
const model = { head: { method: 'mine', serving }, tensors } as unknown as TensorBundle<unknown>;
const pairs = (rows: number) => ({
  user: Uint32Array.from({ length: rows }, () => random.below(users)),
  item: Uint32Array.from({ length: rows }, () => random.below(items)),
});
const known = knownRows({ known: pairs(900) }, shape);
const all = Uint32Array.from({ length: users }, (_, u) => u);
const request = { model, users: all, shape, top: 7, known };

let idle: Int32Array;
let told: number[];
beforeEach(() => {
  told = [];
});
/** Threads are worth it for any work. */
const withThreads = (count: number, cancelled = false): RankServices => {
  idle = idleCores(count);
  return {
    numeric: wasmEngine(binary, { ...kernelThreads({ entry, idle }, binary), worth: 1 }),
    cancel: { requested: cancelled, check() {} },
    progress: { report: (done) => void told.push(done), epoch() {} },
  };
};
const problem = async (of: Promise<unknown>) => (await of.catch((error) => error)) as Problem;

describe('ranking over threads', () => {
  test.each([1, 2, 4])('gives the lists of one thread, byte for byte, with %i more', async (count) => {
    const alone = await listsOfAll(request, withThreads(0));
    expect(await listsOfAll(request, withThreads(count))).toEqual(alone);
    expect(alone.user.length).toBeGreaterThan(users * 6);
    expect(idle[0]).toBe(count);
    expect(told.at(-1)).toBe(users);
  });

  test('gives the ranks of one thread', async () => {
    const asked = pairs(500);
    const rows = [...asked.user.keys()].sort((a, b) => asked.user[a]! - asked.user[b]! || a - b);
    const start = Uint32Array.from({ length: users + 1 }, (_, u) => rows.filter((row) => asked.user[row]! < u).length);
    const { model, shape } = request;
    const tests = { model, users: all, shape, known, test: { start, rows: Uint32Array.from(rows), item: asked.item } };
    const alone = await ranksOfTests(tests, withThreads(0));
    expect(await ranksOfTests(tests, withThreads(2))).toEqual(alone);
    expect(alone.some((rank) => rank === 0)).toBe(true);
    expect(alone.filter((rank) => rank > 0).length).toBeGreaterThan(300);
  });

  test('needs no more threads than there are blocks of users', async () => {
    const few = { ...request, users: Uint32Array.of(9, 3) };
    expect(await listsOfAll(few, withThreads(3))).toEqual(await listsOfAll(few, withThreads(0)));
  });

  test('ends with what went wrong on another thread, and gives the threads back', async () => {
    const P = tensors.P.data.slice();
    P[(users - 1) * width] = Number.NaN;
    const broken = { ...model, tensors: { ...tensors, P: { ...tensors.P, data: P } } } as TensorBundle<unknown>;
    const { code, message } = await problem(listsOfAll({ ...request, model: broken }, withThreads(2)));
    expect([code, message]).toEqual(['bad-data', `the model's score of user ${users - 1} and item 0 is not a number`]);
    expect(idle[0]).toBe(2);
  });

  test('ends the other threads when its own part fails, and when asked to stop', async () => {
    const P = tensors.P.data.slice();
    P[0] = Number.NaN;
    const broken = { ...model, tensors: { ...tensors, P: { ...tensors.P, data: P } } } as TensorBundle<unknown>;
    expect((await problem(listsOfAll({ ...request, model: broken }, withThreads(1)))).code).toBe('bad-data');
    expect(idle[0]).toBe(1);
    const endless = { entry: pathToFileURL(join(folder, 'endless.mjs')).href, idle: idleCores(1) };
    writeFileSync(fileURLToPath(endless.entry), 'setInterval(() => {}, 1000);');
    const services = { ...withThreads(1, true) };
    const numeric = wasmEngine(binary, { ...kernelThreads(endless, binary), worth: 1 });
    expect((await problem(listsOfAll(request, { ...services, numeric }))).code).toBe('cancelled');
    expect(endless.idle[0]).toBe(1);
  });

  test('stays on its own thread where no core is idle, the work is small, or the program is not there', async () => {
    const threads = kernelThreads({ entry, idle: idleCores(0) }, binary);
    expect(threads.borrow(3).count).toBe(0);
    expect(kernelThreads({ entry: `${entry}.gone`, idle: idleCores(2) }, binary).borrow(3).count).toBe(0);
    expect(existsSync(fileURLToPath(entry))).toBe(true);
    const asked: number[] = [];
    const borrow = (most: number) => {
      asked.push(most);
      return threads.borrow(most);
    };
    const counting = { ...threads, borrow };
    await listsOfAll(request, { ...withThreads(0), numeric: wasmEngine(binary, counting) });
    expect(asked).toEqual([]);
  });
});
