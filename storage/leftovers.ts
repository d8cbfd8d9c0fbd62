/** What processes that are gone left behind: drafts, locks, their own files. Harmless, and removed when somebody cleans. */
import { rmSync, statSync } from 'node:fs';
import { holderIn, isAlive } from './holder.ts';
import { type Folder, type Layout, namesIn } from './layout.ts';
import { ownerOf } from './locks.ts';

export interface Leftover {
  readonly kind: 'draft' | 'lock' | 'holder';
  readonly path: string;
}

/** A file whose owner cannot be told is left alone for a day. */
const strangeMs = 24 * 3_600_000;

export function leftovers(layout: Layout): readonly Leftover[] {
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
  return found;
}

export const remove = ({ path }: Leftover): void => rmSync(path, { recursive: true, force: true });
