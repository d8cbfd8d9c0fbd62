/** The checks of `doctor`, each by trying, not by looking at versions. */
import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { asProblem } from '../../core/errors.ts';
import type { AnyNode, FileRead } from '../../core/node.ts';
import { readConfig } from '../../core/plugins/index.ts';
import { openTensors } from '../../nodes/learning/tensor/open.ts';
import { chooseBackend, packageLoader } from '../../tensor-backend.ts';
import type { Context } from '../command.ts';
import { openDefinitions, openStoreOf } from '../opening.ts';
import { sizeText } from '../sizes.ts';
import { dataFolderOf, storeFolderOf } from '../targets.ts';

export interface Check {
  readonly check: string;
  readonly status: 'ok' | 'warning' | 'failed';
  readonly detail: string;
  readonly hint?: string;
}
type Checking = (context: Context) => Promise<readonly Check[]> | readonly Check[];

const ok = (check: string, detail: string): Check => ({ check, status: 'ok', detail });
const warning = (check: string, detail: string, hint: string): Check => ({ check, status: 'warning', detail, hint });
const failed = (check: string, detail: string, hint: string): Check => ({ check, status: 'failed', detail, hint });

/** What package.json's `engines` says. */
const leastNode = [20, 19] as const;

const nodeVersion: Checking = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1]);
  const detail = `${process.versions.node} on ${process.platform}-${process.arch}, ${availableParallelism()} threads, ${sizeText(totalmem())} of memory`;
  return [enough ? ok('Node', detail) : failed('Node', detail, `install Node ${leastNode.join('.')} or newer`)];
};

/** v128.const 0; i8x16.popcnt; drop: a module that only validates with SIMD. */
// biome-ignore format: bytes
const simd = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 25, 1, 23, 0,
  253, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 253, 98, 26, 11,
);
/** Node has it, its types without those of browsers do not. */
const { WebAssembly } = globalThis as unknown as { WebAssembly: { validate(bytes: Uint8Array): boolean } };
/** The same with i8x16.relaxed_swizzle of that constant and itself. */
// biome-ignore format: bytes
const relaxedSimd = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 44, 1, 42, 0,
  253, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  253, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 253, 128, 2, 26, 11,
);
const webAssembly: Checking = () => {
  if (!WebAssembly.validate(simd))
    return [failed('WebAssembly', 'without SIMD', 'the kernels need it; use a processor and a Node that have it')];
  const relaxed = WebAssembly.validate(relaxedSimd)
    ? 'with relaxed SIMD for `--numeric fast`'
    : 'without relaxed SIMD, which `--numeric fast` would use and Node 22 and later have';
  return [ok('WebAssembly', `with SIMD, ${relaxed}`)];
};

const workers: Checking = async () => {
  try {
    await new Promise<void>((done, fail) => {
      const worker = new Worker('', { eval: true });
      worker.once('exit', () => done());
      worker.once('error', fail);
    });
    return [ok('worker threads', 'start')];
  } catch (error) {
    return [warning('worker threads', messageOf(error), 'run with --jobs 0, which needs none')];
  }
};

const packages: readonly (readonly [name: string, load: () => Promise<unknown>, purpose: string])[] = [
  ['apache-arrow', () => import('apache-arrow'), 'tables in the store'],
  ['@duckdb/node-api', () => import('@duckdb/node-api'), 'CSV, Parquet and JSONL in and out'],
  ['esbuild', async () => (await import('esbuild')).transform('let a: number', { loader: 'ts' }), 'plugins'],
];
const libraries: Checking = () =>
  Promise.all(
    packages.map(async ([name, load, purpose]) => {
      try {
        await load();
        return ok(name, `loads (${purpose})`);
      } catch (error) {
        return failed(name, `${messageOf(error)} (${purpose})`, 'run `npm ci` again, with optional dependencies');
      }
    }),
  );

/** Which backend neural nodes would use, why, and whether it computes. */
const tensors: Checking = async ({ options }) => {
  try {
    const asked = typeof options.backend === 'string' ? options.backend : 'auto';
    const fast = options.numeric === 'fast';
    const chosen = chooseBackend(asked, undefined, fast);
    const { name, why, identity } = chosen;
    const tf = await openTensors(name, packageLoader(chosen)).open();
    const sum = tf.tidy(() => tf.sum(tf.matMul(tf.ones([2, 3]), tf.ones([3, 2]))).dataSync()[0] as never) as unknown;
    if (sum !== 12) throw new Error(`2 x 3 ones times 3 x 2 ones sum to ${sum}`);
    const repeats = name === 'tensorflow' && fast ? 'need not repeat bit for bit' : 'repeats bit for bit';
    const how = name === 'tensorflow' ? `${repeats}; its steps run on the main thread` : repeats;
    const faster = why.endsWith('not installed') ? '; `counterpoise backend install tensorflow` installs it' : '';
    return [ok('tensors', `${name}: ${why}${faster} (${identity.variant}; ${how})`)];
  } catch (error) {
    const { message, hint } = asProblem(error);
    return [failed('tensors', message, hint ?? 'choose `--backend wasm`')];
  }
};

const store: Checking = (context) => {
  try {
    const folder = resolve(storeFolderOf(context.options, readConfig(process.cwd())));
    const there = existing(folder);
    accessSync(there, constants.W_OK);
    const { bavail, bsize } = statfsSync(there);
    const free = bavail * bsize;
    const space =
      free < 1e9
        ? [warning('disk', `${sizeText(free)} free at ${there}`, 'make room, or run `counterpoise cache gc`')]
        : [ok('disk', `${sizeText(free)} free`)];
    if (!existsSync(folder)) return [ok('store', `${folder} will be made by the first run`), ...space];
    const open = openStoreOf(context);
    try {
      open.memos.refresh();
      const runs = open.runs.list().length;
      return [ok('store', `${open.location}: ${open.memos.all().length} results, ${runs} runs`), ...space];
    } finally {
      open.close();
    }
  } catch (error) {
    const { hint } = asProblem(error);
    return [failed('store', messageOf(error), hint ?? 'choose another store with --store DIR')];
  }
};
const existing = (path: string): string =>
  existsSync(path) || dirname(path) === path ? path : existing(dirname(path));

const definitions: Checking = async (context) => {
  try {
    const config = readConfig(process.cwd());
    const { registry } = await openDefinitions(context);
    const plugins = config.plugins.length === 0 ? 'no plugins' : `plugins: ${config.plugins.join(', ')}`;
    return [
      ok('definitions', `${registry.nodes.size} nodes, ${registry.pipelines.size} pipelines; ${plugins}`),
      ...dataSets(
        [...registry.nodes.values()].map(({ value }) => value),
        dataFolderOf(context.options, config),
      ),
    ];
  } catch (error) {
    const problem = asProblem(error);
    return [
      failed(
        'definitions',
        problem.message,
        problem.hint ?? 'mend the plugin or its entry in counterpoise.config.json',
      ),
    ];
  }
};

/** Data sets whose files have fixed places: which of them are there. Own data are checked when they are used. */
function dataSets(nodes: readonly AnyNode[], folder: string | undefined): readonly Check[] {
  const known = nodes.flatMap((node) => {
    const reads = node.id.startsWith('datasets/') ? fixedReads(node) : [];
    return reads.length === 0 ? [] : [{ name: node.id.replace('datasets/', ''), reads }];
  });
  if (folder === undefined)
    return [
      warning('data', 'no data folder is named', 'say --data DIR or set COUNTERPOISE_DATA; the simulation needs none'),
    ];
  if (!existsSync(folder)) return [warning('data', `${folder} is not there`, 'name another with --data DIR')];
  const there = known.filter(({ reads }) => reads.every(({ path }) => existsSync(resolve(folder, path))));
  const absent = known.filter((set) => !there.includes(set)).map(({ name }) => name);
  const detail = `${folder}: ${there.map(({ name }) => name).join(', ') || 'none of the known data sets'}`;
  return [
    absent.length === 0
      ? ok('data', detail)
      : ok('data', `${detail}; absent: ${absent.join(', ')} (\`data list\` says where to get them)`),
  ];
}

/** A node that reads files of the user's choice has no defaults to ask. */
function fixedReads(node: AnyNode): readonly FileRead[] {
  try {
    return node.reads?.(node.configure({}) as never).filter(({ optional }) => !optional) ?? [];
  } catch {
    return [];
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

export const checks: readonly Checking[] = [nodeVersion, webAssembly, workers, libraries, tensors, store, definitions];
