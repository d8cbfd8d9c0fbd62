/** What the two sides of a benchmark of training are started from. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const median = (of: readonly number[]): number => [...of].sort((a, b) => a - b)[of.length >> 1] as number;

/** Our side as one file, so that its processor time holds no TypeScript loader; it must lie in the checkout to find the kernels. */
export async function bundled(entry: string): Promise<string> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const outfile = join(root, 'node_modules/.cache/counterpoise', `${entry.replace(/\W/g, '-')}-${process.pid}.mjs`);
  await build({
    entryPoints: [join(root, 'bench', entry)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
    // the sources' own place: what is compiled on demand is looked for from there
    define: { 'import.meta.url': JSON.stringify(new URL('../../services.ts', import.meta.url).href) },
  });
  return outfile;
}

export function pythonWithTorch(): { command: string; version: string } | undefined {
  const candidates = [process.env.COUNTERPOISE_TORCH, '/tmp/torch-venv/bin/python', 'python3'];
  for (const command of candidates) {
    if (command === undefined || (command.startsWith('/') && !existsSync(command))) continue;
    const { status, stdout } = spawnSync(command, ['-c', 'import torch, numpy; print(torch.__version__)'], {
      encoding: 'utf8',
    });
    if (status === 0) return { command, version: stdout.trim() };
  }
  return undefined;
}
