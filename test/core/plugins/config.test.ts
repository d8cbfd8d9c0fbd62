import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Problem } from '../../../core/errors.ts';
import { readConfig } from '../../../core/plugins/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterpoise-config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const write = (text: string) => writeFileSync(join(folder, 'counterpoise.config.json'), text);

test('paths are meant from the folder of the file', () => {
  write('{ "plugins": ["./my-node.ts", "../other.ts"], "data": "data" }');
  expect(readConfig(folder)).toEqual({
    file: join(folder, 'counterpoise.config.json'),
    plugins: [join(folder, 'my-node.ts'), join(folder, '../other.ts')],
    data: join(folder, 'data'),
    store: undefined,
  });
});

test('a project without the file has no plugins', () => {
  expect(readConfig(folder)).toEqual({ file: undefined, plugins: [], data: undefined, store: undefined });
});

test.each([
  ['{ "plugin": [] }', "counterpoise.config.json has no setting 'plugin'", "did you mean 'plugins'?"],
  [
    '{ "plugins": "./a.ts" }',
    "'plugins': Invalid input: expected array, received string",
    '"plugins": ["./my-node.ts"]',
  ],
])('%s is refused with a message and a hint', (text, message, hint) => {
  write(text);
  let problem: Problem | undefined;
  try {
    readConfig(folder);
  } catch (error) {
    problem = error as Problem;
  }
  expect(problem?.code).toBe('bad-config');
  expect(problem?.message).toContain(message);
  expect(problem?.hint).toContain(hint);
});

test('a file that is not JSON is refused', () => {
  write('{ plugins: ');
  expect(() => readConfig(folder)).toThrow('counterpoise.config.json is not JSON');
});
