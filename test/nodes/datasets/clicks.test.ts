import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runNode } from '../../../core/testing/index.ts';
import { adressa } from '../../../nodes/datasets/adressa.ts';
import { clickLists } from '../../../nodes/datasets/click-lists.ts';
import { gowalla } from '../../../nodes/datasets/gowalla.ts';
import { randomPerItem } from '../../../nodes/splits/random-per-item.ts';

const folder = mkdtempSync(join(tmpdir(), 'clicks-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}
const format = { file: 'some/train.txt', dataset: 'Some set', users: 10, items: 5 };
const read = (text: string) => clickLists(new TextEncoder().encode(text), format);

test('a line of clicks becomes a row an item; lines without items give none, and order and repeats stay', () => {
  for (const text of ['3 0 4 0\n9\n\n0 2\n', '3  0 4 0 \r\n9\r\n0 2', ' 3\t0 4 0\n9 \n0 2  \n\n']) {
    const { user, item, rating } = read(text);
    expect([[...user], [...item], [...rating]]).toEqual([
      [3, 3, 3, 0],
      [0, 4, 0, 2],
      [1, 1, 1, 1],
    ]);
  }
  expect(read('').user.length).toBe(0);
});

test.each([
  ['a user above the last', '10 1', "'10' is no user of Some set"],
  ['an item above the last', '1 5', "'5' is no item of Some set"],
  ['a negative item', '1 -1', "'-1' is no item of Some set"],
  ['a word', 'user item', "'user' is no user of Some set"],
  ['commas', '1,2', "'1,2' is no user of Some set"],
  ['an overlong number', '1 0000000001', "'0000000001' is no item of Some set"],
])('%s is refused with file and line', (_, line, message) => {
  const refused = () => read(`0 1\n${line}\n2 2\n`);
  expect(refused).toThrow(message);
  expect(refused).toThrow(expect.objectContaining({ code: 'bad-data', where: 'some/train.txt, line 2' }));
});

test('files of a data set without digests are known by what is known of them', async () => {
  const train = file('train.txt', '0 0 1\n29857 40980\n');
  const refused = (text: string) =>
    expect(runNode(gowalla, {}, {}, { files: { train, test: file('test.txt', text) } })).rejects;
  await refused('0 0\n').toThrow('gowalla/test.txt holds 1 clicks, and Gowalla has 204905');
  await refused('29858 0\n').toThrow("'29858' is no user of Gowalla");
  const whole = file('whole.txt', Array.from({ length: 204_905 }, (_, n) => `${n % 29_858} ${n % 40_981}`).join('\n'));
  const { train: clicks, shape } = await runNode(gowalla, {}, {}, { files: { train, test: whole } });
  expect([clicks.user.length, shape]).toEqual([3, { users: 29_858, items: 40_981 }]);
});

const data = resolve(process.env.COUNTERPOISE_DATA ?? '../shared/data');
const files = { train: join(data, 'adressa/train.txt'), test: join(data, 'adressa/test.txt') };
const skip = !existsSync(files.train);
if (skip) console.warn('Adressa is not in the data folder (COUNTERPOISE_DATA): its counts are not tested');
const counts = (ids: Uint32Array, size: number) => {
  const n = new Uint32Array(size);
  for (const id of ids) n[id]!++;
  return n;
};

test.skipIf(skip)(
  'Adressa has four test clicks of every article, none of them in train, and one reader without train',
  async () => {
    const { train, test, shape } = await runNode(adressa, {}, {}, { files });
    expect([train.user.length, test.user.length, shape]).toEqual([113_345, 2_976, { users: 13_485, items: 744 }]);
    expect(new Set(counts(test.item, 744))).toEqual(new Set([4]));
    expect(new Set(test.user).size).toBe(2_090);
    const known = new Set(Array.from(train.user, (u, row) => u * 744 + train.item[row]!));
    expect(known.size).toBe(113_345);
    expect(test.user.some((u, row) => known.has(u * 744 + test.item[row]!))).toBe(false);
    const rows = counts(train.user, shape.users);
    expect([...rows.keys()].filter((u) => rows[u] === 0)).toEqual([13_478]);
    expect(counts(test.user, shape.users)[13_478]).toBe(5);
    expect(Math.max(...counts(train.item, 744))).toBe(7_077);
  },
);

test.skipIf(skip)(
  'validation on Adressa is at most two random clicks of an article: 1,296 of 670 articles',
  async () => {
    const { train } = await runNode(adressa, {}, {}, { files });
    const split = (seed: number) => runNode(randomPerItem, { ratings: train }, { cap: 2 }, { seed: String(seed) });
    const one = await split(1);
    expect([one.test.user.length, one.train.user.length]).toEqual([1_296, 113_345 - 1_296]);
    const held = counts(one.test.item, 744);
    expect(held.filter((n) => n > 0).length).toBe(670);
    expect(Math.max(...held)).toBe(2);
    expect(Math.min(...counts(one.train.item, 744))).toBe(1);
    expect([...(await split(2)).test.user]).not.toEqual([...one.test.user]);
  },
);
