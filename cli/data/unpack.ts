/** Files out of a zip archive, by the names that the catalogue expects; what an archive says of paths decides nothing. */
import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import { Problem } from '../../core/errors.ts';
import type { DatasetFile, FileContent } from '../../nodes/datasets/catalogue/entry.ts';

/** A file whose content is known, so that it can be told whether a download is right. */
export type KnownFile = DatasetFile & { readonly content: FileContent };

/**
 * The content of each wanted file, checked against size and SHA-256. The archive may lie in a folder of another name.
 * Nothing but the wanted members is unpacked, and only into memory of their exact size.
 * @param where what to call the archive in errors
 * @throws Problem bad-data when it is no zip archive, is cut off, lacks a member, holds one that differs, or one whose path
 * leads out of the folder
 */
export function unpack(
  archive: Uint8Array,
  wanted: readonly KnownFile[],
  where: string,
): ReadonlyMap<KnownFile, Uint8Array> {
  const sizes = members(archive, where);
  const names = new Map(wanted.map((file) => [memberFor(file, sizes, where), file]));
  const unpacked = opened(archive, where, (name) => names.has(name));
  return new Map(
    [...names].map(([name, file]) => {
      const content = unpacked[name] as Uint8Array;
      const sha256 = createHash('sha256').update(content).digest('hex');
      if (content.byteLength !== file.content.bytes || sha256 !== file.content.sha256)
        throw differs(
          file,
          `has SHA-256 ${sha256.slice(0, 12)}..., and ${file.content.sha256.slice(0, 12)}... is`,
          where,
        );
      return [file, content];
    }),
  );
}

/** Sizes by member, from the directory at the end of the archive; nothing is unpacked. */
function members(archive: Uint8Array, where: string): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  opened(archive, where, (name, size) => {
    sizes.set(name, size);
    return false;
  });
  for (const name of sizes.keys())
    if (leadsOut(name))
      throw new Problem('bad-data', `the archive holds a path that leads out of its folder: '${name}'`, {
        where,
        hint: 'no honest archive does; do not use it',
      });
  return sizes;
}

const leadsOut = (name: string) =>
  /^([/\\]|[a-z]:)/i.test(name) || name.split(/[/\\]/).includes('..') || name.includes('\0');

/** The member itself, or the only one with the same path below another top folder. */
function memberFor(file: KnownFile, sizes: ReadonlyMap<string, number>, where: string): string {
  const below = file.path.slice(file.path.indexOf('/') + 1);
  const fitting = sizes.has(file.path)
    ? [file.path]
    : [...sizes.keys()].filter(
        (name) => !name.startsWith('__MACOSX/') && (name === below || name.endsWith(`/${below}`)),
      );
  const [name] = fitting;
  if (name === undefined || fitting.length > 1)
    throw new Problem(
      'bad-data',
      name === undefined
        ? `the archive has no '${file.path}'`
        : `the archive has several files that may be '${file.path}': ${fitting.join(', ')}`,
      { where, hint: `it holds ${[...sizes.keys()].slice(0, 8).join(', ') || 'nothing'}; look at the address` },
    );
  if (sizes.get(name) !== file.content.bytes)
    throw differs(file, `has ${sizes.get(name)} bytes, and ${file.content.bytes} are`, where);
  return name;
}

function opened(archive: Uint8Array, where: string, want: (name: string, size: number) => boolean) {
  try {
    return unzipSync(archive, { filter: ({ name, originalSize }) => want(name, originalSize) });
  } catch (cause) {
    throw new Problem('bad-data', 'this is not a zip archive, or it is cut off', {
      where,
      hint: `run it again; if it stays so, look at the address (${cause instanceof Error ? cause.message : String(cause)})`,
      cause,
    });
  }
}

const differs = ({ path }: DatasetFile, what: string, where: string) =>
  new Problem('bad-data', `'${path}' in the archive is not the file that the catalogue knows: it ${what} expected`, {
    where,
    hint: 'the data set was changed at its source, or this is another one; read it as your own data with --on FILE',
  });
