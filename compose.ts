/** The composition root: from options to everything that a run stands on. The library and the command line share it. */
import { availableParallelism, tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Problem } from './core/errors.ts';
import type { Reporter } from './core/events.ts';
import { codeDigests, isRegistered } from './core/keys/digest/index.ts';
import type { Registry } from './core/registry.ts';
import type { StepTask } from './core/run/executor.ts';
import { inProcess } from './core/run/in-process.ts';
import type { Workshop } from './core/run/run.ts';
import { workerPool } from './core/run/worker-pool.ts';
import { compose, Definitions, type ServiceModule, type Services, serviceModule } from './core/services/container.ts';
import { type CoreService, coreServices } from './core/services/services.ts';
import type { Store } from './core/store.ts';
import type { Binding, Token } from './core/tokens.ts';
import { loadRegistry } from './definitions.ts';
import { idleCores } from './kernel-threads.ts';
import { serviceParts, serviceSources, shippedServices, workerServices } from './services.ts';
import { openStore } from './storage/index.ts';
import { version } from './version.ts';

export interface WorkshopOptions {
  /** A folder, or an open store; `COUNTERPOISE_STORE`, else `.counterpoise` in the working folder. */
  readonly store?: string | Store;
  /** The folder that holds `coat/`, `ml-100k/`, ...; `COUNTERPOISE_DATA` unless given. */
  readonly data?: string;
  /** Worker threads; one a core unless given. 0 computes in the main thread. */
  readonly jobs?: number;
  /** What neural parts compute on: `tensorflow` (native), `wasm`, or `auto`, the native library where it is installed. */
  readonly backend?: string;
  /**
   * `strict` (unless given): the same bytes on every machine. `fast`: relaxed SIMD where the runtime has it; the key of what
   * trains or scores holds which kernels ran.
   */
  readonly numeric?: string;
  /** Plugin files, the only door for code. */
  readonly plugins?: readonly string[];
  /** Services that nodes ask for beside core's own. */
  readonly use?: readonly Binding<string>[];
  readonly modules?: readonly ServiceModule[];
  readonly reporters?: readonly Reporter[];
  /** Also survive a power failure, at the price of a slower store. */
  readonly fsync?: boolean;
  /**
   * Least seconds between two checkpoints of a long step; 0 saves none. `COUNTERPOISE_CHECKPOINT` unless given, else 60. It
   * cannot change a result.
   */
  readonly checkpoint?: number;
}
export interface OpenWorkshop extends Workshop {
  readonly registry: Registry;
  close(): Promise<void>;
}

/** Where compiled plugins are kept: they serve every project of the user. */
export const cacheFolder = join(tmpdir(), `counterpoise-${process.getuid?.() ?? 'user'}`);
export const defaultStore = (): string => process.env.COUNTERPOISE_STORE ?? '.counterpoise';

export async function openWorkshop(options: WorkshopOptions = {}): Promise<OpenWorkshop> {
  const given = options.store ?? defaultStore();
  const store = typeof given === 'string' ? openStore(resolve(given), { fsync: options.fsync ?? false }) : given;
  const plugins = (options.plugins ?? []).map((file) => resolve(file));
  const { registry, sources } = await loadRegistry(plugins, cacheFolder);
  const digests = await codeDigests({ registry, hints: store.hints, services: serviceSources });
  const jobs = jobsOf(options.jobs);
  const idle = idleCores(jobs);
  const parts = {
    ...(await serviceParts((id) => digests.service(id)?.code, options.backend, options.numeric)),
    threads: jobs === 0 ? undefined : { entry: entryOf('thread').href, idle },
  };
  const shipped = shippedServices(parts);
  const services = compose([
    ...shipped,
    serviceModule('definitions', ({ add }) => {
      for (const source of sources) add(Definitions, source);
    }),
    ...(options.modules ?? []),
    serviceModule('caller', ({ bind }) => {
      for (const binding of options.use ?? []) bind(binding);
    }),
  ]);
  const bound = compose(workerServices(parts));
  const inline = inProcess();
  const pool =
    jobs === 0
      ? undefined
      : workerPool({
          jobs,
          idle,
          entry: workerEntry,
          plugins,
          cacheFolder,
          given: parts,
          knows: (task) => isRegistered(task.node, registry) && travels(task, services, bound),
        });
  return {
    version,
    store,
    services,
    registry,
    digests,
    dataFolder: dataFolder(options.data),
    executor: pool ?? inline,
    inline,
    reporters: options.reporters ?? [],
    notes: parts.numeric.note ? [parts.numeric.note] : [],
    checkpointMs: checkpointSeconds(options.checkpoint) * 1_000,
    close: async () => {
      await pool?.close();
      if (typeof given === 'string') store.close();
    },
  };
}

function jobsOf(jobs: number | undefined): number {
  if (jobs === undefined) return availableParallelism();
  if (Number.isInteger(jobs) && jobs >= 0) return jobs;
  throw new Problem('usage', `--jobs takes a whole number from 0 on, and not '${jobs}'`);
}

function checkpointSeconds(given: number | undefined): number {
  const named = process.env.COUNTERPOISE_CHECKPOINT;
  const seconds = given ?? (named === undefined || named.trim() === '' ? 60 : Number(named));
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new Problem('usage', `a checkpoint is saved every so many seconds, and '${given ?? named}' is no such number`, {
    where: given === undefined ? 'COUNTERPOISE_CHECKPOINT' : '--checkpoint',
    hint: 'give a number from 0 on; 0 saves none',
  });
}

const dataFolder = (given: string | undefined): string | undefined => {
  const folder = given ?? process.env.COUNTERPOISE_DATA;
  return folder === undefined ? undefined : resolve(folder);
};

/** A step can run on a worker when core or the worker makes each of its services, and nobody put another in its place. */
const travels = (task: StepTask, services: Services, shipped: Services): boolean =>
  Object.values(task.node.use as Readonly<Record<string, Token<string, unknown>>>).every(
    (token) =>
      coreServices.includes(token.id as CoreService) ||
      (shipped.has(token) && services.identity(token) === shipped.identity(token)),
  );

/** From `dist` the built program of a thread; from source where `workerEntry` puts it. */
function entryOf(name: 'worker' | 'thread'): URL {
  if (!import.meta.url.endsWith('.ts')) return new URL(`./${name}.js`, import.meta.url);
  const root = fileURLToPath(new URL('.', import.meta.url));
  return pathToFileURL(join(root, 'node_modules', '.cache', 'counterpoise', `${name}-${process.pid}.mjs`));
}

/** The program of a worker: from source it and that of a thread are bundled on the fly, since Node 20 cannot load TypeScript there. */
async function workerEntry(): Promise<URL> {
  const outfile = entryOf('worker');
  if (!import.meta.url.endsWith('.ts')) return outfile;
  const { build } = await import('esbuild');
  const entries = (['worker', 'thread'] as const).map((name) => ({
    in: fileURLToPath(new URL(`./${name}.ts`, import.meta.url)),
    out: basename(fileURLToPath(entryOf(name)), '.mjs'),
  }));
  await build({
    entryPoints: entries,
    outdir: dirname(fileURLToPath(outfile)),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'silent',
  });
  return outfile;
}
