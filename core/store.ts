/**
 * What the framework asks of a store. `storage/` implements it on a file system; other stores pass the same conformance
 * suite (test/storage/conformance.ts). Bytes are addressed by their SHA-256, so any reader can verify what it got.
 */
import type { KeyMaterial } from './keys/material.ts';
import type { ContentHash } from './numeric/hash.ts';

declare const objectBrand: unique symbol;
declare const keyBrand: unique symbol;
/** SHA-256 of an object's bytes, 64 lower-case hexadecimal digits. */
export type ObjectId = string & { readonly [objectBrand]: true };
/** SHA-256 of a step's key material. */
export type Key = string & { readonly [keyBrand]: true };

/** One stored output of a step. */
export interface Artifact {
  readonly object: ObjectId;
  /** `arrow` for tables and tensors, `json` for values. */
  readonly format: 'arrow' | 'json';
  readonly port: 'table' | 'json' | 'tensors';
  readonly bytes: number;
  readonly rows?: number;
  /** Logical hash by column; of a value or of tensors, under the name `*`. */
  readonly hashes: Readonly<Record<string, ContentHash>>;
}

/** The record key -> artifacts. Written only after every object that it names is in place. */
export interface Memo {
  readonly key: Key;
  readonly node: string;
  /** Where it was first computed; not part of the key, only for people. */
  readonly pipeline: string;
  readonly step: string;
  readonly outputs: Readonly<Record<string, Artifact>>;
  /** ISO time. */
  readonly at: string;
  readonly ms: number;
}

export interface ObjectStore {
  /** Whether the object is there, whole by its size where the store can tell cheaply. Synchronous: a plan asks it often. */
  has(id: ObjectId): boolean;
  /**
   * The object's bytes, verified against its id. Undefined when it is absent, truncated or corrupt; a bad object is moved
   * to quarantine on the way, so that the next write heals it.
   */
  read(id: ObjectId): Promise<ReadResult>;
  /** Publishes bytes under their SHA-256; atomic, idempotent. Chunks are written one after the other. */
  write(chunks: readonly Uint8Array[]): Promise<{ readonly id: ObjectId; readonly bytes: number }>;
  /** Every object with its size and the time of its last change, in no order. */
  list(): AsyncIterable<StoredObject>;
  delete(id: ObjectId): Promise<void>;
}
export type ReadResult =
  | { readonly outcome: 'found'; readonly bytes: Uint8Array }
  | { readonly outcome: 'absent' }
  | { readonly outcome: 'corrupt'; readonly reason: string };
export interface StoredObject {
  readonly id: ObjectId;
  readonly bytes: number;
  readonly changed: number;
}

export interface MemoLog {
  /** Takes in what other writers appended since the last call. */
  refresh(): void;
  find(key: Key): Memo | undefined;
  /** Appends a memo and the material of its key; both are on disk when it returns. */
  append(memo: Memo, material: KeyMaterial): void;
  /** All memos, newest last. */
  all(): readonly Memo[];
  /** Materials of the memos of one node, newest last; for `explain`, never on the warm path. */
  materials(node: string): readonly { readonly key: Key; readonly material: KeyMaterial }[];
  material(key: Key): KeyMaterial | undefined;
}

export interface RunHistory {
  /** Starts a run record; returns its folder's name, which sorts by time. */
  begin(record: RunRecord): RunWriter;
  list(): readonly RunSummary[];
  /** @throws Problem unknown-name with the nearest names */
  read(id: string): RunRecord;
  events(id: string): AsyncIterable<unknown>;
  /** Where the record lies, for people. */
  locate(id: string): string;
}
export interface RunWriter {
  readonly id: string;
  readonly path: string;
  /** Appends one event line. */
  event(event: object): void;
  /** Replaces the record atomically. */
  update(record: RunRecord): void;
  end(record: RunRecord): void;
}
export interface RunSummary {
  readonly id: string;
  readonly started: string;
  readonly command: string;
  readonly outcome: RunOutcome;
}
export type RunOutcome = 'running' | 'ok' | 'failed' | 'cancelled';
/** The run record: what ran, on what, with which results. Plain JSON on disk. */
export interface RunRecord {
  readonly format: 1;
  readonly command: string;
  readonly started: string;
  readonly ended?: string;
  readonly outcome: RunOutcome;
  readonly environment: Readonly<Record<string, unknown>>;
  /** One entry a pipeline and seed, with the rows of its steps. */
  readonly pipelines: readonly RunPipeline[];
  /** Free for the face: metrics, summary, options. */
  readonly results: Readonly<Record<string, unknown>>;
  /** Largest resident set of the process and its threads, in bytes. */
  readonly peakMemory?: number;
}
export interface RunPipeline {
  readonly pipeline: string;
  readonly protocol: string | null;
  readonly dataset: string | null;
  readonly seed: number;
  /** The normalised pipeline, so that `diff` and `show` need no code. */
  readonly definition: unknown;
  readonly steps: readonly RunStep[];
}
export interface RunStep {
  readonly step: string;
  readonly node: string;
  readonly key: string | null;
  readonly status: StepStatus;
  readonly reason?: string;
  readonly ms?: number;
  readonly outputs?: Readonly<Record<string, Artifact>>;
}
export type StepStatus = 'computed' | 'cached' | 'failed' | 'skipped' | 'cancelled';

export interface Locks {
  /**
   * Tries to become the one that computes `key`. A lock of a dead holder is replaced.
   * Undefined means that somebody else holds it: wait with `released`, then look the memo up again.
   */
  acquire(key: Key): Lock | undefined;
  /** Resolves when the holder lets go or dies, or after `timeoutMs`. */
  released(key: Key, timeoutMs: number): Promise<void>;
}
export interface Lock {
  release(): void;
}

/** What long steps saved before they were stopped. At most one a key; small in number, and gone once results are stored. */
export interface CheckpointStore {
  /** The bytes as they lie there, on shared memory; nothing is promised of them. */
  read(key: Key): Uint8Array | undefined;
  /** Replaces the key's checkpoint whole, or not at all. */
  write(key: Key, bytes: Uint8Array): void;
  remove(key: Key): void;
}

export interface Pins {
  /** Names a run as a root that garbage collection keeps. */
  pin(name: string, run: string): void;
  unpin(name: string): void;
  list(): Readonly<Record<string, string>>;
}

export interface Store {
  /** For people: a path or a URL. */
  readonly location: string;
  readonly objects: ObjectStore;
  readonly memos: MemoLog;
  readonly runs: RunHistory;
  readonly locks: Locks;
  readonly pins: Pins;
  readonly checkpoints: CheckpointStore;
  /** Small mutable notes that only save time (file digests by stat, code digests by stat); losing them costs nothing. */
  readonly hints: Hints;
  close(): void;
}
export interface Hints {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  flush(): void;
}
