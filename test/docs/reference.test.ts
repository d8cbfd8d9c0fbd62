/** docs/reference restates tables of the code; `npx vitest run test/docs -u` writes it anew. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { referencePages } from '../../build/reference.ts';
import { commands } from '../../cli/commands.ts';
import { documents } from '../../cli/json-schema/documents.ts';
import { exitCodes } from '../../core/errors.ts';
import { counterpoise } from '../cli/face.ts';

const pages = referencePages();

test.each(Object.keys(pages))('docs/reference/%s says what the code says', async (name) => {
  await expect(pages[name]).toMatchFileSnapshot(join(import.meta.dirname, '../../docs/reference', name));
});

test('the pages name every command, every problem and every document', () => {
  for (const { name } of commands) expect(pages['command-line.md']).toContain(`\n## ${name}\n`);
  for (const [code, number] of Object.entries(exitCodes))
    expect(pages['exit-codes.md']).toContain(`| \`${code}\` | ${number} |`);
  for (const name of Object.keys(documents)) expect(pages['json-output.md']).toContain(`\n### ${name}\n`);
});

test.each(commands.map(({ name }) => [name]))('%s --help lists the options that its page lists', async (name) => {
  const { out, code } = await counterpoise(...name.split(' '), '--help');
  expect(code).toBe(0);
  const section = pages['command-line.md']?.split('\n## ').find((text) => text.startsWith(`${name}\n`)) ?? '';
  const listed = (text: string) => new Set(text.match(/--[a-z][a-z-]+/g));
  const tabled = new Set([...section.matchAll(/^\| `(--[a-z-]+)/gm)].map(([, flag]) => flag));
  const helped = listed(out.split('\nExamples:')[0] as string);
  for (const flag of tabled) expect(helped).toContain(flag);
  const options = new Set([...out.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag]) => flag));
  for (const flag of options)
    if (!['--json', '--debug', '--help'].includes(flag as string)) expect(tabled).toContain(flag);
});
