/** The files of the memo log. Each has one writer, so that two processes never write into one line. */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { syncFolder, writeFully } from './files.ts';
import { type Holder, holderIn, isAlive } from './holder.ts';
import { type Layout, namesIn } from './layout.ts';
import { isAbsent } from './problems.ts';

export const memoEnding = '.jsonl';
export const materialEnding = '.materials.jsonl';
const compactPrefix = 'compact-';

/** The names of the segments without their endings, merged ones first. */
export function segmentNames(layout: Layout): readonly string[] {
  return namesIn(layout.path('memo'))
    .filter((name) => name.endsWith(memoEnding) && !name.endsWith(materialEnding))
    .map((name) => name.slice(0, -memoEnding.length))
    .sort((a, b) => Number(b.startsWith(compactPrefix)) - Number(a.startsWith(compactPrefix)) || (a < b ? -1 : 1));
}

export const compactName = (holder: Holder, counter: number): string => `${compactPrefix}${holder.name}_${counter}`;

/** Whether nobody will append to a segment any more. */
export const isFinished = (layout: Layout, segment: string): boolean =>
  segment.startsWith(compactPrefix) || !isAlive(layout, holderIn(segment));

/** The bytes of a segment from a position on; undefined when it has gone (its lines were merged into another one). */
export function readFrom(path: string, from: number): Buffer | undefined {
  try {
    if (from === 0) return readFileSync(path);
    const size = statSync(path).size;
    if (size <= from) return Buffer.alloc(0);
    const bytes = Buffer.allocUnsafe(size - from);
    const file = openSync(path, 'r');
    try {
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.byteLength, from));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** The end of a segment to which one store appends. */
export class Tail {
  readonly #file: number;
  readonly #fsync: boolean;
  #size: number;
  constructor(path: string, folder: string, fsync: boolean) {
    this.#file = openSync(path, 'ax');
    this.#fsync = fsync;
    this.#size = 0;
    if (fsync) syncFolder(folder);
  }
  /** False when somebody has removed the file: what is appended to it would be lost. */
  get isThere(): boolean {
    return fstatSync(this.#file).nlink > 0;
  }
  append(line: Buffer): void {
    try {
      writeFully(this.#file, line);
    } catch (error) {
      // a full disk may have taken half a line: the next one must not be glued to it
      ftruncateSync(this.#file, this.#size);
      throw error;
    }
    this.#size += line.byteLength;
    if (this.#fsync) fsyncSync(this.#file);
  }
  close(): void {
    closeSync(this.#file);
  }
}
