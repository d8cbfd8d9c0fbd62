/** The files that source nodes read: found below the data folder, never outside it, known by content. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { Problem } from '../errors.ts';
import type { FileRead } from '../node.ts';
import type { Hints } from '../store.ts';

export interface FoundFile {
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
}
export interface DataFiles {
  /** SHA-256 by name; null where an optional file is absent. */
  digests(reads: readonly FileRead[], where: string): Readonly<Record<string, string | null>>;
  /** The files that are there. */
  find(reads: readonly FileRead[], where: string): readonly FoundFile[];
}

/**
 * @param folder where relative paths start; undefined when the user named no data folder
 * @param hints remembers digests by size, time and inode, so that an unchanged file is hashed once
 */
export function dataFiles(folder: string | undefined, hints?: Hints): DataFiles {
  const known = new Map<string, string>();
  const digest = (path: string): string | undefined => {
    const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
    if (stat === undefined || !stat.isFile()) return undefined;
    const name = `file:${path}`;
    const stamp = `${stat.size}-${stat.mtimeNs}-${stat.ino}`;
    const held = known.get(name + stamp) ?? hinted(hints?.get(name), stamp);
    if (held !== undefined) return held;
    const sha256 = hashFile(path);
    known.set(name + stamp, sha256);
    hints?.set(name, { stamp, sha256 });
    return sha256;
  };
  const find = (reads: readonly FileRead[], where: string): readonly FoundFile[] =>
    reads.flatMap((read) => {
      const path = locate(read, folder, where);
      const sha256 = path === undefined ? undefined : digest(path);
      if (sha256 === undefined || path === undefined) {
        if (read.optional) return [];
        throw new Problem('missing-data', `the file '${read.path}' is not there`, {
          where: path ?? where,
          hint: isAbsolute(read.path)
            ? 'check the path; it starts from the folder in which you are, or from that of the data card'
            : folder === undefined
              ? 'say with --data DIR (or COUNTERPOISE_DATA) which folder holds the data sets'
              : `it is looked for in ${folder}; \`counterpoise data fetch\` gets what may be downloaded`,
        });
      }
      if (read.sha256 !== undefined && read.sha256 !== sha256)
        throw new Problem('bad-data', `'${read.path}' is not the file that the catalogue knows`, {
          where: path,
          hint: `expected SHA-256 ${read.sha256.slice(0, 12)}..., found ${sha256.slice(0, 12)}...; fetch it again, or read it as your own data with --on FILE`,
        });
      return [{ name: read.name, path, sha256 }];
    });
  return {
    find,
    digests: (reads, where) => {
      const found = new Map(find(reads, where).map((file) => [file.name, file.sha256]));
      return Object.fromEntries(reads.map((read) => [read.name, found.get(read.name) ?? null]));
    },
  };
}

function locate(read: FileRead, folder: string | undefined, where: string): string | undefined {
  if (isAbsolute(read.path)) return read.path;
  if (folder === undefined) return undefined;
  const path = resolve(folder, read.path);
  const inside = relative(resolve(folder), path);
  if (inside.startsWith('..') || isAbsolute(inside))
    throw new Problem('bad-data', `'${read.path}' leads out of the data folder`, { where });
  return path;
}

function hinted(hint: unknown, stamp: string): string | undefined {
  const held = hint as { stamp?: unknown; sha256?: unknown } | undefined;
  return held?.stamp === stamp && typeof held.sha256 === 'string' ? held.sha256 : undefined;
}

/** SHA-256 of a file of any size, a megabyte at a time. */
export function hashFile(path: string): string {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(1 << 20);
  const file = openSync(path, 'r');
  try {
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) hash.update(chunk.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}
