/** A store on a file system. */
import { resolve } from 'node:path';
import { makeCheckpoints } from './checkpoints.ts';
import { compactWhenMany } from './compact.ts';
import type { FileStore } from './file-store.ts';
import { makeHints } from './hints.ts';
import { makeHolder } from './holder.ts';
import { prepareLayout } from './layout.ts';
import { makeLocks } from './locks.ts';
import { makeMemos } from './memos.ts';
import { makeObjects } from './objects.ts';
import { makePins } from './pins.ts';
import { makeRuns } from './runs.ts';

export interface StoreOptions {
  /** Also survive a power failure: every file and its folder are flushed before they are relied on. Slower. */
  readonly fsync?: boolean;
}

/**
 * Opens the store in `folder`, or makes one there. Any number of processes may have it open. Nothing is written before it is
 * needed, so a store on a read-only disk can be read; what cannot be written then says so.
 * @throws Problem store-unusable when the folder cannot be made, is no store, or is of another format
 */
export function openStore(folder: string, { fsync = false }: StoreOptions = {}): FileStore {
  const layout = prepareLayout(resolve(folder));
  const holder = makeHolder(layout);
  const memos = makeMemos(layout, holder, fsync);
  const hints = makeHints(layout, holder.name);
  const store: FileStore = {
    location: layout.root,
    layout,
    holder,
    objects: makeObjects({ layout, holder, fsync, sizeOf: memos.sizeOf }),
    memos,
    runs: makeRuns(layout, holder, fsync),
    locks: makeLocks(layout, holder),
    pins: makePins(layout, holder, fsync),
    checkpoints: makeCheckpoints(layout, holder, fsync),
    hints,
    close: () => {
      hints.flush();
      if (memos.hasWritten) compactWhenMany(store);
      memos.seal();
      holder.leave();
    },
  };
  return store;
}
