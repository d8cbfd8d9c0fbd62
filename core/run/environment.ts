/** What a run record says about where it ran. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, cpus, hostname, platform, totalmem } from 'node:os';
import { dirname, join } from 'node:path';

export function environment(version: string): Readonly<Record<string, unknown>> {
  return {
    counterpoise: version,
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${platform()}-${arch()}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memory: totalmem(),
    host: hostname(),
    folder: process.cwd(),
    commit: gitCommit(process.cwd()),
  };
}

/** The checked-out commit, read from .git without starting git: a cached run is faster than a process. */
function gitCommit(from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    try {
      const head = readFileSync(join(folder, '.git', 'HEAD'), 'utf8').trim();
      if (!head.startsWith('ref: ')) return head;
      const ref = head.slice(5);
      try {
        return readFileSync(join(folder, '.git', ref), 'utf8').trim();
      } catch {
        const packed = readFileSync(join(folder, '.git', 'packed-refs'), 'utf8');
        return (
          packed
            .split('\n')
            .find((line) => line.endsWith(` ${ref}`))
            ?.split(' ')[0] ?? null
        );
      }
    } catch {
      if (folder === dirname(folder)) return null;
    }
  }
}

/** Whether tracked files differ from the commit; null outside a repository. Starts git, so only runs that compute ask. */
export const gitDirty = (): Promise<boolean | null> =>
  new Promise((resolve) =>
    execFile('git', ['status', '--porcelain', '--untracked-files=no'], { timeout: 5_000 }, (error, out) =>
      resolve(error ? null : out.trim() !== ''),
    ),
  );
