/** Bytes under their SHA-256. An object is there whole or not at all, and whoever reads it gets what its name promises. */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { Problem } from '../core/errors.ts';
import type { ObjectId, ObjectStore, ReadResult, StoredObject } from '../core/store.ts';
import { moveInto, pieceBytes, readFully, syncFolder, writeFully } from './files.ts';
import type { Holder } from './holder.ts';
import { type Layout, namesIn } from './layout.ts';
import { isAbsent, storeProblem } from './problems.ts';

const endings = ['arrow', 'json'] as const;
const arrowMagic = 'ARROW1';
/** A file that was touched longer ago than this is touched again when it is written anew, so that collection spares it. */
const freshMs = 60_000;
/** The largest typed array of Node 20. */
const mostBytes = 2 ** 32;

export interface ObjectsOptions {
  readonly layout: Layout;
  readonly holder: Holder;
  readonly fsync: boolean;
  /** What the memos know of an object's size. */
  readonly sizeOf: (id: ObjectId) => number | undefined;
}

/** Path below `objects/`: two digits, then the rest. */
const objectName = (id: string, ending: string): string => `${id.slice(0, 2)}/${id.slice(2)}.${ending}`;

export function makeObjects({ layout, holder, fsync, sizeOf }: ObjectsOptions): ObjectStore {
  let counter = 0;

  const locate = (id: ObjectId) => {
    for (const ending of endings) {
      const path = layout.path('objects', objectName(id, ending));
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat?.isFile()) return { path, bytes: stat.size, changed: stat.mtimeMs };
    }
    return undefined;
  };

  const has = (id: ObjectId): boolean => {
    const found = locate(id);
    if (found === undefined) return false;
    const expected = sizeOf(id);
    return expected === undefined || expected === found.bytes;
  };

  const read = async (id: ObjectId): Promise<ReadResult> => {
    const found = locate(id);
    if (found === undefined) return { outcome: 'absent' };
    try {
      const bytes = await readVerified(found.path, id);
      if (bytes !== undefined) return { outcome: 'found', bytes };
    } catch (error) {
      if (isAbsent(error)) return { outcome: 'absent' };
      throw storeProblem(error, layout.root);
    }
    setAside(layout, found.path);
    return { outcome: 'corrupt', reason: 'its bytes are not those that its name promises' };
  };

  const write = async (chunks: readonly Uint8Array[]) => {
    const hash = createHash('sha256');
    let bytes = 0;
    for (const piece of pieces(chunks)) {
      hash.update(piece);
      bytes += piece.byteLength;
      if (piece.byteLength === pieceBytes) await turn();
    }
    const id = hash.digest('hex') as ObjectId;
    try {
      const held = locate(id);
      if (held?.bytes === bytes) {
        if (Date.now() - held.changed > freshMs) utimesSync(held.path, new Date(), new Date());
        return { id, bytes };
      }
      await publish(id, chunks, bytes);
    } catch (error) {
      throw storeProblem(error, layout.root);
    }
    return { id, bytes };
  };

  const publish = async (id: ObjectId, chunks: readonly Uint8Array[], bytes: number): Promise<void> => {
    holder.appear();
    const draft = layout.path('tmp', `${holder.name}_${counter++}`);
    const target = layout.path('objects', objectName(id, startsLikeArrow(chunks) ? 'arrow' : 'json'));
    try {
      const file = openSync(draft, 'wx');
      try {
        if (bytes <= 1 << 20) writeFully(file, chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks));
        else
          for (const piece of pieces(chunks)) {
            writeFully(file, piece);
            if (piece.byteLength === pieceBytes) await turn();
          }
        if (fsync) fsyncSync(file);
      } finally {
        closeSync(file);
      }
      moveInto(draft, target);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
    if (fsync) syncFolder(dirname(target));
  };

  return { has, read, write, list: () => listObjects(layout), delete: async (id) => deleteObject(layout, id) };
}

function deleteObject(layout: Layout, id: ObjectId): void {
  try {
    for (const ending of endings) rmSync(layout.path('objects', objectName(id, ending)), { force: true });
  } catch (error) {
    throw storeProblem(error, layout.root);
  }
}

/** Moves a bad object out of the way, so that the next write heals it. On a read-only store it stays where it is. */
export function setAside(layout: Layout, path: string): void {
  const name = path.slice(layout.path('objects').length + 1).replaceAll(/[/\\]/g, '');
  try {
    renameSync(path, layout.path('quarantine', `${name}.${Date.now()}`));
  } catch {}
}

/** Slices of at most `pieceBytes`. */
function* pieces(chunks: readonly Uint8Array[]): Iterable<Uint8Array> {
  for (const chunk of chunks)
    for (let at = 0; at < chunk.byteLength; at += pieceBytes) yield chunk.subarray(at, at + pieceBytes);
}

function startsLikeArrow(chunks: readonly Uint8Array[]): boolean {
  const first = chunks.find(({ byteLength }) => byteLength > 0);
  return first !== undefined && Buffer.from(first.subarray(0, arrowMagic.length)).toString('latin1') === arrowMagic;
}

/**
 * The bytes of a file of any size in one buffer of their own, whose start every kind of column can be aligned to; undefined
 * when their SHA-256 is not `id`.
 * @throws Problem store-unusable for a file larger than this version of Node can hold in one piece
 */
export async function readVerified(path: string, id: string): Promise<Uint8Array | undefined> {
  const file = openSync(path, 'r');
  try {
    const size = statSync(path).size;
    const bytes = room(size, path);
    const hash = createHash('sha256');
    for (let at = 0; at < size; at += pieceBytes) {
      const piece = bytes.subarray(at, at + pieceBytes);
      if (readFully(file, piece) < piece.byteLength) return undefined;
      hash.update(piece);
      if (piece.byteLength === pieceBytes) await turn();
    }
    return hash.digest('hex') === id ? bytes : undefined;
  } finally {
    closeSync(file);
  }
}

function room(size: number, path: string): Uint8Array {
  try {
    return new Uint8Array(new ArrayBuffer(size));
  } catch (cause) {
    throw new Problem('store-unusable', `an object of ${size} bytes does not fit into memory`, {
      where: path,
      hint:
        size > mostBytes ? 'Node 22 and later read objects beyond 4 GiB' : 'free some memory, or run with fewer --jobs',
      cause,
    });
  }
}

export interface ObjectFile extends StoredObject {
  readonly path: string;
}
/** Walks the disk, not an index. */
export function* objectFiles(layout: Layout): Iterable<ObjectFile> {
  for (const shard of namesIn(layout.path('objects'))) {
    if (!/^[0-9a-f]{2}$/.test(shard)) continue;
    for (const name of namesIn(layout.path('objects', shard))) {
      const [rest, ending] = name.split('.');
      if (!/^[0-9a-f]{62}$/.test(rest as string) || !endings.includes(ending as 'json')) continue;
      const path = layout.path('objects', `${shard}/${name}`);
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat?.isFile()) yield { id: `${shard}${rest}` as ObjectId, bytes: stat.size, changed: stat.mtimeMs, path };
    }
  }
}

async function* listObjects(layout: Layout): AsyncIterable<StoredObject> {
  for (const { id, bytes, changed } of objectFiles(layout)) yield { id, bytes, changed };
}
