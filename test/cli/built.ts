/** The tool as it ships, built from the sources of this moment: what tests of several processes start. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface Built {
  /** Starts the tool in a process of its own. */
  start(words: readonly string[], options?: StartOptions): Started;
  remove(): void;
}
export interface StartOptions {
  readonly cwd?: string;
  readonly uid?: number;
}
export interface Started {
  readonly process: ChildProcess;
  /** Resolves when a line of stderr holds the text. */
  said(text: string): Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
}

/** The checkout's own `dist` where it was built from these sources; else bundles and digests of their own. */
export async function builtTool(): Promise<Built> {
  // @ts-expect-error the build's scripts are plain JavaScript
  const { isBuiltFrom, sourcesDigest } = await import('../../build/sources.mjs');
  const shipped = join(root, 'dist');
  if (isBuiltFrom(shipped, sourcesDigest(root)))
    return {
      start: (words, options = {}) => started(join(shipped, 'cli.js'), words, options),
      remove: () => undefined,
    };
  const folder = join(root, 'node_modules/.cache/counterpoise', `tool-${process.pid}`);
  const dist = join(folder, 'dist');
  mkdirSync(dist, { recursive: true });
  // @ts-expect-error the build's scripts are plain JavaScript
  const { bundle } = await import('../../build/bundle.mjs');
  // @ts-expect-error
  const { buildKernels } = await import('../../build/kernels.mjs');
  const { writeDigests } = await import('../../build/digests.ts');
  await buildKernels(join(root, 'nodes/learning/assembly'), join(dist, 'kernels'));
  await bundle(root, dist);
  await writeDigests(root, join(dist, 'digests.json'));
  return {
    start: (words, options = {}) => started(join(dist, 'cli.js'), words, options),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function started(entry: string, words: readonly string[], options: StartOptions): Started {
  const child = spawn(process.execPath, [entry, ...words], { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let [out, err] = ['', ''];
  const waiting = new Set<() => void>();
  child.stdout.on('data', (piece) => {
    out += piece;
  });
  child.stderr.on('data', (piece) => {
    err += piece;
    for (const look of waiting) look();
  });
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
  const said = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!err.includes(text)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
      void ended.then(() => reject(new Error(`the tool ended without saying '${text}':\n${err}`)));
    });
  return { process: child, said, ended };
}
