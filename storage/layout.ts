/**
 * Where things lie below a store's folder:
 *
 *     FORMAT                     the version of this layout
 *     objects/ab/cdef….arrow     bytes under their SHA-256; .json for values
 *     memo/<writer>.jsonl        append-only, one writer each: key -> artifacts
 *     memo/<writer>.materials.jsonl   the materials of those keys
 *     runs/<time>/               run.json, events.jsonl
 *     pins/<name>.json           runs that garbage collection keeps
 *     locks/<key>                who computes a key now
 *     locks/holders/<writer>     the processes that hold locks or write memos
 *     checkpoints/<key>          what a long step saved before it was stopped
 *     tmp/                       on the same file system as everything else, so that a rename publishes
 *     quarantine/                objects that were not what their names promised
 *     hints.json                 notes that only save time
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../core/errors.ts';
import { codeOf, isAbsent, storeProblem } from './problems.ts';

const format = '1';
const folders = [
  'objects',
  'memo',
  'runs',
  'pins',
  'locks',
  'locks/holders',
  'checkpoints',
  'tmp',
  'quarantine',
] as const;
export type Folder = (typeof folders)[number];

export interface Layout {
  readonly root: string;
  path(folder: Folder, name?: string): string;
  readonly hints: string;
}

const layoutOf = (root: string): Layout => ({
  root,
  path: (folder, name) => (name === undefined ? join(root, folder) : join(root, folder, name)),
  hints: join(root, 'hints.json'),
});

/**
 * Opens a store's folder, or makes one. A store that is there but cannot be written opens all the same: it can be read.
 * @throws Problem store-unusable when the folder is no store, of another format, or cannot be made
 */
export function prepareLayout(root: string): Layout {
  const layout = layoutOf(root);
  const found = formatOf(root);
  if (found === undefined) create(layout);
  else if (found !== format)
    throw new Problem(
      'store-unusable',
      `the store has format '${found.slice(0, 20)}', and this version reads format ${format}`,
      {
        where: root,
        hint: 'use the version of counterpoise that made it, or choose another store with --store DIR',
      },
    );
  for (const folder of folders) ensureFolder(layout, folder);
  return layout;
}

function formatOf(root: string): string | undefined {
  try {
    return readFileSync(join(root, 'FORMAT'), 'utf8').trim();
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw storeProblem(error, root);
  }
}

function create({ root }: Layout): void {
  try {
    mkdirSync(root, { recursive: true });
    // another process may be creating the same store, and a killed one may have left its first file
    const others = readdirSync(root).filter((name) => !name.startsWith('FORMAT'));
    if (others.length > 0 && formatOf(root) === undefined)
      throw new Problem('store-unusable', `the folder is not empty and is no store: it holds '${others[0]}'`, {
        where: root,
        hint: 'name an empty or a new folder with --store DIR',
      });
    const draft = join(root, `FORMAT.${process.pid}.${Date.now()}`);
    writeFileSync(draft, `${format}\n`);
    renameSync(draft, join(root, 'FORMAT'));
    writeFileSync(join(root, '.gitignore'), '*\n');
  } catch (error) {
    throw storeProblem(error, root);
  }
}

function ensureFolder(layout: Layout, folder: Folder): void {
  const path = layout.path(folder);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return;
  if (stat !== undefined)
    throw storeProblem(Object.assign(new Error('not a directory'), { code: 'ENOTDIR', path }), layout.root);
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    // a store on a read-only file system may lack an empty folder; reading does without it
    if (codeOf(error) !== 'EROFS' && codeOf(error) !== 'EACCES') throw storeProblem(error, layout.root);
  }
}

/** Names in a folder; none when the folder is not there. */
export function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

/** Removes a file if it is there; true when it was. */
export function removeFile(path: string): boolean {
  const there = statSync(path, { throwIfNoEntry: false }) !== undefined;
  rmSync(path, { force: true });
  return there;
}
