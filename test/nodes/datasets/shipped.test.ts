import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AnyNode, FileRead } from '../../../core/index.ts';
import { dataFiles } from '../../../core/plan/data-files.ts';
import { runNode } from '../../../core/testing/index.ts';
import { coat } from '../../../nodes/datasets/coat.ts';
import { coatFeatures } from '../../../nodes/datasets/coat-features.ts';
import { coatPropensities } from '../../../nodes/datasets/coat-propensities.ts';
import { movielens100k } from '../../../nodes/datasets/movielens-100k.ts';

const folder = resolve(process.env.COUNTERPOISE_DATA ?? '../shared/data');
const has = { coat: existsSync(join(folder, 'coat')), movielens: existsSync(join(folder, 'ml-100k/u.data')) };
for (const [name, there] of Object.entries(has))
  if (!there) console.warn(`${name} is not in the data folder (COUNTERPOISE_DATA): its counts are not tested`);

const readsOf = (node: AnyNode): readonly FileRead[] => node.reads?.({} as never) ?? [];
/** The files of the data folder, as a run would find them: by digest. */
const filesOf = (node: AnyNode): Readonly<Record<string, string>> =>
  Object.fromEntries(
    dataFiles(folder)
      .find(readsOf(node), node.id)
      .map(({ name, path }) => [name, path]),
  );
const temporary = mkdtempSync(join(tmpdir(), 'counterpoise-catalogue-'));
let made = 0;
const changed = (path: string, change: (text: string) => string): string => {
  const copy = join(temporary, String(++made));
  writeFileSync(copy, change(readFileSync(path, 'utf8')));
  return copy;
};
const counts = (values: ArrayLike<number>) => {
  const found: Record<number, number> = {};
  for (const value of Array.from(values)) found[value] = (found[value] ?? 0) + 1;
  return found;
};

describe.skipIf(!has.coat)('Coat', () => {
  test('has 24 self-selected and 16 uniform ratings from each of 290 users on 300 coats', async () => {
    const { log, uniform, shape } = await runNode(coat, {}, {}, { files: filesOf(coat) });
    expect(shape).toEqual({ users: 290, items: 300 });
    expect(log.user).toHaveLength(6960);
    expect(uniform.user).toHaveLength(4640);
    expect(new Set(Object.values(counts(log.user)))).toEqual(new Set([24]));
    expect(new Set(Object.values(counts(uniform.user)))).toEqual(new Set([16]));
    for (const part of [log, uniform]) {
      expect(Math.max(...part.item)).toBeLessThan(300);
      expect(Object.keys(counts(part.rating))).toEqual(['1', '2', '3', '4', '5']);
      expect(new Set(part.user.map((u, row) => u * 300 + part.item[row]!)).size).toBe(part.user.length);
    }
  });
  test('has ratings that are better where users chose than where they were asked', async () => {
    const { log, uniform } = await runNode(coat, {}, {}, { files: filesOf(coat) });
    const mean = (of: Float32Array) => of.reduce((a, b) => a + b, 0) / of.length;
    expect(mean(log.rating)).toBeGreaterThan(mean(uniform.rating) + 0.2);
  });
  test('refuses a number that is no rating, and a file that lacks ratings, with the place', async () => {
    const files = filesOf(coat);
    const wrong = { ...files, train: changed(files.train as string, (text) => text.replace(/[1-5]/, '9')) };
    await expect(runNode(coat, {}, {}, { files: wrong })).rejects.toMatchObject({
      code: 'bad-data',
      message: "'9' is not a rating of Coat",
      where: expect.stringMatching(/coat\/train.ascii, line 1, column \d+$/),
    });
    const less = { ...files, test: changed(files.test as string, (text) => text.replace(/[1-5]/, '0')) };
    await expect(runNode(coat, {}, {}, { files: less })).rejects.toThrow(
      'coat/test.ascii holds 4639 ratings, and Coat has 4640',
    );
  });
  test('has 14 features of each user and 33 of each coat, one of each kind', async () => {
    const { users, items, userFeatures, itemFeatures } = await runNode(
      coatFeatures,
      {},
      {},
      { files: filesOf(coatFeatures) },
    );
    expect([userFeatures.id.length, itemFeatures.id.length]).toEqual([14, 33]);
    expect(Object.values(counts(users.row))).toEqual(new Array(290).fill(4));
    expect(Object.values(counts(items.row))).toEqual(new Array(300).fill(4));
    expect(Object.keys(counts(users.value))).toEqual(['1']);
  });
  test('has a published propensity for each of its 87,000 pairs', async () => {
    const { propensities } = await runNode(coatPropensities, {}, {}, { files: filesOf(coatPropensities) });
    expect(propensities.p).toHaveLength(87_000);
    expect(propensities.p.every((p) => p > 0 && p <= 1)).toBe(true);
    expect([propensities.user[300], propensities.item[300]]).toEqual([1, 0]);
  });
});

describe.skipIf(!has.movielens)('MovieLens 100K', () => {
  test('has 100,000 ratings of 943 users on 1,682 films, and at least 20 of each user', async () => {
    const { log, shape, userIds, itemIds } = await runNode(movielens100k, {}, {}, { files: filesOf(movielens100k) });
    expect(shape).toEqual({ users: 943, items: 1682 });
    expect(log.user).toHaveLength(100_000);
    expect(new Set(log.user).size).toBe(943);
    expect(new Set(log.item).size).toBe(1682);
    expect(Math.min(...Object.values(counts(log.user)))).toBe(20);
    expect(counts(log.rating)).toEqual({ 1: 6110, 2: 11_370, 3: 27_145, 4: 34_174, 5: 21_201 });
    // the file's first line: 196 242 3 881250949
    expect([userIds.id[log.user[0]!], itemIds.id[log.item[0]!], log.rating[0], log.time[0]]).toEqual([
      '196',
      '242',
      3,
      881250949n,
    ]);
  });
  test('refuses a line that is no rating, with its number', async () => {
    const { ratings } = filesOf(movielens100k);
    const files = { ratings: changed(ratings as string, (text) => text.replace('\t3\t', '\t7\t')) };
    await expect(runNode(movielens100k, {}, {}, { files })).rejects.toMatchObject({
      message: "'196\t242\t7\t881250949' is not a rating of MovieLens 100K",
      where: expect.stringContaining('ml-100k/u.data, line 1'),
    });
  });
});

describe('files of the catalogue', () => {
  test('that are not what the catalogue knows are refused before anything is read', () => {
    const path = join(temporary, 'ml-100k');
    writeFileSync(path, 'something else');
    const reads = readsOf(movielens100k).map((read) => ({ ...read, path }));
    expect(() => dataFiles(temporary).find(reads, 'data.raw')).toThrow('is not the file that the catalogue knows');
  });
  test('that are not there are named, with what to do', () => {
    for (const [at, hint] of [
      [undefined, 'say with --data DIR'],
      [temporary, `it is looked for in ${temporary}`],
    ] as const)
      try {
        dataFiles(at).find(readsOf(coat), 'data.raw');
        expect.unreachable();
      } catch (error) {
        expect(error).toMatchObject({
          code: 'missing-data',
          message: "the file 'coat/train.ascii' is not there",
          hint: expect.stringContaining(hint),
        });
      }
  });
  test('never lie outside of the data folder', () => {
    expect(() => dataFiles(temporary).find([{ name: 'x', path: '../x' }], 'data.raw')).toThrow(
      "'../x' leads out of the data folder",
    );
  });
});
