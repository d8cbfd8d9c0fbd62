/**
 * Who computes a key now. A lock is a second name (a hard link) of its holder's file: making it is one atomic call, and it
 * is never seen without its content.
 *
 * Locks only save work. Whatever goes wrong with them (two machines that disagree about a heartbeat, a lock that is replaced
 * in the instant in which its owner awakes), the worst outcome is that a step is computed twice: objects are published under
 * their content and memos are appended to a file of one's own, so nothing can be corrupted.
 */
import { closeSync, linkSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Key, Lock, Locks } from '../core/store.ts';
import { writeFully } from './files.ts';
import { type Holder, isAlive } from './holder.ts';
import type { Layout } from './layout.ts';
import { codeOf, isAbsent, storeProblem } from './problems.ts';

/** A lock without readable content belongs to a process that died while making it, unless it is this young. */
const unreadableMs = 5_000;
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV']);

export function makeLocks(layout: Layout, holder: Holder): Locks {
  const held = new Set<string>();
  let counter = 0;

  /** True when the lock was free. */
  const take = (path: string): boolean => {
    holder.appear();
    holder.beat();
    try {
      linkSync(holder.path, path);
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      if (isAbsent(error) || !noLinks.has(codeOf(error) ?? '')) throw error;
    }
    return takeWithoutLinks(path, holder.name);
  };

  const acquire = (key: Key): Lock | undefined => {
    const path = layout.path('locks', key);
    try {
      for (let attempt = 0; attempt < 3; attempt++) {
        if (take(path)) {
          held.add(path);
          return { release: () => release(path) };
        }
        const owner = ownerOf(path);
        if (owner === 'gone') continue;
        if (owner !== undefined && isAlive(layout, owner)) return undefined;
        if (owner === undefined && !isOld(path)) return undefined;
        if (!evict(path, owner)) return undefined;
      }
      return undefined;
    } catch (error) {
      throw storeProblem(error, layout.root);
    }
  };

  /** Moves a dead holder's lock away; one of several that try succeeds. */
  const evict = (path: string, owner: string | undefined): boolean => {
    const aside = layout.path('tmp', `${holder.name}_lock${counter++}`);
    try {
      renameSync(path, aside);
    } catch (error) {
      if (isAbsent(error)) return true;
      throw error;
    }
    // between the look and the move somebody else may have replaced the dead one's lock: give it back
    const moved = ownerOf(aside);
    const wrong = moved !== owner && moved !== undefined && moved !== 'gone' && isAlive(layout, moved);
    if (wrong)
      try {
        linkSync(aside, path);
      } catch {}
    rmSync(aside, { force: true });
    return !wrong;
  };

  const release = (path: string): void => {
    if (!held.delete(path)) return;
    try {
      if (ownerOf(path) === holder.name) rmSync(path, { force: true });
    } catch {} // a lock that stays behind is replaced as soon as this process ends
  };

  return {
    acquire,
    released: async (key, timeoutMs) => {
      const path = layout.path('locks', key);
      const until = performance.now() + timeoutMs;
      for (let pause = 5; ; pause = Math.min(pause * 2, 200)) {
        const owner = ownerOf(path);
        if (owner === 'gone') return;
        if (owner === undefined ? isOld(path) : !isAlive(layout, owner)) return;
        const left = until - performance.now();
        if (left <= 0) return;
        await sleep(Math.min(pause, left));
      }
    },
  };
}

/** For file systems without hard links. The content comes a moment after the file, which `unreadableMs` allows for. */
function takeWithoutLinks(path: string, holder: string): boolean {
  let file: number;
  try {
    file = openSync(path, 'wx');
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    writeFully(file, Buffer.from(`${JSON.stringify({ holder })}\n`));
  } finally {
    closeSync(file);
  }
  return true;
}

/** The holder that a lock names; undefined when it cannot be read, 'gone' when there is no lock. */
export function ownerOf(path: string): string | undefined {
  try {
    const { holder } = JSON.parse(readFileSync(path, 'utf8')) as { holder?: unknown };
    return typeof holder === 'string' ? holder : undefined;
  } catch (error) {
    return isAbsent(error) ? 'gone' : undefined;
  }
}

const isOld = (path: string): boolean => {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined || Date.now() - stat.mtimeMs > unreadableMs;
};
