/** What commands open that run nothing: the definitions, or the store, without workers and digests. */
import { resolve } from 'node:path';
import { cacheFolder } from '../compose.ts';
import { Problem } from '../core/errors.ts';
import { readConfig } from '../core/plugins/index.ts';
import type { Registry } from '../core/registry.ts';
import type { RunPipeline, RunRecord, Store } from '../core/store.ts';
import { loadRegistry } from '../definitions.ts';
import { type FileStore, openStore } from '../storage/index.ts';
import type { Context } from './command.ts';
import { list, storeFolderOf, text } from './targets.ts';

/** Everything that can be named: what ships, the project's plugins and those of `--plugin`. */
export async function openDefinitions({ options }: Context): Promise<{ readonly registry: Registry }> {
  const plugins = [...readConfig(process.cwd()).plugins, ...list(options.plugin)].map((file) => resolve(file));
  return loadRegistry(plugins, cacheFolder);
}

export function openStoreOf({ options }: Context): FileStore {
  const folder = storeFolderOf(options, readConfig(process.cwd()));
  return openStore(resolve(folder), { fsync: options.fsync === true });
}

export interface FoundRun {
  readonly id: string;
  readonly record: RunRecord;
}
/**
 * A run by its id, by the beginning of one, by the name of a pin, or `latest`.
 * @throws Problem unknown-name with the latest runs
 */
export function findRun(name: string, { runs, pins }: Store): FoundRun {
  const ids = runs.list().map(({ id }) => id);
  const latest = ids.at(-1);
  if (name === 'latest') {
    if (latest !== undefined) return { id: latest, record: runs.read(latest) };
    throw new Problem('unknown-name', 'no run was recorded yet', { hint: 'start with `counterpoise run quickstart`' });
  }
  const pinned = pins.list()[name];
  if (pinned !== undefined) return { id: pinned, record: runs.read(pinned) };
  const begun = name === '' ? [] : ids.filter((id) => id.startsWith(name));
  const id = ids.includes(name) ? name : begun.length === 1 ? (begun[0] as string) : name;
  return { id, record: runs.read(id) };
}

/** One pipeline and seed of a run, under the name that it has in tables. */
export interface LabelledPipeline extends RunPipeline {
  /** The pipeline, with its grid point in brackets where a study has one. */
  readonly label: string;
  readonly floor: boolean;
}
export function labelled({ pipelines, results }: RunRecord): readonly LabelledPipeline[] {
  const labels = (results.labels as readonly string[] | undefined) ?? [];
  const floors = new Set((results.floors as readonly string[] | undefined) ?? []);
  return pipelines.map((row, at) => {
    const label = labels[at] ?? row.pipeline;
    return { ...row, label, floor: floors.has(label) };
  });
}

/** The pipeline of a run that `--pipeline` and `--seed` choose; the only method where nothing is chosen. */
export function choosePipeline({ id, record }: FoundRun, options: Context['options']): LabelledPipeline {
  const name = text(options.pipeline);
  const seed = text(options.seed);
  const all = labelled(record);
  const fitting = all.filter(
    (row) =>
      (name === undefined ? !row.floor : row.label === name || row.pipeline === name) &&
      (seed === undefined || String(row.seed) === seed),
  );
  const [first] = fitting;
  if (first === undefined)
    throw new Problem('unknown-name', `run '${id}' has no such pipeline and seed`, { hint: has(all) });
  if (fitting.length > 1)
    throw new Problem('usage', `run '${id}' has several pipelines or seeds`, {
      hint: `choose one with --pipeline and --seed; ${has(all)}`,
    });
  return first;
}

function has(all: readonly LabelledPipeline[]): string {
  const names = [...new Set(all.map(({ label }) => label))];
  const seeds = [...new Set(all.map(({ seed }) => seed))];
  return `it has ${some(names)} with seed ${some(seeds)}`;
}

const some = (all: readonly (string | number)[]) =>
  `${all.slice(0, 8).join(', ')}${all.length > 8 ? ` and ${all.length - 8} more` : ''}`;
