/** The memo log: a union of append-only segments, held as a map from key to memo. Lines are parsed when somebody asks. */
import { statSync } from 'node:fs';
import { Problem } from '../core/errors.ts';
import type { KeyMaterial } from '../core/keys/material.ts';
import type { Key, Memo, MemoLog, ObjectId } from '../core/store.ts';
import type { Holder } from './holder.ts';
import type { Layout } from './layout.ts';
import { type Line, lineOf, parseLine, scanLines } from './lines.ts';
import { guarded } from './problems.ts';
import { isFinished, materialEnding, memoEnding, readFrom, segmentNames, Tail } from './segments.ts';

export interface FileMemoLog extends MemoLog {
  /** Size of an object, as far as a memo that was looked up names it. */
  sizeOf(id: ObjectId): number | undefined;
  /** Ends the segment that this store appends to; the next memo begins another. */
  seal(): void;
  /** Whether this store has appended anything. */
  readonly hasWritten: boolean;
  /** Forgets everything and reads the segments anew. */
  reload(): void;
  /** Whether this store is still appending to a segment. */
  isOpen(segment: string): boolean;
  /** Whether this store wrote a segment that it has sealed. */
  isSealed(segment: string): boolean;
}

interface Progress {
  consumed: number;
  /** Read to its end after its writer had gone: it cannot grow. */
  finished: boolean;
}
type Entry = Memo | Line;
const isLine = (entry: Entry): entry is Line => 'start' in entry;

export function makeMemos(layout: Layout, holder: Holder, fsync: boolean): FileMemoLog {
  const entries = new Map<string, Entry>();
  const sizes = new Map<string, number>();
  const progress = new Map<string, Progress>();
  const sealed = new Set<string>();
  const materials = makeMaterials(layout);
  let current: { segment: string; memos: Tail; materials: Tail } | undefined;
  let counter = 0;

  const memoOf = (key: string): Memo | undefined => {
    const entry = entries.get(key);
    if (entry === undefined || !isLine(entry)) return entry;
    const { memo } = parseLine<{ memo: Memo }>(entry);
    hold(memo);
    return memo;
  };
  const hold = (memo: Memo) => {
    entries.set(memo.key, memo);
    for (const { object, bytes } of Object.values(memo.outputs)) sizes.set(object, bytes);
  };
  /** Of two memos of one key the younger serves, in whatever order their segments were read. */
  const takeIn = (key: string, line: Line) => {
    const held = memoOf(key);
    if (held !== undefined && parseLine<{ memo: Memo }>(line).memo.at < held.at) return;
    entries.set(key, line);
  };

  const readSegment = (segment: string, first: boolean): void => {
    const state = progress.get(segment) ?? { consumed: 0, finished: false };
    if (state.finished) return;
    // on opening nobody is asked whether a writer lives: that would cost more than it saves
    const finished = !first && isFinished(layout, segment);
    const bytes = readFrom(layout.path('memo', segment + memoEnding), state.consumed);
    if (bytes === undefined) return;
    state.consumed += scanLines(bytes, takeIn).consumed;
    state.finished = finished;
    progress.set(segment, state);
  };
  const refresh = (first = false): void =>
    guarded(layout.root, () => {
      for (const segment of segmentNames(layout)) if (segment !== current?.segment) readSegment(segment, first);
    });

  const open = () => {
    holder.appear();
    holder.beat();
    const segment = counter === 0 ? holder.name : `${holder.name}_${counter}`;
    counter++;
    const folder = layout.path('memo');
    const tail = (ending: string) => new Tail(layout.path('memo', segment + ending), folder, fsync);
    return { segment, materials: tail(materialEnding), memos: tail(memoEnding) };
  };
  const seal = () => {
    if (current === undefined) return;
    sealed.add(current.segment);
    current.memos.close();
    current.materials.close();
    current = undefined;
  };

  const append = (memo: Memo, material: KeyMaterial): void => {
    if (!/^[0-9a-f]{64}$/.test(memo.key)) throw new Problem('internal', `'${memo.key}' is no key`);
    guarded(layout.root, () => {
      if (current && !current.memos.isThere) seal();
      current ??= open();
      const node = JSON.stringify(material.node);
      // the memo comes last: what `explain` reads is there as soon as the memo is
      current.materials.append(lineOf(memo.key, `,"node":${node},"material":${JSON.stringify(material)}}`));
      current.memos.append(lineOf(memo.key, `,"memo":${JSON.stringify(memo)}}`));
    });
    hold(memo);
    materials.add(memo.key, material);
  };

  refresh(true);
  return {
    refresh: () => refresh(),
    find: memoOf,
    append,
    all: () =>
      [...entries.keys()]
        .map((key) => memoOf(key) as Memo)
        .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.key < b.key ? -1 : 1)),
    materials: (node) =>
      materials
        .ofNode(node)
        .filter(({ key }) => entries.has(key))
        .map(({ key, material }) => ({ key, material, at: (memoOf(key) as Memo).at }))
        .sort((a, b) => (a.at < b.at ? -1 : 1))
        .map(({ key, material }) => ({ key, material })),
    material: (key) => (entries.has(key) ? materials.ofKey(key) : undefined),
    sizeOf: (id) => sizes.get(id),
    get hasWritten() {
      return counter > 0;
    },
    seal,
    isOpen: (segment) => segment === current?.segment,
    isSealed: (segment) => sealed.has(segment),
    reload: () => {
      seal();
      entries.clear();
      sizes.clear();
      progress.clear();
      materials.clear();
      refresh(true);
    },
  };
}

interface Materials {
  add(key: Key, material: KeyMaterial): void;
  ofNode(node: string): readonly { key: Key; material: KeyMaterial }[];
  ofKey(key: Key): KeyMaterial | undefined;
  clear(): void;
}

/** Read when first asked for, and again when a segment has grown. */
function makeMaterials(layout: Layout): Materials {
  const byKey = new Map<string, KeyMaterial | Line>();
  const byNode = new Map<string, Set<string>>();
  const consumed = new Map<string, number>();

  const index = (key: string, node: string, entry: KeyMaterial | Line) => {
    byKey.set(key, entry);
    const keys = byNode.get(node);
    if (keys) keys.add(key);
    else byNode.set(node, new Set([key]));
  };
  const refresh = () =>
    guarded(layout.root, () => {
      for (const segment of segmentNames(layout)) {
        const path = layout.path('memo', segment + materialEnding);
        const from = consumed.get(segment) ?? 0;
        if (from > 0 && (statSync(path, { throwIfNoEntry: false })?.size ?? 0) <= from) continue;
        const bytes = readFrom(path, from);
        if (bytes === undefined) continue;
        const scan = scanLines(bytes, (key, line) => index(key, nodeOf(line), line));
        consumed.set(segment, from + scan.consumed);
      }
    });
  const parsed = (key: string): KeyMaterial | undefined => {
    const held = byKey.get(key);
    if (held === undefined || !('start' in held && 'bytes' in held)) return held as KeyMaterial | undefined;
    const { material } = parseLine<{ material: KeyMaterial }>(held);
    byKey.set(key, material);
    return material;
  };
  return {
    add: (key, material) => index(key, material.node, material),
    ofNode: (node) => {
      refresh();
      return [...(byNode.get(node) ?? [])].map((key) => ({ key: key as Key, material: parsed(key) as KeyMaterial }));
    },
    ofKey: (key) => {
      refresh();
      return parsed(key);
    },
    clear: () => {
      byKey.clear();
      byNode.clear();
      consumed.clear();
    },
  };
}

/** The node's id is the field after the key; ids hold no quotes. */
function nodeOf({ bytes, start }: Line): string {
  const from = start + '{"crc":"89abcdef","key":"'.length + 64 + '","node":"'.length;
  return bytes.toString('utf8', from, bytes.indexOf(34, from));
}
