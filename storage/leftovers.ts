/**
 * What processes that are gone left behind: drafts, locks, their own files, checkpoints that nobody will go on from. Harmless,
 * and removed when somebody cleans.
 */
import { rmSync, statSync } from 'node:fs';
import type { Key } from '../core/store.ts';
import type { FileStore } from './file-store.ts';
import { holderIn, isAlive } from './holder.ts';
import { type Folder, type Layout, namesIn } from './layout.ts';
import { ownerOf } from './locks.ts';

export interface Leftover {
  readonly kind: 'draft' | 'lock' | 'holder' | 'checkpoint';
  readonly path: string;
}

/** A file whose owner cannot be told is left alone for a day. */
const strangeMs = 24 * 3_600_000;

/** A checkpoint waits so long for its step to be run again; once code or settings have changed, nobody asks for it any more. */
const staleMs = 14 * 24 * 3_600_000;

export function leftovers({ layout, memos }: FileStore): readonly Leftover[] {
  const found: Leftover[] = [];
  const each = (folder: Folder, kind: Leftover['kind'], owner: (name: string, path: string) => string | undefined) => {
    for (const name of namesIn(layout.path(folder))) {
      const path = layout.path(folder, name);
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat === undefined || (folder === 'locks' && stat.isDirectory())) continue;
      const holder = owner(name, path);
      if (holder === 'gone') continue;
      if (holder === undefined ? Date.now() - stat.mtimeMs > strangeMs : !isAlive(layout, holder))
        found.push({ kind, path });
    }
  };
  const named = (name: string) => (name.split('-').length === 5 ? holderIn(name) : undefined);
  each('tmp', 'draft', named);
  each('locks', 'lock', (_, path) => ownerOf(path));
  each('locks/holders', 'holder', named);
  for (const name of namesIn(layout.path('checkpoints')))
    if (isStale(layout, name, memos.find(name as Key) !== undefined))
      found.push({ kind: 'checkpoint', path: layout.path('checkpoints', name) });
  return found;
}

/** Nobody works on its key now, and its results are stored or it is old. */
function isStale(layout: Layout, key: string, stored: boolean): boolean {
  const owner = ownerOf(layout.path('locks', key));
  if (owner !== undefined && owner !== 'gone' && isAlive(layout, owner)) return false;
  const stat = statSync(layout.path('checkpoints', key), { throwIfNoEntry: false });
  return stat !== undefined && (stored || Date.now() - stat.mtimeMs > staleMs);
}

export const remove = ({ path }: Leftover): void => rmSync(path, { recursive: true, force: true });
