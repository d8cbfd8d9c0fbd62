/** What a store on a file system has beyond what core asks of every store. */
import type { Store } from '../core/store.ts';
import type { Holder } from './holder.ts';
import type { Layout } from './layout.ts';
import type { FileMemoLog } from './memos.ts';

export interface FileStore extends Store {
  readonly memos: FileMemoLog;
  readonly layout: Layout;
  readonly holder: Holder;
}
