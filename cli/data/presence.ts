/** Which files of a data set lie in the data folder, and whether they are the right ones. */
import { statSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { Problem } from '../../core/errors.ts';
import { hashFile } from '../../core/plan/data-files.ts';
import type { DatasetFile } from '../../nodes/datasets/catalogue/entry.ts';

/** `unchecked`: it is there, and no digest is known. */
export type Presence = 'right' | 'unchecked' | 'differs' | 'absent';

/** By size first: only a file of the right size is read. */
export function presenceOf(folder: string, file: DatasetFile): Presence {
  const path = placeOf(folder, file);
  const stat = statOf(path);
  if (stat === undefined) return 'absent';
  const { content } = file;
  if (!stat.isFile()) return 'differs';
  if (content === null) return 'unchecked';
  return stat.size === content.bytes && hashFile(path) === content.sha256 ? 'right' : 'differs';
}

function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOTDIR') return undefined; // a file lies where a folder belongs
    throw error;
  }
}

/** @throws Problem bad-data when the path leads out of the data folder */
export function placeOf(folder: string, { path }: DatasetFile): string {
  const place = resolve(folder, path);
  const inside = relative(resolve(folder), place);
  if (inside !== '' && !inside.startsWith('..') && !isAbsolute(inside)) return place;
  throw new Problem('bad-data', `'${path}' leads out of the data folder`, { where: folder });
}
