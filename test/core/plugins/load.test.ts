import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as zod from 'zod';
import { Problem } from '../../../core/errors.ts';
import * as core from '../../../core/index.ts';
import { codeDigests } from '../../../core/keys/digest/index.ts';
import { loadPlugin, provideApi } from '../../../core/plugins/index.ts';
import { Registry } from '../../../core/registry.ts';

let folder: string;
const load = (name: string) => loadPlugin(join(folder, name), { cacheFolder: join(folder, 'cache') });
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const failure = async (promise: Promise<unknown>): Promise<Problem> => {
  const error = await promise.then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(Problem);
  return error as Problem;
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterpoise-plugin-'));
  provideApi({ counterpoise: async () => core, zod: async () => zod });
  write('helper.ts', 'export const half = (n: number): number => n / 2;');
  mkdirSync(join(folder, 'node_modules/tiny'), { recursive: true });
  write(
    'node_modules/tiny/package.json',
    '{ "name": "tiny", "version": "3.2.1", "type": "module", "exports": "./i.js" }',
  );
  write('node_modules/tiny/i.js', 'export const seven = 7;');
  write(
    'good.ts',
    `import { z } from 'zod';
     import { node, Problem, table, u32, type AnyNode } from 'counterpoise';
     import { seven } from 'tiny';
     import { half } from './helper.ts';
     export { Problem };
     export const good: AnyNode = node('mine/good', { doc: 'Good.', in: {}, out: { y: table({ n: u32 }) },
       config: z.strictObject({ by: z.number().default(half(seven)) }),
       run: (_, { by }) => ({ y: { n: new Uint32Array([by]) } }) });`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a plugin in TypeScript shares our core, and finds its own files and packages', async () => {
  const source = await load('good.ts');
  const exports = source.modules.good as { Problem: unknown; good: core.AnyNode };
  expect(exports.Problem).toBe(core.Problem);
  const registry = new Registry([source]);
  expect(registry.node('mine/good').configure({})).toEqual({ by: 3.5 });
  expect(registry.nodes.get('mine/good')?.origin).toEqual({
    from: { plugin: join(folder, 'good.ts') },
    module: 'good',
    export: 'good',
  });
});

test("a plugin's node has a code digest that follows its helpers and names its packages", async () => {
  const registry = new Registry([await load('good.ts')]);
  const node = registry.node('mine/good');
  const shipped = { format: 1, numeric: { code: 'n1', packages: {} }, nodes: {}, modules: {} } as const;
  const before = (await codeDigests({ registry, shipped })).node(node);
  expect(before?.packages).toEqual({ tiny: '3.2.1', zod: expect.any(String) });
  const core2 = { ...shipped, numeric: { code: 'n2', packages: {} } };
  expect((await codeDigests({ registry, shipped: core2 })).node(node)?.code).not.toBe(before?.code);
  write('helper.ts', '// halves\nexport const half = (n: number): number => n / 2;');
  expect((await codeDigests({ registry, shipped })).node(node)).toEqual(before);
  write('helper.ts', 'export const half = (n: number): number => n / 4;');
  expect((await codeDigests({ registry, shipped })).node(node)?.code).not.toBe(before?.code);
  const stranger = core.node('mine/good', { doc: '', in: {}, out: {}, run: () => ({}) });
  expect((await codeDigests({ registry, shipped })).node(stranger)).toBeUndefined();
});

test('an unchanged plugin is not compiled again, a changed one is', async () => {
  write('changing.js', 'export const value = 1;');
  expect((await load('changing.js')).modules.changing).toMatchObject({ value: 1 });
  const count = () => readdirSync(join(folder, 'cache')).filter((name) => name.startsWith('changing-')).length;
  await load('changing.js');
  expect(count()).toBe(1);
  write('changing.js', 'export const value = 22;');
  expect((await load('changing.js')).modules.changing).toMatchObject({ value: 22 });
  expect(count()).toBe(2);
});

test('a plugin loads where the cache folder cannot be written', async () => {
  write('readonly.js', 'export const value = 1;');
  const locked = join(folder, 'locked');
  writeFileSync(locked, 'a file where the folder should be');
  chmodSync(locked, 0o400);
  const source = await loadPlugin(join(folder, 'readonly.js'), { cacheFolder: join(locked, 'cache') });
  expect(source.modules.readonly).toMatchObject({ value: 1 });
});

test('a syntax error says file, line and column', async () => {
  write('broken.ts', "// ö\nconst müll = 'ö'; const x = ) 1;\n");
  const problem = await failure(load('broken.ts'));
  expect(problem.code).toBe('bad-plugin');
  expect(problem.message).toBe('Unexpected ")"');
  expect(problem.range).toMatchObject({ file: join(folder, 'broken.ts'), line: 2, column: 29, length: 1 });
  expect(problem.range?.text).toBe("const müll = 'ö'; const x = ) 1;");
});

test('a name that we do not export, a missing file and a missing package are compile errors with their place', async () => {
  write('misspelt.ts', "import { nodde } from 'counterpoise';\nexport const x = nodde;");
  expect((await failure(load('misspelt.ts'))).message).toContain('No matching export');
  write('lost.ts', "import { x } from './nowhere.ts';\nexport const y = x;");
  const lost = await failure(load('lost.ts'));
  expect(lost.message).toBe('Could not resolve "./nowhere.ts"');
  expect(lost.range).toMatchObject({ line: 1, column: 19 });
  write('absent.ts', "import { x } from 'no-such-package';\nexport const y = x;");
  expect((await failure(load('absent.ts'))).message).toContain('no-such-package');
  write('inner.ts', "import { x } from 'counterpoise/core/node';\nexport const y = x;");
  expect((await failure(load('inner.ts'))).message).toBe(
    "'counterpoise/core/node' is not something that a plugin can import",
  );
});

test('a plugin that throws while it is loaded is named', async () => {
  write('throws.js', "throw new Error('no luck');");
  expect((await failure(load('throws.js'))).message).toBe("plugin 'throws' failed while it was loaded: no luck");
});

test('a path that leads nowhere and a file of another kind are refused', async () => {
  expect((await failure(load('nowhere.ts'))).message).toContain('there is no plugin file');
  write('data.yaml', 'a: 1');
  expect((await failure(load('data.yaml'))).hint).toBe('a plugin ends in .ts, .mts, .js, .mjs');
});

test('two plugins that define one id are refused, and both files are named', async () => {
  write(
    'twin.ts',
    "import { node } from 'counterpoise';\nexport const twin = node('mine/good', { doc: '', in: {}, out: {}, run: () => ({}) });",
  );
  const sources = [await load('good.ts'), await load('twin.ts')];
  expect(() => new Registry(sources)).toThrow(/good\.ts \(good\) and .*twin\.ts \(twin\)/);
});

test('plugins load the same under tsx, with native import', () => {
  const script = `
    import * as zod from 'zod';
    import * as core from '${join(import.meta.dirname, '../../../core/index.ts')}';
    import { loadPlugin, provideApi } from '${join(import.meta.dirname, '../../../core/plugins/index.ts')}';
    provideApi({ counterpoise: async () => core, zod: async () => zod });
    const { modules } = await loadPlugin('${join(folder, 'good.ts')}', { cacheFolder: '${join(folder, 'cache')}' });
    console.log(modules.good.Problem === core.Problem);`;
  const tsx = join(import.meta.dirname, '../../../node_modules/tsx/dist/cli.mjs');
  const file = join(import.meta.dirname, '../../../node_modules/.counterpoise-tsx-check.mts');
  writeFileSync(file, script);
  try {
    expect(execFileSync(process.execPath, [tsx, file], { encoding: 'utf8' }).trim()).toBe('true');
  } finally {
    rmSync(file);
  }
});
