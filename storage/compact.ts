/**
 * Merges finished memo segments into one and leaves out memos on the way. The merged segment is in place before the old ones
 * go, so a reader finds every memo at least once; lines are carried over as they are, checksums included.
 */
import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { Problem } from '../core/errors.ts';
import type { Key, Lock, Memo } from '../core/store.ts';
import type { FileStore } from './file-store.ts';
import { moveInto, syncFolder, writeFully } from './files.ts';
import { type Line, parseLine, rawLine, scanLines } from './lines.ts';
import { compactName, isFinished, materialEnding, memoEnding, readFrom, segmentNames } from './segments.ts';

const manySegments = 64;
let counter = 0;

/** Segments that nobody appends to: of processes that are gone, merged ones, and those that this store has sealed. */
export const finishedSegments = ({ layout, memos }: FileStore): readonly string[] =>
  segmentNames(layout).filter(
    (segment) => !memos.isOpen(segment) && (memos.isSealed(segment) || isFinished(layout, segment)),
  );

/**
 * The lock of whoever merges segments: a second one at the same time could bring back memos that the first has dropped.
 * @throws Problem store-unusable when somebody else holds it
 */
export function maintenance({ locks, location }: FileStore): Lock {
  const lock = locks.acquire('maintenance' as Key);
  if (lock) return lock;
  throw new Problem('store-unusable', 'another process is cleaning this store', {
    where: location,
    hint: 'wait for it to end, then try again',
  });
}

/** Merges the segments when there are many: each costs every later opening a little. Never fails: it is only a saving. */
export function compactWhenMany(store: FileStore): void {
  try {
    if (segmentNames(store.layout).length <= manySegments) return;
    const lock = maintenance(store);
    try {
      compact(store, () => false);
    } finally {
      lock.release();
    }
  } catch {}
}

/**
 * Hold `maintenance` while calling it.
 * @param drops says which memos are left out
 * @returns how many memos were left out
 */
export function compact(store: FileStore, drops: (memo: Memo) => boolean): number {
  const { layout, holder, memos } = store;
  memos.seal();
  const segments = finishedSegments(store);
  const kept = new Map<string, { line: Line; memo: Memo }>();
  let dropped = 0;
  for (const { line, memo } of memoLines(store, segments)) {
    if (drops(memo)) {
      dropped++;
      continue;
    }
    const held = kept.get(memo.key);
    if (held === undefined || held.memo.at <= memo.at) kept.set(memo.key, { line, memo });
  }
  holder.appear();
  const name = compactName(holder, counter++);
  if (kept.size > 0) {
    const lines = materialLines(store, segments);
    writeLines(
      store,
      name + materialEnding,
      [...kept.keys()].flatMap((key) => lines.get(key) ?? []),
    );
    writeLines(
      store,
      name + memoEnding,
      [...kept.values()].map(({ line }) => line),
    );
  }
  for (const segment of segments) {
    rmSync(layout.path('memo', segment + memoEnding), { force: true });
    rmSync(layout.path('memo', segment + materialEnding), { force: true });
  }
  memos.reload();
  return dropped;
}

function* memoLines({ layout }: FileStore, segments: readonly string[]): Iterable<{ line: Line; memo: Memo }> {
  for (const segment of segments) {
    const bytes = readFrom(layout.path('memo', segment + memoEnding), 0);
    const lines: Line[] = [];
    if (bytes !== undefined) scanLines(bytes, (_, line) => lines.push(line));
    for (const line of lines) yield { line, memo: parseLine<{ memo: Memo }>(line).memo };
  }
}

function materialLines({ layout }: FileStore, segments: readonly string[]): ReadonlyMap<string, Line> {
  const lines = new Map<string, Line>();
  for (const segment of segments) {
    const bytes = readFrom(layout.path('memo', segment + materialEnding), 0);
    if (bytes !== undefined) scanLines(bytes, (key, line) => lines.set(key, line));
  }
  return lines;
}

/** Merged segments replace many others, so they are always flushed to the disk. */
function writeLines({ layout, holder }: FileStore, name: string, lines: readonly Line[]): void {
  const draft = layout.path('tmp', `${holder.name}_compact${counter++}`);
  try {
    const file = openSync(draft, 'wx');
    try {
      writeFully(file, Buffer.concat(lines.map(rawLine)));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    moveInto(draft, layout.path('memo', name));
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  syncFolder(layout.path('memo'));
}
