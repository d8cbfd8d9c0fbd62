/** `data fetch`: a data set from its official place, or all that have one. */
import { Problem, type ProblemJson, problemJson } from '../../core/errors.ts';
import type { Event } from '../../core/events.ts';
import { datasets } from '../../nodes/datasets/catalogue/datasets.ts';
import type { DatasetEntry } from '../../nodes/datasets/catalogue/entry.ts';
import type { CommandResult, Context } from '../command.ts';
import { type FetchedFile, type FetchOptions, fetchDataset } from '../data/fetch.ts';
import { dataFolder, datasetNamed } from '../data/named.ts';
import { sizeText } from '../sizes.ts';
import { plainTable } from '../tables.ts';
import { text } from '../targets.ts';

export default async function (context: Context): Promise<CommandResult> {
  const [name] = context.args;
  const entries = name === undefined ? downloads() : [datasetNamed(name)];
  const folder = dataFolder(context);
  if (folder === undefined)
    throw new Problem('usage', 'no data folder is named', {
      hint: 'say with --data DIR (or COUNTERPOISE_DATA) where the data sets shall lie',
    });
  const from = text(context.options.from);
  if (from !== undefined && !from.endsWith('/') && entries.length > 1)
    throw new Problem('usage', `--from ${from} is one archive, and several data sets are asked for`, {
      hint: 'name the data set, or give a folder of archives: an address that ends in /',
    });
  const files = await fetchAll(entries, folder, context, {
    ...(from !== undefined && { from }),
    force: context.options.force === true,
  });
  return {
    json: { folder, files },
    text: () => `${fileTable(files)}\n\n${folder}: ${summary(files)}`,
  };
}

/** Data sets that stand on the same archive are one download. */
function downloads(): readonly DatasetEntry[] {
  const urls = datasets.map(({ archive }) => archive?.url);
  return datasets.filter(({ archive }, at) => archive !== null && urls.indexOf(archive.url) === at);
}

/** Ctrl-C breaks the download off; what lies in the data folder stays whole. */
async function fetchAll(
  entries: readonly DatasetEntry[],
  folder: string,
  context: Context,
  options: FetchOptions,
): Promise<readonly FetchedFile[]> {
  const stop = new AbortController();
  const interrupted = () => (stop.signal.aborted ? process.exit(130) : stop.abort());
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', interrupted);
  const tell = (event: Event) => {
    for (const reporter of context.reporters) reporter(event);
  };
  const began = performance.now();
  tell({ event: 'run-started', command: context.line, pipelines: 1, steps: entries.length });
  let outcome: 'ok' | 'failed' = 'failed';
  try {
    const files: FetchedFile[] = [];
    for (const entry of entries)
      files.push(...(await fetchOne(entry, folder, { ...options, signal: stop.signal }, tell)));
    outcome = 'ok';
    return files;
  } finally {
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    tell({
      event: 'run-ended',
      outcome: stop.signal.aborted ? 'cancelled' : outcome,
      ms: performance.now() - began,
      record: folder,
    });
  }
}

/** A download shows like a step: the same bar, the same plain lines. */
async function fetchOne(entry: DatasetEntry, folder: string, options: FetchOptions, tell: (event: Event) => void) {
  const step = { pipeline: 'fetch', step: entry.name, node: `datasets/${entry.name}` };
  const began = performance.now();
  const ended = (status: 'computed' | 'cached' | 'failed' | 'cancelled', problem?: ProblemJson) =>
    tell({ event: 'step-ended', status, ms: performance.now() - began, ...(problem && { problem }), ...step });
  tell({ event: 'step-started', worker: null, ...step });
  try {
    const files = await fetchDataset(entry, folder, {
      ...options,
      progress: (done, total) =>
        tell({
          event: 'step-progress',
          done,
          total: total ?? 0,
          note: `${sizeText(done)}${total === undefined ? '' : ` of ${sizeText(total)}`}`,
          ...step,
        }),
    });
    ended(files.every(({ status }) => status === 'there') ? 'cached' : 'computed');
    return files;
  } catch (error) {
    const problem = problemJson(error);
    ended(problem.code === 'cancelled' ? 'cancelled' : 'failed', problem);
    throw error;
  }
}

const fileTable = (files: readonly FetchedFile[]) =>
  plainTable(
    ['data set', 'file', 'size', '', 'SHA-256'],
    files.map(({ dataset, file, bytes, status, sha256 }) => [
      dataset,
      file,
      sizeText(bytes),
      status,
      sha256.slice(0, 12),
    ]),
    { align: ['left', 'left', 'right', 'left', 'left'] },
  );

function summary(files: readonly FetchedFile[]): string {
  const got = files.filter(({ status }) => status !== 'there').length;
  const there = files.length - got;
  return [
    ...(got > 0 ? [`${got} fetched, every digest checked`] : []),
    ...(there > 0 ? [`${there} were there already and are right`] : []),
  ].join('; ');
}
