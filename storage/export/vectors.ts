/** Vectors of users and items as a file that a serving index reads. The file appears whole, under its name, or not at all. */
import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Problem } from '../../core/errors.ts';
import type { TensorBundle } from '../../core/ports/ports.ts';
import { storeProblem } from '../problems.ts';
import { npzBytes } from './npz.ts';
import { safetensorsBytes } from './safetensors.ts';

export const vectorFormats = ['npz', 'safetensors'] as const;
export type VectorFormat = (typeof vectorFormats)[number];
/** The format that a file name's ending asks for; undefined when it asks for none. */
export const vectorFormatOfPath = (path: string): VectorFormat | undefined =>
  vectorFormats.find((format) => path.toLowerCase().endsWith(`.${format}`));

/**
 * Writes the tensors, and the ids of their rows where the data have some: in .npz as arrays `user_ids` and `item_ids` of texts,
 * in .safetensors as JSON under the same names in the metadata.
 * @throws Problem store-full, store-unusable, or missing-data when the folder is not there
 */
export async function exportVectors(
  { tensors }: TensorBundle<unknown>,
  ids: Readonly<Record<'user_ids' | 'item_ids', readonly string[] | undefined>>,
  path: string,
  format: VectorFormat,
): Promise<{ readonly path: string; readonly bytes: number }> {
  const target = resolve(path);
  const draft = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  if (statSync(dirname(target), { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new Problem('missing-data', 'the folder for the vectors is not there', { where: dirname(target) });
  const named = Object.entries(ids).filter((entry): entry is [string, readonly string[]] => entry[1] !== undefined);
  const bytes =
    format === 'npz'
      ? await npzBytes({ ...tensors, ...Object.fromEntries(named.map(([name, texts]) => [name, { texts }])) })
      : safetensorsBytes(tensors, Object.fromEntries(named.map(([name, texts]) => [name, JSON.stringify(texts)])));
  try {
    writeFileSync(draft, bytes);
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw storeProblem(error, target);
  }
  return { path: target, bytes: bytes.length };
}
