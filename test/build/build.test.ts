import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const checkout = join(import.meta.dirname, '../..');
let root: string;
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text.replace(/^ {5}/gm, ''));
};
const node = (folder: string, ...words: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: join(root, folder), encoding: 'utf8' });
  return { status, stdout, stderr };
};

/** A small project with our core and our build. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'counterpoise-build-'));
  for (const name of ['build', 'core', 'bin', 'tsconfig.json', 'tsconfig.build.json', 'package.json'])
    cpSync(join(checkout, name), join(root, name), { recursive: true });
  mkdirSync(join(root, 'node_modules'));
  for (const name of readdirSync(join(checkout, 'node_modules')))
    if (name !== '.cache') symlinkSync(join(checkout, 'node_modules', name), join(root, 'node_modules', name));
  write('index.ts', "export * from './core/index.ts';");
  write('services.ts', 'export const serviceSources = {};');
  write(
    'nodes/ports.ts',
    "import { f32, table, u32 } from '../core/index.ts'; export const Ratings = table({ user: u32, rating: f32 });",
  );
  write(
    'nodes/weights/plain.ts',
    `import { z } from 'zod';
     import { node } from '../../core/index.ts';
     import { Ratings } from '../ports.ts';
     export const plain = node('weights/plain', { doc: 'Weighs.', in: { train: Ratings }, out: { w: Ratings },
       config: z.strictObject({ clip: z.number().default(0.1) }),
       run: ({ train }) => ({ w: { user: train.user, rating: train.rating } }) });`,
  );
  write(
    'pipelines/first.ts',
    `import { pipeline } from '../core/index.ts';
     import { Ratings } from '../nodes/ports.ts';
     import { plain } from '../nodes/weights/plain.ts';
     export const first = pipeline('first', { needs: { train: Ratings } }).step('w', plain, (up) => ({ train: up.train }));`,
  );
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('without dist the command says in one sentence what to run', () => {
  const { status, stdout, stderr } = node('.', 'bin/counterpoise.js', 'list');
  expect(stderr).toBe('counterpoise is not built yet: run `npm run build` in the folder of the package.\n');
  expect([status, stdout]).toEqual([1, '']);
});

test('a build makes bundles, declarations and digests that a project can use', () => {
  const built = node('.', 'build/build.mjs');
  expect(built.stderr).toBe('');
  expect(built.stdout).toMatch(/^built dist in [\d.]+ s: 1 digests, 0 kernels/);
  const digests = JSON.parse(readFileSync(join(root, 'dist/digests.json'), 'utf8'));
  expect(digests.nodes['weights/plain']).toEqual({
    code: expect.stringMatching(/^[0-9a-f]{64}$/),
    packages: { zod: expect.any(String) },
  });

  write('user/package.json', '{ "type": "module" }');
  mkdirSync(join(root, 'user/node_modules'));
  symlinkSync(root, join(root, 'user/node_modules/counterpoise'));
  write(
    'user/tsconfig.json',
    '{ "compilerOptions": { "module": "nodenext", "strict": true, "noEmit": true, "target": "es2022", "types": [] }, "include": ["a.ts"] }',
  );
  write(
    'user/a.ts',
    `import { type AnyNode, pipeline } from 'counterpoise';
     import { plain, Ratings } from 'counterpoise/nodes';
     import { first } from 'counterpoise/pipelines';
     export const known: AnyNode = plain;
     export const second = first.as('second').configure({ w: { clip: 0.5 } });
     // @ts-expect-error there is no such setting
     first.as('third').configure({ w: { clop: 0.5 } });
     // @ts-expect-error the input is not wired
     pipeline('x', { needs: { train: Ratings } }).step('w', plain, () => ({}));`,
  );
  const types = node('user', join(checkout, 'node_modules/typescript/bin/tsc'), '-p', '.');
  expect(types).toEqual({ status: 0, stdout: '', stderr: '' });

  write(
    'user/b.mjs',
    `import { plain } from 'counterpoise/nodes'; import { first } from 'counterpoise/pipelines';
     console.log(first.graph.steps.w.node === plain);`,
  );
  expect(node('user', 'b.mjs')).toEqual({ status: 0, stdout: 'true\n', stderr: '' });
});

test('what is built is not built again before a source changes', () => {
  expect(node('.', 'build/build.mjs', '--if-stale').stdout).toBe('dist is up to date\n');
  write('nodes/weights/extra.ts', 'export const extra = 1;');
  try {
    expect(node('.', 'build/build.mjs', '--if-stale').stdout).toMatch(/^built dist in/);
  } finally {
    rmSync(join(root, 'nodes/weights/extra.ts'));
  }
});

test('a build that fails leaves the dist that was there', () => {
  const before = readFileSync(join(root, 'dist/nodes.js'), 'utf8');
  write('nodes/weights/broken.ts', "import { nowhere } from './nowhere.ts';\nexport const broken = node(nowhere);");
  try {
    const { status, stderr } = node('.', 'build/build.mjs');
    expect(status).not.toBe(0);
    expect(stderr).toContain('Could not resolve "./nowhere.ts"');
    expect(readFileSync(join(root, 'dist/nodes.js'), 'utf8')).toBe(before);
  } finally {
    rmSync(join(root, 'nodes/weights/broken.ts'));
  }
});

test('kernels are compiled from AssemblyScript where there are some', () => {
  write('assembly/tiny.ts', 'export function twice(x: i32): i32 { return x * 2; }');
  write('assembly/_shared.ts', 'export const two = 2;');
  const script = `
    import { readFileSync } from 'node:fs';
    import { buildKernels } from '${join(checkout, 'build/kernels.mjs')}';
    const names = await buildKernels('${join(root, 'assembly')}', '${join(root, 'kernels')}');
    const env = { memory: new WebAssembly.Memory({ initial: 1 }) };
    const { instance } = await WebAssembly.instantiate(readFileSync('${join(root, 'kernels/tiny.wasm')}'), { env });
    console.log(names.join(), instance.exports.twice(21));`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
  expect(printed).toBe('tiny.wasm,tiny.relaxed.wasm 42\n');
});
