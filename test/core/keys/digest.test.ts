import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { digestExport, digestExports } from '../../../core/keys/digest/digest.ts';
import type { Hints } from '../../../core/store.ts';

const checkout = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
let root: string;

const nodeFile = `
import { z } from 'zod';
import { node, Rng, table, u32 } from '../core/index.ts';
import { take } from '../core/numeric/index.ts';
import { Ratings } from './ports.ts';
import { half } from './helper.ts';

/** Doubles. */
export const twice = node('test/twice', {
  doc: 'Doubles what it gets.',
  source: 'Somebody 2016',
  in: { x: Ratings },
  out: { y: table({ n: u32 }) },
  config: z.strictObject({ by: z.number().default(2).describe('the factor') }),
  use: { rng: Rng },
  run: ({ x }, { by }) => ({ y: { n: take(x, [half(by)]) } }),
});
`;
const files: Readonly<Record<string, string>> = {
  'nodes/twice.ts': nodeFile,
  'nodes/sibling.ts': nodeFile.replaceAll('twice', 'sibling'),
  'nodes/ports.ts': `
    import { f32, table, u32 } from '../core/index.ts';
    export const Ratings = table({ user: u32, rating: f32 });
    import { z } from 'zod';
    const parts = { a: z.number().describe('one') };
    const list = z.array(z.number()).refine((of) => of.length > 1, 'two');
    export const Schema = z.strictObject({ ...parts, list });
    export const Scores = table({ user: u32, score: f32 });`,
  'nodes/helper.ts': `
    export const half = (n: number) => n / 2;
    export function third(n: number) { return n / 3; }`,
  'core/index.ts': `export const node = (id: string, spec: unknown) => ({ id, spec }); export const Rng = 1; export const u32 = 'u32'; export const f32 = 'f32'; export const table = (of: unknown) => of;`,
  'core/numeric/index.ts': `export { take } from './take.ts';`,
  'core/numeric/take.ts': `import { node } from '../index.ts'; export const take = (x: unknown, rows: number[]) => [x, rows, node('a', 1)];`,
};

const write = (path: string, text: string) => {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};
const change = (path: string, from: string, to: string) => {
  const before = files[path] as string;
  expect(before).toContain(from);
  write(path, before.replace(from, to));
};
const digest = async (hints?: Hints) =>
  (await digestExport(join(root, 'nodes/twice.ts'), 'twice', { root, hints })).code;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'counterpoise-digest-'));
  for (const [path, text] of Object.entries(files)) write(path, text);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test.each([
  ['a comment', 'nodes/twice.ts', '/** Doubles. */', '/** Doubles, as one would. */\n// and more'],
  ['white space', 'nodes/twice.ts', '({ y: {', '({\n\n  y: {'],
  ['a type', 'nodes/helper.ts', '(n: number) => n / 2', '(n: 1 | number): number => n / 2'],
  ['the name of a local variable', 'nodes/helper.ts', '(n: number) => n / 2', '(given: number) => given / 2'],
  ["a node's doc", 'nodes/twice.ts', "'Doubles what it gets.'", "'Doubles ' + `what it ` + 'is given.'"],
  ["a node's source", 'nodes/twice.ts', "'Somebody 2016'", '`Somebody 2017, eq. 3`'],
  ['the description of a setting', 'nodes/twice.ts', "'the factor'", "'what to multiply by'"],
  ['an unrelated export of a helper', 'nodes/helper.ts', 'return n / 3', 'return n / 3.0000001 + Math.sqrt(n) * 17'],
  ['an unrelated port', 'nodes/ports.ts', 'score: f32', 'score: f32, rank: u32'],
  ['an unrelated schema with spreads', 'nodes/ports.ts', 'a: z.number()', 'a: z.number(), b: z.string()'],
  ['an unrelated refinement', 'nodes/ports.ts', 'of.length > 1', 'of.length > 2'],
  ['a sibling node', 'nodes/sibling.ts', 'half(by)', 'half(by) + 1'],
  ['the part of core that cannot change a number', 'core/index.ts', 'export const Rng = 1', 'export const Rng = 2'],
])('an edit of %s leaves the digest as it is', async (_what, path, from, to) => {
  const before = await digest();
  change(path, from, to);
  expect(await digest()).toBe(before);
});

test.each([
  ['its own code', 'nodes/twice.ts', 'half(by)', 'half(by) + 1'],
  ['a default', 'nodes/twice.ts', 'default(2)', 'default(3)'],
  ['a helper', 'nodes/helper.ts', 'n / 2', 'n / 2.5'],
  ['a port that it has', 'nodes/ports.ts', 'rating: f32', 'rating: u32'],
  ['the numeric part of core', 'core/numeric/take.ts', '[x, rows,', '[rows, x,'],
  ['what runs when a helper is loaded', 'nodes/helper.ts', 'export const half', 'console.log(1); export const half'],
  ['its id', 'nodes/twice.ts', 'test/twice', 'test/double'],
])('an edit of %s makes another digest', async (_what, path, from, to) => {
  const before = await digest();
  change(path, from, to);
  expect(await digest()).not.toBe(before);
});

test('a text called doc or source that is a result, not documentation, counts', async () => {
  const given = nodeFile.replace('({ y: {', "({ z: { source: 'mnar', doc: 'x' }, y: {");
  write('nodes/twice.ts', given);
  const before = await digest();
  write('nodes/twice.ts', given.replace("'mnar'", "'mar'"));
  expect(await digest()).not.toBe(before);
});

test("pipelines and sibling nodes in a plugin's file stay out of its nodes' digests", async () => {
  const file = (factor: string, others: string) => `
    import { node, pipeline, table, u32, z } from 'counterpoise';
    import { learner, squared } from 'counterpoise/nodes';
    import { ips } from 'counterpoise/pipelines';
    const Xs = table({ x: u32 });
    export const twice = node('own/twice', { doc: 'x', in: { x: Xs }, out: { x: Xs }, run: ({ x }) => ({ x: x * ${factor} }) });
    ${others}`;
  const others = `
    export const other = node('own/other', { doc: 'x', in: { x: Xs }, out: {}, config: z.strictObject({ n: z.number().default(3) }) });
    export const mine = pipeline('mine', { needs: { x: Xs } }).step('a', twice, (up) => ({ x: up.x })).step('b', other, (up) => ({ x: up.a.x }));
    export const variant = ips.as('variant').replace('weights', twice).method('model', (m) => m.with({ part: squared() }));
    export const again = variant.as('again').step('c', learner(squared), (up) => up);`;
  write('nodes/twice.ts', file('2', ''));
  const before = await digest();
  write('nodes/twice.ts', file('2', others));
  expect(await digest()).toBe(before);
  write('nodes/twice.ts', file('3', others));
  expect(await digest()).not.toBe(before);
});

test('the digest is the same wherever the checkout lies', async () => {
  const before = await digest();
  const other = mkdtempSync(join(tmpdir(), 'elsewhere-'));
  [root] = [other, rmSync(root, { recursive: true, force: true })];
  for (const [path, text] of Object.entries(files)) write(path, text);
  expect(await digest()).toBe(before);
});

test('packages that the closure calls are named with their versions, others are not', async () => {
  write(
    'nodes/helper.ts',
    "import unused from 'acorn'; import { parse } from 'yaml'; export const half = (n: number) => parse(String(n));",
  );
  const { packages } = await digestExport(join(root, 'nodes/twice.ts'), 'twice', { root });
  expect(Object.keys(packages)).toEqual(['yaml', 'zod']);
  const ours = await digestExport(join(checkout, 'core/keys/digest/texts.ts'), 'withoutTexts', { root });
  expect(ours.packages).toMatchObject({ acorn: expect.stringMatching(/^8\./) });
});

test('an unchanged closure is recalled by stat, and any change of a file in it is noticed', async () => {
  const notes = new Map<string, unknown>();
  let asked = 0;
  const hints: Hints = {
    get: (name) => {
      asked++;
      return notes.get(name);
    },
    set: (name, value) => void notes.set(name, value),
    flush: () => undefined,
  };
  const old = new Date(Date.now() - 60_000);
  for (const path of Object.keys(files)) utimesSync(join(root, path), old, old);
  const before = await digest(hints);
  expect(notes.size).toBe(1);
  const started = performance.now();
  for (let n = 0; n < 20; n++) expect(await digest(hints)).toBe(before);
  expect(performance.now() - started).toBeLessThan(200);
  change('nodes/helper.ts', 'n / 2', 'n / 4');
  expect(await digest(hints)).not.toBe(before);
  expect(asked).toBeGreaterThan(0);
});

test('a hundred nodes are digested together, each as it would be alone', async () => {
  for (let n = 0; n < 100; n++)
    write(
      `nodes/many/n${n}.ts`,
      nodeFile.replaceAll("'../", "'../../").replaceAll("'./", "'../").replace('half(by)', `half(by) + ${n}`),
    );
  const exports = Array.from({ length: 100 }, (_, n) => ({ file: join(root, `nodes/many/n${n}.ts`), name: 'twice' }));
  const together = await digestExports(exports, { root });
  expect(new Set(together.map(({ code }) => code)).size).toBe(100);
  const alone = await digestExport(exports[7]?.file as string, 'twice', { root });
  expect(together[7]).toEqual(alone);
});
