/** Whole files only: written beside, then renamed into place. */
import { closeSync, fsyncSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { isAbsent } from './problems.ts';

/** One call of the system moves at most this much, so that other work gets its turn in between. */
export const pieceBytes = 8 << 20;

/** Writes all of `bytes`: a single call may write less than it was given. */
export function writeFully(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.byteLength; ) at += writeSync(file, bytes, at, Math.min(bytes.byteLength - at, 1 << 30));
}

/** Fills `into` from the file's position on; returns how much there was. */
export function readFully(file: number, into: Uint8Array): number {
  let at = 0;
  while (at < into.byteLength) {
    const read = readSync(file, into, at, Math.min(into.byteLength - at, 1 << 30), null);
    if (read === 0) break;
    at += read;
  }
  return at;
}

/** Renames, making the folder of the target when it is not there. */
export function moveInto(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!isAbsent(error)) throw error;
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
  }
}

/** Makes a rename survive a power failure. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Replaces a file atomically. */
export function replaceFile(path: string, content: string | Uint8Array, draft: string, fsync: boolean): void {
  try {
    const file = openSync(draft, 'w');
    try {
      writeFully(file, typeof content === 'string' ? Buffer.from(content) : content);
      if (fsync) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    moveInto(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  if (fsync) syncFolder(dirname(path));
}
