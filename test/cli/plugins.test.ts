/** Own code on the command line: a node from the template, a variant with it, and what a change of it reruns. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answer, type Document, tiny, tinyModel, tinyPropensity } from './face.ts';

const home = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'counterpoise-own-'));
const store = ['--store', join(folder, 'store')];
const ran = (document: Document) =>
  document.steps
    .filter((row: { status: string }) => row.status === 'computed')
    .map((row: { step: string }) => row.step);

beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

test('a new node and a variant that uses it are valid as they are written, and run', async () => {
  const made = await answer('new', 'node', 'my-weights');
  expect(made.code).toBe(0);
  writeFileSync(
    'my-variant.yaml',
    `pipeline: my-variant\nextends: ips\nsteps:\n  weights:\n    use: ${made.document.id}\n`,
  );
  const checked = await answer('validate', 'my-variant.yaml');
  expect(checked.document.files[0].problems).toEqual([]);
  const run = await answer('run', 'my-variant.yaml', ...tiny, ...tinyModel, ...tinyPropensity, ...store, '--no-floors');
  expect(run.code, run.err).toBe(0);
  expect(run.document.steps).toContainEqual(
    expect.objectContaining({ step: 'weights', node: made.document.id, status: 'computed' }),
  );
  expect(run.document.metrics.some((row: { metric: string }) => row.metric === 'auc')).toBe(true);
  const again = await answer(
    'run',
    'my-variant.yaml',
    ...tiny,
    ...tinyModel,
    ...tinyPropensity,
    ...store,
    '--no-floors',
  );
  expect(ran(again.document)).toEqual([]);
});

test('a misspelt setting of the own node is refused with line, column and what was meant', async () => {
  writeFileSync(
    'misspelt.yaml',
    'pipeline: misspelt\nextends: ips\nsteps:\n  weights:\n    use: own/my-weights\n    with: { powr: 1 }\n',
  );
  const { code, document } = await answer('validate', 'misspelt.yaml');
  expect(code).toBe(2);
  expect(document.files[0].problems[0]).toMatchObject({
    line: 6,
    column: expect.any(Number),
    hint: expect.stringContaining("did you mean 'power'"),
  });
});

test('a new pipeline from the template is valid and extends what it says', async () => {
  const made = await answer('new', 'pipeline', 'my-dr', '--extends', 'dr');
  expect(made.code).toBe(0);
  const { code, document } = await answer('validate', made.document.file);
  expect([code, document.files[0].name]).toEqual([0, 'my-dr']);
});

test('a column more on a data set reruns that node, and those who do not declare the column are cached', async () => {
  const file = join(folder, 'data.ts');
  const words = ['run', 'mf', '--protocol', 'own-data', '--plugin', file, '--no-floors', '--jobs', '0'];
  const trained = [...words, ...tinyModel, ...store];
  writeFileSync(file, dataset('rating: f32', ''));
  const first = await answer(...trained);
  expect(first.code, first.err).toBe(0);
  expect(ran(first.document)).toContain('model');

  writeFileSync(file, dataset('rating: f32, mood: f32', ', mood: rating.map((r) => r / 2)'));
  const wider = await answer(...trained);
  expect(wider.code, wider.err).toBe(0);
  expect(ran(wider.document)).toEqual(['data.raw']);
  expect(wider.document.metrics).toEqual(first.document.metrics);
});

const dataset = (
  columns: string,
  values: string,
) => `import { f32, json, node, protocol, table, u32, z } from 'counterpoise';
import { binarise, definition, ratedCandidates, Shape } from 'counterpoise/nodes';
const Log = table({ user: u32, item: u32, ${columns} });
export const own = node('own/data', {
  doc: 'Twelve users rate seven of ten items.', in: {}, out: { log: Log, uniform: Log, shape: Shape },
  run() {
    const make = (shift: number) => {
      const user = Uint32Array.from({ length: 84 }, (_, r) => Math.floor(r / 7));
      const item = Uint32Array.from({ length: 84 }, (_, r) => (r % 7) + shift);
      const rating = Float32Array.from({ length: 84 }, (_, r) => 1 + ((r * 7 + Math.floor(r / 7)) % 5));
      return { user, item, rating${values} };
    };
    return { log: make(0), uniform: make(3), shape: { users: 12, items: 10 } };
  },
});
export const data = protocol('own-data', { dataset: 'own', evaluation: 'dt-icde24', floors: [] })
  .step('raw', own, () => ({}))
  .step('train', binarise, (up) => ({ ratings: up.raw.log }), { threshold: 4 })
  .step('test', binarise, (up) => ({ ratings: up.raw.uniform }), { threshold: 4 })
  .step('candidates', ratedCandidates, (up) => ({ test: up.test.labels }))
  .step('evaluation', definition, () => ({}), { preset: 'dt-icde24', cutoffs: [5] })
  .gives((up) => ({ train: up.train.labels, test: up.test.labels, candidates: up.candidates.pairs, shape: up.raw.shape, evaluation: up.evaluation.evaluation }));
`;
