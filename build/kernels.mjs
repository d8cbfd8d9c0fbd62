/**
 * Compiles the engine's kernels: every `nodes/learning/assembly/<name>.ts` that is an entry (a file directly in that folder
 * whose name does not start with `_`) becomes `<name>.wasm`, and with relaxed SIMD `<name>.relaxed.wasm`. Does nothing while
 * there is no such folder.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Memory comes from outside and nothing is allocated: positions are checked where memory is laid out. */
export const flags = ['--enable', 'simd', '-O3', '--noAssert', '--runtime', 'stub', '--importMemory'];

/** What is added to them by the ending of a binary's name. */
const builds = { '.wasm': [], '.relaxed.wasm': ['--enable', 'relaxed-simd'] };

/**
 * @param {string} folder of the AssemblyScript entries
 * @param {string} out where the binaries go
 * @returns {Promise<readonly string[]>} the names of the binaries
 */
export async function buildKernels(folder, out) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.startsWith('_'));
  if (entries.length === 0) return [];
  mkdirSync(out, { recursive: true });
  const { default: asc } = await import('assemblyscript/asc');
  const names = [];
  for (const entry of entries.sort())
    for (const [ending, more] of Object.entries(builds)) {
      const name = entry.replace(/\.ts$/, ending);
      // paths below the folder, so that the bytes do not depend on where the checkout lies
      const words = [entry, '--baseDir', folder, '--outFile', join(out, name), ...flags, ...more];
      const { error, stderr } = await asc.main(words);
      if (error) throw new Error(`${entry} does not compile:\n${stderr.toString()}`);
      names.push(name);
    }
  return names;
}

/**
 * For work from source: the kernels of the sources as they are, compiled at most once.
 * @returns {Promise<string>} the folder of the binaries, with a separator at its end
 */
export async function cachedKernels() {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const folder = join(root, 'nodes/learning/assembly');
  const cache = join(root, 'node_modules/.cache/counterpoise/kernels');
  const hash = createHash('sha256').update(JSON.stringify([flags, builds]));
  hash.update(readFileSync(join(root, 'node_modules/assemblyscript/package.json')));
  for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
  const out = join(cache, hash.digest('hex').slice(0, 16));
  if (!existsSync(out)) {
    const draft = `${out}-${process.pid}`;
    await buildKernels(folder, draft);
    try {
      renameSync(draft, out);
    } catch (error) {
      if (!existsSync(out)) throw error; // another process was faster
      rmSync(draft, { recursive: true, force: true });
    }
  }
  return join(out, '/');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await cachedKernels());
