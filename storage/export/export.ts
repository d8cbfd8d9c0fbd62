/** Tables for other tools. The file appears whole, under its name, or not at all. */
import { closeSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Problem } from '../../core/errors.ts';
import type { Frame } from '../../core/numeric/frame.ts';
import { writeFully } from '../files.ts';
import { isAbsent, storeProblem } from '../problems.ts';
import { csvText, jsonlText } from './rows.ts';

export const exportFormats = ['arrow', 'csv', 'jsonl', 'parquet'] as const;
export type ExportFormat = (typeof exportFormats)[number];
export interface Exported {
  readonly path: string;
  readonly format: ExportFormat;
  readonly rows: number;
  readonly bytes: number;
}

/** The format that a file name's ending asks for; undefined when it asks for none. */
export const formatOfPath = (path: string): ExportFormat | undefined =>
  exportFormats.find((format) => path.toLowerCase().endsWith(`.${format}`));

/**
 * Writes a table to `path`, replacing what is there.
 *
 * - `arrow`: an uncompressed Arrow IPC file, as in the store;
 * - `parquet`: zstd, column types kept, for DuckDB, Spark and the like;
 * - `csv`: RFC 4180 with a header, UTF-8; an empty text is `""`; 32-bit floats with the fewest digits that read back the same;
 * - `jsonl`: an object a row; NaN and infinities are null; 64-bit integers are plain digits.
 * @throws Problem store-full, store-unusable, or missing-data when the folder is not there
 */
export async function exportFrame(frame: Frame, path: string, format: ExportFormat): Promise<Exported> {
  const target = resolve(path);
  const draft = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    if (statSync(dirname(target), { throwIfNoEntry: false })?.isDirectory() !== true)
      throw new Problem('missing-data', 'the folder for the export is not there', { where: dirname(target) });
    if (statSync(target, { throwIfNoEntry: false })?.isDirectory())
      throw new Problem('usage', 'the export would replace a folder', { where: target, hint: 'name a file' });
    await writeAs[format](frame, draft);
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw isAbsent(error) ? error : storeProblem(error, target);
  }
  return { path: target, format, rows: frame.rows, bytes: statSync(target).size };
}

const writeAs: Readonly<Record<ExportFormat, (frame: Frame, path: string) => Promise<void>>> = {
  arrow: async (frame, path) => {
    const { encodeFrame } = await import('../../core/codec/arrow.ts');
    writePieces(path, encodeFrame(frame));
  },
  csv: async (frame, path) => writePieces(path, encoded(csvText(frame))),
  jsonl: async (frame, path) => writePieces(path, encoded(jsonlText(frame))),
  parquet: async (frame, path) => {
    const { writeParquet } = await import('./parquet.ts');
    await writeParquet(frame, path);
  },
};

function* encoded(texts: Iterable<string>): Iterable<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

function writePieces(path: string, pieces: Iterable<Uint8Array>): void {
  const file = openSync(path, 'w');
  try {
    for (const piece of pieces) writeFully(file, piece);
  } finally {
    closeSync(file);
  }
}
