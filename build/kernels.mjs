/**
 * Compiles the engine's kernels: every `nodes/learning/assembly/<name>.ts` that is an entry (a file directly in that folder
 * whose name does not start with `_`) becomes `<name>.wasm`. Does nothing while there is no such folder.
 */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param {string} folder of the AssemblyScript entries
 * @param {string} out where the binaries go
 * @param {readonly string[]} flags more flags for asc, for example `--enable simd`
 * @returns {Promise<readonly string[]>} the names of the binaries
 */
export async function buildKernels(folder, out, flags = ['--enable', 'simd', '-O3', '--runtime', 'stub']) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.startsWith('_'));
  if (entries.length === 0) return [];
  mkdirSync(out, { recursive: true });
  const { default: asc } = await import('assemblyscript/asc');
  const names = [];
  for (const entry of entries.sort()) {
    const name = entry.replace(/\.ts$/, '.wasm');
    const { error, stderr } = await asc.main([join(folder, entry), '--outFile', join(out, name), ...flags]);
    if (error) throw new Error(`${entry} does not compile:\n${stderr.toString()}`);
    names.push(name);
  }
  return names;
}
