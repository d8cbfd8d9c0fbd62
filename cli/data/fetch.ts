/**
 * Gets the files of a data set into the data folder. Everything is downloaded, unpacked and checked in a folder of its own
 * beside the targets; then each file moves to its place in one step. Whenever this is stopped, a place holds the whole file
 * or what it held before, and running again goes on from there.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asProblem, Problem } from '../../core/errors.ts';
import type { DatasetEntry } from '../../nodes/datasets/catalogue/entry.ts';
import { checkAddress, type DownloadOptions, download } from './download.ts';
import { type Presence, placeOf, presenceOf } from './presence.ts';
import { type KnownFile, unpack } from './unpack.ts';

export interface FetchOptions extends Pick<DownloadOptions, 'signal' | 'progress' | 'stallMs'> {
  /** A mirror: a folder of archives (ending in a slash), or one archive. */
  readonly from?: string;
  /** Replaces files that differ; otherwise they are refused. */
  readonly force?: boolean;
}
export interface FetchedFile {
  readonly dataset: string;
  readonly file: string;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly status: 'there' | 'fetched' | 'replaced';
}

const prefix = '.fetch-';
/** What a killed process left is removed by a later one; a living one is done long before. */
const abandonedAfter = 24 * 3600 * 1000;

/**
 * @param folder the data folder; made when it is not there
 * @throws Problem usage for a data set that has no archive; bad-data for a file that differs, here or in the archive;
 * missing-data when the download fails; store-full and store-unusable for what the disk refuses; cancelled
 */
export async function fetchDataset(
  entry: DatasetEntry,
  folder: string,
  options: FetchOptions = {},
): Promise<readonly FetchedFile[]> {
  const url = addressOf(entry, options.from);
  const found = known(entry).map((file) => ({ file, before: presenceOf(folder, file) }));
  refuse(found, folder, options.force ?? false);
  const missing = found.filter(({ before }) => before !== 'right').map(({ file }) => file);
  if (missing.length > 0) await onDisk(folder, () => bring(entry, missing, url, folder, options));
  return found.map(({ file, before }) => ({
    dataset: entry.name,
    file: file.path,
    path: placeOf(folder, file),
    ...file.content,
    status: statuses[before],
  }));
}
const statuses = { right: 'there', unchecked: 'there', absent: 'fetched', differs: 'replaced' } as const;

/** An entry with an archive knows the content of all its files. */
const known = ({ files }: DatasetEntry) => files.filter((file): file is KnownFile => file.content !== null);

async function bring(
  entry: DatasetEntry,
  files: readonly KnownFile[],
  url: string,
  folder: string,
  options: FetchOptions,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  dropAbandoned(folder);
  const work = mkdtempSync(join(folder, prefix));
  try {
    const archive = join(work, 'archive.zip');
    const { signal, progress, stallMs } = options;
    await download(url, {
      into: archive,
      mostBytes: (entry.archive as { mostBytes: number }).mostBytes,
      ...(signal && { signal }),
      ...(progress && { progress }),
      ...(stallMs !== undefined && { stallMs }),
    });
    const contents = unpack(readFileSync(archive), files, url);
    const written: { readonly from: string; readonly to: string }[] = [];
    for (const [file, content] of contents) {
      const from = join(work, String(written.length));
      await writeDurably(from, content);
      written.push({ from, to: placeOf(folder, file) });
    }
    if (signal?.aborted) throw new Problem('cancelled', 'the download was stopped', { where: url });
    for (const { from, to } of written) {
      mkdirSync(dirname(to), { recursive: true });
      renameSync(from, to);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** On the disk before it gets its name, so that not even a power failure leaves a name without content. */
async function writeDurably(path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

function dropAbandoned(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(prefix)) continue;
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat && Date.now() - stat.mtimeMs > abandonedAfter) rmSync(path, { recursive: true, force: true });
  }
}

function refuse(
  found: readonly { readonly file: KnownFile; readonly before: Presence }[],
  folder: string,
  force: boolean,
) {
  const differing = found.filter(({ before }) => before === 'differs').map(({ file }) => placeOf(folder, file));
  const [first, ...others] = differing;
  const notAFile = differing.find((path) => !statSync(path).isFile());
  if (notAFile !== undefined)
    throw new Problem('bad-data', 'something that is not a file lies where a file of the data set belongs', {
      where: notAFile,
      hint: 'move it away, or name another folder with --data DIR',
    });
  if (first === undefined || force) return;
  throw new Problem(
    'bad-data',
    `the file is there, and is not the one that the catalogue knows${others.length === 0 ? '' : ` (and ${others.length} more)`}`,
    { where: first, hint: 'nothing was changed; --force replaces it, --data DIR names another folder' },
  );
}

/** The official address, or the archive of the same name at a mirror. */
function addressOf({ name, archive, page, byHand }: DatasetEntry, from: string | undefined): string {
  if (archive === null && byHand !== undefined)
    throw new Problem('usage', `data set '${name}' cannot be downloaded by a program`, {
      where: page ?? name,
      hint: `${byHand}; \`counterpoise data list\` then says whether they are found`,
    });
  if (archive === null)
    throw new Problem('usage', `data set '${name}' is made here and has nothing to fetch`, {
      hint: `use it as it is: \`counterpoise data describe ${name}\``,
    });
  if (from === undefined) return archive.url;
  checkAddress(from);
  return from.endsWith('/') ? new URL(new URL(archive.url).pathname.split('/').at(-1) as string, from).href : from;
}

/** What the file system refuses, in words about the data folder. */
async function onDisk(folder: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const problem = asProblem(error);
    if (error instanceof Problem || (problem.code !== 'store-full' && problem.code !== 'store-unusable'))
      throw fileInTheWay(error, folder) ?? error;
    throw new Problem(
      problem.code,
      problem.code === 'store-full'
        ? 'the disk that holds the data folder is full'
        : 'the data folder cannot be written: it is read-only for this user',
      {
        where: folder,
        hint:
          problem.code === 'store-full'
            ? 'free some space, or name another folder with --data DIR; nothing half-written was left'
            : 'name another folder with --data DIR',
        cause: error,
      },
    );
  }
}

function fileInTheWay(error: unknown, folder: string): Problem | undefined {
  const { code, path } = (error ?? {}) as { code?: string; path?: string };
  if (code !== 'ENOTDIR' && code !== 'EEXIST' && code !== 'EISDIR') return undefined;
  return new Problem('bad-data', 'a file lies where a folder belongs', {
    where: path ?? folder,
    hint: 'move it away, or name another folder with --data DIR',
    cause: error,
  });
}
