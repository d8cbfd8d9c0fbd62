/** Which process this is, in a way that outlives it: a process id alone may belong to another program tomorrow. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

function attempt(read: () => string): string | undefined {
  try {
    return read().trim();
  } catch {
    return undefined;
  }
}

/**
 * Names one boot of one machine, and one space of process ids in it: two containers on one machine do not see each other's
 * processes, so they count as two hosts. Without Linux's files, the host's name has to do.
 */
export const boot: string = (() => {
  const id = attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  if (id === undefined) return `host:${hostname()}`;
  return `${id}/${attempt(() => readlinkSync('/proc/self/ns/pid')) ?? ''}`;
})();

/** A short form of `boot` for file names. */
export const bootDigest: string = createHash('sha256').update(boot).digest('hex').slice(0, 12);

/**
 * When a process of this machine started, as digits that only mean something on this machine; undefined when there is no
 * such process, or only its remains. '0' where the system does not tell.
 */
export function startOf(pid: number): string | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  if (stat !== undefined) {
    // the name in parentheses may itself contain blanks and parentheses
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  }
  if (!exists(pid)) return undefined;
  if (process.platform === 'linux' || process.platform === 'win32') return '0';
  const started = attempt(() => execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }));
  return String(Date.parse(started ?? '') || 0);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
