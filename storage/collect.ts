/**
 * Garbage collection. What pinned runs and the latest runs used is kept; of the rest, what no run has used for the longest
 * time goes first. "Used" is told by run records, where a cached step counts as much as a computed one.
 *
 * Memos go before the objects that they name, so at no instant does a memo on disk refer to an object that was collected.
 */
import { renameSync, rmSync, statSync } from 'node:fs';
import type { Memo, ObjectId, RunRecord } from '../core/store.ts';
import { compact, finishedSegments, maintenance } from './compact.ts';
import type { FileStore } from './file-store.ts';
import { type Layout, namesIn } from './layout.ts';
import { leftovers, remove } from './leftovers.ts';
import { parseLine, scanLines } from './lines.ts';
import { type ObjectFile, objectFiles } from './objects.ts';
import { storeProblem } from './problems.ts';
import { isGoing, runNames } from './runs.ts';
import { memoEnding, readFrom, segmentNames } from './segments.ts';

export interface CollectOptions {
  /** What the objects may take together; 10 GB unless given. */
  readonly maxBytes?: number;
  /** Also collect what no run has used for so many days. */
  readonly maxAgeDays?: number;
  /** The latest runs whose objects stay; 10 unless given. */
  readonly keepRuns?: number;
  /** Objects younger than this stay, since somebody may be about to refer to them; an hour unless given. */
  readonly graceMs?: number;
  /** Only say what would go. */
  readonly dryRun?: boolean;
}
export interface CollectReport {
  readonly dryRun: boolean;
  /** Bytes and number of objects before. */
  readonly before: { readonly bytes: number; readonly objects: number };
  readonly after: { readonly bytes: number; readonly objects: number };
  /** Memos that go because an object of theirs goes, or had gone before. */
  readonly memos: number;
  /** Bytes that go, by the pipeline that first made them; `(unreferenced)` for objects that no memo names. Largest first. */
  readonly freed: readonly { readonly pipeline: string; readonly bytes: number; readonly objects: number }[];
  /** Drafts, locks, stale checkpoints and quarantined objects that go. */
  readonly leftovers: number;
  /** Bytes beyond the cap that are kept because pins, the latest runs or running processes need them. */
  readonly beyondCap: number;
}

const unreferenced = '(unreferenced)';
/** Objects that no memo names (plans for other machines, results of a step that is not repeatable) stay this long. */
const unreferencedMs = 7 * 24 * 3_600_000;

/**
 * @throws Problem store-unusable when the store is read-only or another collection is at work
 */
export async function collectGarbage(store: FileStore, options: CollectOptions = {}): Promise<CollectReport> {
  const { dryRun = false } = options;
  const lock = dryRun ? undefined : maintenance(store);
  try {
    store.memos.refresh();
    const plan = decide(store, options);
    if (!dryRun) {
      // with nothing to drop, segments are merged all the same: that keeps opening a store fast
      compact(store, (memo) => plan.memos.has(memo.key));
      for (const object of plan.objects) deleteUnlessTouched(store.layout, object, store.holder.name);
      for (const leftover of leftovers(store)) remove(leftover);
      for (const path of plan.quarantined) rmSync(path, { force: true });
    }
    return plan.report;
  } catch (error) {
    throw storeProblem(error, store.location);
  } finally {
    lock?.release();
  }
}

interface Decision {
  readonly memos: ReadonlySet<string>;
  readonly objects: readonly ObjectFile[];
  readonly quarantined: readonly string[];
  readonly report: CollectReport;
}

function decide(store: FileStore, options: CollectOptions): Decision {
  const { maxBytes = 10e9, maxAgeDays, keepRuns = 10, graceMs = 3_600_000, dryRun = false } = options;
  const now = Date.now();
  const files = new Map<string, ObjectFile>();
  for (const file of objectFiles(store.layout)) files.set(file.id, file);
  const total = { bytes: sum(files.values()), objects: files.size };

  const memos = store.memos.all();
  const uses = usesByRuns(store, memos, keepRuns);
  const live = liveKeys(store);
  const isYoung = (id: string) => now - (files.get(id)?.changed ?? 0) < graceMs;

  /** How many memos that stay name an object. */
  const references = new Map<string, number>();
  for (const memo of memos) for (const id of objectsOf(memo)) references.set(id, (references.get(id) ?? 0) + 1);
  const goneMemos = new Set<string>();
  const goneObjects = new Map<string, ObjectFile>();
  const freed = new Map<string, { bytes: number; objects: number }>();
  let bytes = total.bytes;

  const freeObject = (id: string, pipeline: string) => {
    const file = files.get(id);
    if (file === undefined || goneObjects.has(id)) return;
    goneObjects.set(id, file);
    bytes -= file.bytes;
    const entry = freed.get(pipeline) ?? { bytes: 0, objects: 0 };
    freed.set(pipeline, { bytes: entry.bytes + file.bytes, objects: entry.objects + 1 });
  };
  const isSafe = (id: string) => uses.kept.has(id) || isYoung(id);
  const freeMemo = (memo: Memo) => {
    goneMemos.add(memo.key);
    for (const id of objectsOf(memo)) {
      const left = (references.get(id) as number) - 1;
      references.set(id, left);
      if (left === 0 && !isSafe(id)) freeObject(id, memo.pipeline);
    }
  };

  const candidates: { memo: Memo; used: number }[] = [];
  for (const memo of memos) {
    if (live.has(memo.key)) continue;
    if (objectsOf(memo).some((id) => !files.has(id))) freeMemo(memo);
    else if (!objectsOf(memo).some(isSafe)) candidates.push({ memo, used: lastUse(memo, uses.last) });
  }
  candidates.sort((a, b) => a.used - b.used);
  const loose = [...files.values()].filter(({ id }) => !references.has(id) && !isSafe(id));
  for (const { id, changed } of loose) if (now - changed > unreferencedMs) freeObject(id, unreferenced);
  const oldest = maxAgeDays === undefined ? Number.NEGATIVE_INFINITY : now - maxAgeDays * 24 * 3_600_000;
  for (const { memo, used } of candidates) if (used < oldest || bytes > maxBytes) freeMemo(memo);
  for (const { id } of loose.toSorted((a, b) => a.changed - b.changed)) {
    if (bytes <= maxBytes) break;
    freeObject(id, unreferenced);
  }

  const quarantined = namesIn(store.layout.path('quarantine')).map((name) => store.layout.path('quarantine', name));
  return {
    memos: goneMemos,
    objects: [...goneObjects.values()],
    quarantined,
    report: {
      dryRun,
      before: total,
      after: { bytes, objects: total.objects - goneObjects.size },
      memos: goneMemos.size,
      freed: [...freed].map(([pipeline, of]) => ({ pipeline, ...of })).sort((a, b) => b.bytes - a.bytes),
      leftovers: leftovers(store).length + quarantined.length,
      beyondCap: Math.max(0, bytes - maxBytes),
    },
  };
}

const objectsOf = (memo: Memo): readonly ObjectId[] => Object.values(memo.outputs).map(({ object }) => object);
const sum = (files: Iterable<ObjectFile>): number => {
  let bytes = 0;
  for (const file of files) bytes += file.bytes;
  return bytes;
};

interface Uses {
  /** Objects that pins, the latest runs and running ones need. */
  readonly kept: ReadonlySet<string>;
  /** When a run last used a key or an object. */
  readonly last: ReadonlyMap<string, number>;
}

function usesByRuns(store: FileStore, memos: readonly Memo[], keepRuns: number): Uses {
  const byKey = new Map<string, Memo>(memos.map((memo) => [memo.key, memo]));
  const ids = runNames(store.layout);
  const roots = new Set([...ids.slice(Math.max(0, ids.length - keepRuns)), ...Object.values(store.pins.list())]);
  const kept = new Set<string>();
  const last = new Map<string, number>();
  for (const id of ids) {
    const record = readRecord(store, id);
    if (record === undefined) continue;
    const at = Date.parse(record.started) || 0;
    const keep = roots.has(id) || isGoing(store.layout, id);
    const use = (name: string) => last.set(name, Math.max(last.get(name) ?? 0, at));
    for (const { key, outputs } of record.pipelines.flatMap(({ steps }) => steps)) {
      if (key !== null) use(key);
      const memo = key === null ? undefined : byKey.get(key);
      const objects = [...Object.values(outputs ?? {}).map(({ object }) => object), ...(memo ? objectsOf(memo) : [])];
      for (const object of objects) {
        use(object);
        if (keep) kept.add(object);
      }
    }
  }
  return { kept, last };
}

function readRecord(store: FileStore, id: string): RunRecord | undefined {
  try {
    return store.runs.read(id);
  } catch {
    return undefined; // a record that cannot be read keeps nothing alive; `cache verify` tells of it
  }
}

const lastUse = (memo: Memo, last: ReadonlyMap<string, number>): number =>
  Math.max(Date.parse(memo.at) || 0, last.get(memo.key) ?? 0, ...objectsOf(memo).map((id) => last.get(id) ?? 0));

/** Keys in segments that a running process still appends to: they cannot be dropped from there. */
function liveKeys(store: FileStore): ReadonlySet<string> {
  const finished = new Set(finishedSegments(store));
  const keys = new Set<string>();
  for (const segment of segmentNames(store.layout)) {
    if (finished.has(segment) || store.memos.isOpen(segment)) continue; // the own one is sealed before it is merged
    const bytes = readFrom(store.layout.path('memo', segment + memoEnding), 0);
    if (bytes !== undefined) scanLines(bytes, (_, line) => keys.add(parseLine<{ memo: Memo }>(line).memo.key));
  }
  return keys;
}

/** Writing an object that is there already touches it; such a one is put back, for somebody is about to refer to it. */
function deleteUnlessTouched(layout: Layout, { path, changed }: ObjectFile, holder: string): void {
  const aside = layout.path('tmp', `${holder}_gone`);
  try {
    renameSync(path, aside);
    if (statSync(aside).mtimeMs > changed) renameSync(aside, path);
    else rmSync(aside, { force: true });
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
  }
}
