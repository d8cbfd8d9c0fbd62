/** What long steps saved before they were stopped: a file a key, replaced whole. Their content proves itself when it is used. */
import { closeSync, fstatSync, openSync, rmSync } from 'node:fs';
import type { CheckpointStore } from '../core/store.ts';
import { readFully, replaceFile } from './files.ts';
import type { Holder } from './holder.ts';
import type { Layout } from './layout.ts';
import { guarded, isAbsent } from './problems.ts';

export function makeCheckpoints(layout: Layout, holder: Holder, fsync: boolean): CheckpointStore {
  const path = (key: string) => layout.path('checkpoints', key);
  return {
    read: (key) =>
      guarded(layout.root, () => {
        let file: number;
        try {
          file = openSync(path(key), 'r');
        } catch (error) {
          if (isAbsent(error)) return undefined;
          throw error;
        }
        try {
          const bytes = new Uint8Array(new SharedArrayBuffer(fstatSync(file).size));
          return bytes.subarray(0, readFully(file, bytes));
        } finally {
          closeSync(file);
        }
      }),
    write: (key, bytes) =>
      guarded(layout.root, () => {
        holder.appear();
        replaceFile(path(key), bytes, layout.path('tmp', `${holder.name}_checkpoint`), fsync);
      }),
    remove: (key) => guarded(layout.root, () => rmSync(path(key), { force: true })),
  };
}
