/** Writes the pages of a reproduction into a folder. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../core/errors.ts';
import { csvText } from './csv.ts';
import { htmlPage } from './html.ts';
import { latexText } from './latex.ts';
import { markdownPage } from './markdown.ts';
import type { ReproductionResult } from './result.ts';

/** @returns the files, as paths @throws Problem bad-output when the folder cannot be written */
export async function writePages(result: ReproductionResult, folder: string): Promise<readonly string[]> {
  const pages = new Map<string, string>();
  for (const item of result.items) {
    const base = `${item.kind}-${item.name}`;
    pages.set(`${base}.html`, await htmlPage(result, [item]));
    pages.set(`${base}.md`, markdownPage(result, item));
    pages.set(`${base}.csv`, csvText(item));
    if (item.kind === 'table') pages.set(`${base}.tex`, latexText(item));
  }
  if (result.items.length > 1) pages.set('index.html', await htmlPage(result, result.items));
  try {
    mkdirSync(folder, { recursive: true });
    return [...pages].map(([name, text]) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    });
  } catch (cause) {
    throw new Problem('bad-output', `the pages cannot be written: ${(cause as Error).message}`, {
      where: folder,
      hint: 'name another folder with --out DIR; the results are in the store, so that nothing is computed again',
      cause,
    });
  }
}
