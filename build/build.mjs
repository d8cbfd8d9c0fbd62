/**
 * Makes `dist` from a clean checkout: catalogues, kernels, bundles, type declarations, digests. It is written beside and
 * swapped in at the end, so that a build that fails leaves the old one and nobody meets half a build.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { bundle, external } from './bundle.mjs';
import { writeCatalogues } from './catalogue.mjs';
import { buildKernels } from './kernels.mjs';
import { isBuiltFrom, markBuiltFrom, sourcesDigest } from './sources.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const work = join(root, 'node_modules/.cache/counterpoise', `build-${process.pid}`);
const next = join(work, 'dist');
const started = performance.now();

/** Declarations only, unchecked: `npm run types` is where types are checked. */
function declarations() {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const words = [compiler, '-p', join(root, 'tsconfig.build.json'), '--outDir', join(next, 'types')];
  const run = promisify(execFile)(process.execPath, words, { cwd: root });
  const { child } = run;
  const ended = new Promise((resolve) => child.once('close', resolve));
  const written = run.catch((error) => {
    throw new Error(`no type declarations:\n${error.stdout}${error.stderr}`);
  });
  written.catch(() => undefined); // awaited late; a failure of the bundle is told first
  /** Ends a compiler that would go on writing into a folder that is being removed. */
  const stop = () => {
    child.kill();
    return ended;
  };
  return { written, stop };
}

/** Bundled first, since Node 20 does not load TypeScript; the definitions it loads are those of the checkout. */
async function digests() {
  const outfile = join(work, 'digests.mjs');
  await build({
    entryPoints: [join(root, 'build/digests.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    external,
    logLevel: 'warning',
  });
  const { writeDigests } = await import(pathToFileURL(outfile).href);
  return writeDigests(root, join(next, 'digests.json'));
}

writeCatalogues();
const sources = sourcesDigest(root);
// npm prepares a package again before `npx` runs it for the first time: what is there already is not made twice
if (process.argv.includes('--if-stale') && isBuiltFrom(dist, sources)) {
  console.log('dist is up to date');
  process.exit(0);
}
mkdirSync(next, { recursive: true });
const types = declarations();
try {
  const kernels = await buildKernels(join(root, 'nodes/learning/assembly'), join(next, 'kernels'));
  const missing = await bundle(root, next);
  const count = await digests();
  await types.written;
  markBuiltFrom(next, sources);
  rmSync(dist, { recursive: true, force: true });
  renameSync(next, dist);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `built dist in ${seconds} s: ${count} digests, ${kernels.length} kernels${missing.length > 0 ? `; not there: ${missing.join(', ')}` : ''}`,
  );
} finally {
  await types.stop();
  rmSync(work, { recursive: true, force: true });
}
