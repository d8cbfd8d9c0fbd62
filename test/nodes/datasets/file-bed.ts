/** Writes files into a folder of the test's own and reads them as own data, with everything that was said on the way. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runNode } from '../../../core/testing/index.ts';
import type { Format, Source } from '../../../nodes/datasets/file/source.ts';
import { fileDataset } from '../../../nodes/datasets/file.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterpoise-own-'));
let made = 0;

/** @param name may hold folders; without one a fresh name is made */
export function file(content: string | Uint8Array, name = `${++made}.csv`): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

export interface Given {
  readonly format?: Format;
  readonly source?: Partial<Source>;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Reads one file as train, or a file a role. */
export async function read(
  files: string | Readonly<Record<string, string>>,
  { format = 'csv', source = {}, settings = {} }: Given = {},
) {
  const places = typeof files === 'string' ? { train: files } : files;
  const warnings: string[] = [];
  const infos: string[] = [];
  const sources = Object.fromEntries(Object.keys(places).map((role) => [role, { format, ...source }]));
  const outputs = await runNode(fileDataset, {}, { places, sources, ...settings } as never, {
    files: places,
    say: (message) => {
      if (message.say === 'log') (message.level === 'warn' ? warnings : infos).push(message.message);
    },
  });
  const { train, test, shape } = outputs;
  const [users, items] = [outputs.userIds.id, outputs.itemIds.id];
  const rows = (part: typeof train) =>
    Array.from(part.user, (u, row) => [users[u], items[part.item[row]!], part.rating[row]] as const);
  return { ...outputs, rows: rows(train), testRows: test ? rows(test) : [], users, items, shape, warnings, infos };
}

/** What was thrown, for tests of messages. */
export async function problem(
  of: Promise<unknown>,
): Promise<{ code: string; message: string; hint?: string; where?: string }> {
  return of.then(
    () => {
      throw new Error('nothing was thrown');
    },
    (error) => error,
  );
}
