/** Data sets of the catalogue by name, and the folder they lie in. */
import { resolve } from 'node:path';
import { Problem } from '../../core/errors.ts';
import { readConfig } from '../../core/plugins/index.ts';
import { didYouMean } from '../../core/registry.ts';
import { datasets } from '../../nodes/datasets/catalogue/datasets.ts';
import type { DatasetEntry } from '../../nodes/datasets/catalogue/entry.ts';
import type { Context } from '../command.ts';
import { dataFolderOf } from '../targets.ts';

/** @throws Problem unknown-name with what was probably meant */
export function datasetNamed(name: string): DatasetEntry {
  const found = datasets.find((entry) => entry.name === name);
  if (found) return found;
  const known = datasets.map((entry) => entry.name);
  throw new Problem('unknown-name', `the catalogue has no data set '${name}'`, {
    hint: `${didYouMean(name, known)}it has ${known.join(', ')}; your own data need no fetching: --on FILE`,
  });
}

export function dataFolder({ options }: Context): string | undefined {
  const named = dataFolderOf(options, readConfig(process.cwd()));
  return named === undefined ? undefined : resolve(named);
}
