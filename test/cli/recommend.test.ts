/** `recommend`: from a name to a file of items, with the ids of the data. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorkshop } from '../../compose.ts';
import { ips } from '../../pipelines/dt/ips.ts';
import { simulation } from '../../pipelines/protocols/simulation.ts';
import { recommending } from '../../pipelines/recommending.ts';
import { run } from '../../run.ts';
import { answer, counterpoise, type Document, tiny, tinyModel, tinyPropensity } from './face.ts';

const home = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'counterpoise-recommend-'));
const store = ['--store', join(folder, 'store')];
const words = ['ips', ...tiny, ...tinyModel, ...tinyPropensity, ...store];
const computed = (document: Document) =>
  document.steps
    .filter((row: { status: string }) => row.status === 'computed')
    .map((row: { step: string }) => row.step);

beforeAll(async () => {
  process.chdir(folder);
  const { code, err } = await answer('run', ...words, '--no-floors');
  expect(code, err).toBe(0);
}, 120_000);
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

test('a model that was trained before serves at once: only ranking is computed, and the second time nothing', async () => {
  const first = await answer('recommend', ...words, '--top', '5');
  expect(computed(first.document)).toEqual(['top-items', 'recommendations']);
  const second = await answer('recommend', ...words, '--top', '5');
  expect(computed(second.document)).toEqual([]);
  expect(second.document.recommendations).toEqual(first.document.recommendations);
  expect(first.document.recommendations).toHaveLength(40 * 5);
});

test('without a file name they go to a CSV file named after the pipeline; the first rows are printed', async () => {
  const { code, out } = await counterpoise('recommend', ...words, '--top', '3');
  expect(code).toBe(0);
  const lines = readFileSync('recommendations-ips.csv', 'utf8').trimEnd().split('\r\n');
  expect(lines[0]).toBe('user,rank,item,score');
  expect(lines).toHaveLength(1 + 40 * 3);
  expect(out).toMatch(/^user +rank +item +score\n/);
  expect(out).toContain('... and 110 more rows');
  expect(out).toContain('the 3 best items of 40 users, without what the user has rated');
  expect(out).toContain('ids count from 0, since protocol simulation gives no others');
  expect(out).toContain(`written: ${join(folder, 'recommendations-ips.csv')}`);
  expect(out).toContain('run record: ');
});

test('nobody gets what they have rated, in train or test', async () => {
  const { document } = await answer('recommend', ...words, '--top', '30');
  const { document: run } = await answer('run', ...words, '--no-floors');
  const rated = new Set<string>();
  for (const address of ['data.train.labels', 'data.test.labels']) {
    const file = (await answer('export', run.run, address, '--to', 'jsonl', '--out', 'rated.jsonl', ...store)).document
      .file;
    for (const line of readFileSync(file, 'utf8').trimEnd().split('\n')) {
      const { user, item } = JSON.parse(line);
      rated.add(`${user} ${item}`);
    }
  }
  const given = document.recommendations.map(({ user, item }: { user: string; item: string }) => `${user} ${item}`);
  expect(given.filter((pair: string) => rated.has(pair))).toEqual([]);
  expect(given.length).toBe(40 * 30 - rated.size);
  const { out } = await counterpoise('recommend', ...words, '--top', '30');
  expect(out).toContain('40 users had fewer items left');
});

test('an Arrow file holds the same rows with their types', async () => {
  const { document } = await answer('recommend', ...words, '--top', '2', '--out', 'top.arrow');
  const table = tableFromIPC(readFileSync(document.file));
  expect(table.schema.fields.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'user Utf8',
    'rank Uint32',
    'item Utf8',
    'score Float32',
  ]);
  expect(table.numRows).toBe(80);
});

test('Parquet and JSONL files hold the same rows', async () => {
  const { document } = await answer('recommend', ...words, '--top', '2', '--out', 'top.jsonl');
  const lines = readFileSync(document.file, 'utf8').trimEnd().split('\n');
  const { document: whole } = await answer('recommend', ...words, '--top', '2');
  expect(lines.map((line) => JSON.parse(line).item)).toEqual(
    whole.recommendations.map(({ item }: { item: string }) => item),
  );
  const parquet = await answer('recommend', ...words, '--top', '2', '--out', 'top.parquet');
  expect(readFileSync(parquet.document.file).subarray(0, 4).toString()).toBe('PAR1');
});

test('rows say why on request, and vectors for an index are written beside them', async () => {
  const { document } = await answer('recommend', ...words, '--top', '2', '--explain', '--vectors', 'v.npz');
  expect(Object.keys(document.recommendations[0])).toEqual([
    'user',
    'rank',
    'item',
    'score',
    'match',
    'gate',
    'penalty',
  ]);
  expect(document.recommendations[0]).toMatchObject({ gate: 1, penalty: 0 });
  const files = unzipSync(new Uint8Array(readFileSync(document.vectors)));
  expect(Object.keys(files).sort()).toEqual(['items.npy', 'users.npy']);
});

test('new users get lists from what they liked, under their own ids, and nothing is trained', async () => {
  writeFileSync('new.csv', 'user,item\nann,3\nann,5\nbob,7\nbob,nothing\n');
  const { document } = await answer('recommend', ...words, '--top', '40', '--new-users', 'new.csv');
  expect(document.error).toBeUndefined();
  expect(computed(document)).toEqual(['new-users', 'fold-in', 'top-items', 'recommendations']);
  const of = (id: string) =>
    document.recommendations
      .filter(({ user }: { user: string }) => user === id)
      .map(({ item }: { item: string }) => item);
  expect(of('ann')).toHaveLength(28);
  expect(of('ann')).not.toContain('3');
  expect(of('bob')).toHaveLength(29);
  expect(of('bob')).not.toContain('7');
});

test('users can be named in the call or in a file', async () => {
  const called = await answer('recommend', ...words, '--top', '1', '--users', '7, 3');
  expect(called.document.recommendations.map(({ user }: { user: string }) => user)).toEqual(['7', '3']);
  writeFileSync('users.txt', '7\r\n\r\n3\r\n');
  const filed = await answer('recommend', ...words, '--top', '1', '--users', 'users.txt');
  expect(filed.document.recommendations).toEqual(called.document.recommendations);
});

test.each([
  ['a user that is not there', ['--users', '7,99'], 'unknown-name', "the data set has no user '99'"],
  ['a file that is not there', ['--users', 'nobody.txt'], 'missing-data', "the file 'nobody.txt'"],
  ['no user', ['--users', ','], 'usage', 'there is no id'],
  ['no items', ['--top', '0'], 'usage', '--top'],
  ['a file of no known format', ['--out', 'top.xlsx'], 'usage', 'which format'],
  ['a file of no known format for vectors', ['--vectors', 'v.npy'], 'usage', 'which format'],
  ['a file of new users that is not there', ['--new-users', 'none.csv'], 'missing-data', "the file 'none.csv'"],
  ['a model that is not there', ['--model', 'modle.params'], 'usage', "serves no model 'modle.params'"],
] as const)('%s is refused', async (_, more, code, message) => {
  const { document } = await answer('recommend', ...words, ...more);
  expect(document.error).toMatchObject({ code, message: expect.stringContaining(message) });
});

test('a pipeline without a model says what it lacks; a study says to name a method', async () => {
  const { document } = await answer('recommend', 'floor-item-mean', ...store);
  expect(document.error.message).toBe(
    "pipeline 'floor-item-mean' serves no model, so there is nothing to recommend with",
  );
  writeFileSync('small.yaml', 'study: small\nmethods: [mf]\non: simulation\nseeds: [1]\n');
  expect((await answer('recommend', 'small.yaml', ...store)).document.error.message).toContain('is a study');
});

describe('external ids', () => {
  test('come from the roles userIds and itemIds, both ways', async () => {
    const plugin = join(folder, 'named.ts');
    writeFileSync(plugin, namedData);
    const named = ['mf', '--protocol', 'named', '--plugin', plugin, '--jobs', '0', ...tinyModel, ...store];
    const { document } = await answer('recommend', ...named, '--top', '2', '--users', 'bob,eve');
    expect(document.error).toBeUndefined();
    const rows: readonly { user: string; item: string }[] = document.recommendations;
    expect(rows.map(({ user }) => user)).toEqual(['bob', 'bob', 'eve', 'eve']);
    expect(rows.every(({ item }) => /^film-\d$/.test(item))).toBe(true);
    const { out } = await counterpoise('recommend', ...named, '--top', '2');
    expect(out).toContain('ids are those of the data');
    const unknown = await answer('recommend', ...named, '--users', '0,bob');
    expect(unknown.document.error.message).toBe("the data set has no user '0'");
  });
});

test('the library gives the same table from code', async () => {
  const shop = await openWorkshop({ store: join(folder, 'store'), jobs: 0 });
  try {
    const small = { users: 40, items: 30, perUser: 10 };
    const set = { 'data.raw': small, model: { epochs: 2 }, propensity: { epochs: 2 } };
    const result = await run(recommending(ips, { top: 5 }).on(simulation), { workshop: shop, set });
    const { user, item, rank } = result.recommendations.items;
    const { document } = await answer('recommend', ...words, '--top', '5');
    expect(Array.from(user, (id, row) => [id, rank[row], item[row]])).toEqual(
      document.recommendations.map((row: { user: string; rank: number; item: string }) => [
        row.user,
        row.rank,
        row.item,
      ]),
    );
  } finally {
    await shop.close();
  }
});

const namedData = `import { f32, node, protocol, table, u32 } from 'counterpoise';
import { binarise, definition, Ids, ratedCandidates, Shape } from 'counterpoise/nodes';
const Log = table({ user: u32, item: u32, rating: f32 });
const users = ['ann', 'bob', 'cy', 'dee', 'eve', 'fay', 'gus', 'hal'];
export const own = node('own/named', {
  doc: 'Eight people, nine films.', in: {}, out: { log: Log, test: Log, shape: Shape, userIds: Ids, itemIds: Ids },
  run() {
    const make = (shift: number, each: number) => {
      const user = Uint32Array.from({ length: 8 * each }, (_, r) => Math.floor(r / each));
      const item = Uint32Array.from({ length: 8 * each }, (_, r) => (r % each) + shift);
      return { user, item, rating: Float32Array.from({ length: 8 * each }, (_, r) => 1 + ((r * 7 + Math.floor(r / 5)) % 5)) };
    };
    return { log: make(0, 5), test: make(5, 2), shape: { users: 8, items: 9 }, userIds: { id: users }, itemIds: { id: users.concat('x').map((_, i) => 'film-' + i) } };
  },
});
export const data = protocol('named', { dataset: 'named', evaluation: 'dt-icde24', floors: [] })
  .step('raw', own, () => ({}))
  .step('train', binarise, (up) => ({ ratings: up.raw.log }), { threshold: 3 })
  .step('test', binarise, (up) => ({ ratings: up.raw.test }), { threshold: 3 })
  .step('candidates', ratedCandidates, (up) => ({ test: up.test.labels }))
  .step('evaluation', definition, () => ({}), { preset: 'dt-icde24', cutoffs: [5] })
  .gives((up) => ({ train: up.train.labels, test: up.test.labels, candidates: up.candidates.pairs, shape: up.raw.shape, evaluation: up.evaluation.evaluation, userIds: up.raw.userIds, itemIds: up.raw.itemIds }));
`;
