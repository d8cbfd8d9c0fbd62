import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runNode } from '../../../core/testing/index.ts';
import { kuairand } from '../../../nodes/datasets/kuairand.ts';
import { kuairec } from '../../../nodes/datasets/kuairec.ts';
import { type TripleFormat, triples } from '../../../nodes/datasets/triples.ts';
import { yahooR3 } from '../../../nodes/datasets/yahoo-r3.ts';
import { yahooR3Survey } from '../../../nodes/datasets/yahoo-r3-survey.ts';

const folder = mkdtempSync(join(tmpdir(), 'rating-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}
const bytes = (text: string) => new TextEncoder().encode(text);
const format: TripleFormat = {
  file: 'some/file.txt',
  dataset: 'Some set',
  separator: '\t',
  firstId: 1,
  users: 20,
  items: 10,
  accepts: (value) => value >= 1 && value <= 5,
};
const ratios: TripleFormat = { ...format, separator: ',', firstId: 0, accepts: (value) => value >= 0 };

test('lines of a rating file become dense ids from 0, in the order of the file', () => {
  for (const text of ['1\t10\t5\n20\t1\t1\n', '1\t10\t5\n20\t1\t1', '1\t10\t5\r\n20\t1\t1\r\n\n']) {
    const { user, item, rating } = triples(bytes(text), format);
    expect([[...user], [...item], [...rating]]).toEqual([
      [0, 19],
      [9, 0],
      [5, 1],
    ]);
  }
  expect(triples(bytes(''), format).user.length).toBe(0);
});

test.each([
  ['an id below the first', '0\t1\t3'],
  ['an id above the last', '21\t1\t3'],
  ['an item above the last', '1\t11\t3'],
  ['a rating out of range', '1\t1\t6'],
  ['a missing field', '1\t3'],
  ['an empty rating', '1\t1\t'],
  ['words', 'user\titem\trating'],
  ['another separator', '1,1,3'],
  ['a field too many', '1\t1\t3\t4'],
])('%s is refused with file and line', (_, line) => {
  const read = () => triples(bytes(`1\t1\t3\n${line}\n2\t2\t2\n`), format);
  expect(read).toThrow(`'${line.trim()}' is not a line of Some set`);
  try {
    read();
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad-data', where: 'some/file.txt, line 2' });
  }
});

test('a watch ratio just below a whole number stays below it in 32 bits', () => {
  const { rating } = triples(bytes('0,0,0.99999999\n0,1,1.0\n19,9,2.5e0\n3,3,0.125\n'), ratios);
  expect(rating[0]).toBeLessThan(1);
  expect(rating[0]).toBeGreaterThan(0.9999999);
  expect([...rating].slice(1)).toEqual([1, 2.5, 0.125]);
});

/** Rows in the format of Yahoo! R3: `perRating[r - 1]` rows with rating r, over the first `users` users in turn. */
function yahooText(perRating: readonly number[], users: number): string {
  const lines: string[] = [];
  for (const [r, count] of perRating.entries())
    for (let n = 0; n < count; n++)
      lines.push(`${(lines.length % users) + 1}\t${(Math.floor(lines.length / users) % 1000) + 1}\t${r + 1}`);
  return `${lines.join('\n')}\n`;
}
const yahooTrain = [97_844, 39_652, 49_131, 48_480, 76_597];
const yahooTest = [28_417, 13_064, 7_770, 3_371, 1_378];

test('files with the counts of Yahoo! R3 are taken', async () => {
  const files = {
    train: file('train.txt', yahooText(yahooTrain, 15_400)),
    test: file('test.txt', yahooText(yahooTest, 5_400)),
  };
  const { log, uniform, shape, userIds, itemIds } = await runNode(yahooR3, {}, {}, { files });
  expect([log.user.length, uniform.user.length]).toEqual([311_704, 54_000]);
  expect(shape).toEqual({ users: 15_400, items: 1_000 });
  expect([userIds.id[0], userIds.id.length, itemIds.id[999]]).toEqual(['1', 15_400, '1000']);
  expect([log.user[15_399], log.item[15_400], log.rating[0]]).toEqual([15_399, 1, 1]);
});

test.each([
  [
    'rows',
    [97_843, 39_652, 49_131, 48_480, 76_597],
    15_400,
    'holds 311703 rows, and that file of Yahoo! R3 has 311704',
  ],
  ['users', yahooTrain, 15_399, 'holds 15399 users, and that file of Yahoo! R3 has 15400'],
  [
    'ratings of a value',
    [97_844, 39_653, 49_130, 48_480, 76_597],
    15_400,
    'holds 39653 ratings of 2, and that file of Yahoo! R3 has 39652',
  ],
])('a Yahoo! R3 file with another number of %s is refused', async (_, perRating, users, message) => {
  const files = { train: file('short.txt', yahooText(perRating, users)), test: file('none.txt', '') };
  await expect(runNode(yahooR3, {}, {}, { files })).rejects.toThrow(
    `yahoo/ydata-ymusic-rating-study-v1_0-train.txt ${message}`,
  );
});

/** Rows in the format of KuaiRec's test file. */
function kuaiText(rows: number, users: number, items: number): string {
  const lines = Array.from({ length: rows }, (_, n) => `${n % users},${n % items},${(n % 7) / 4}`);
  return `${lines.join('\n')}\n`;
}

test('KuaiRec is refused when a file is cut short, and the small one is looked at first', async () => {
  const log = file('user.txt', '0,0,1.5\n7175,10727,0.2\n');
  const refused = (uniform: string) =>
    expect(runNode(kuairec, {}, {}, { files: { log, uniform: file('random.txt', uniform) } })).rejects;
  await refused('0,0,1.5\n').toThrow('kuairec/random.txt holds 1 rows, and that file of KuaiRec has 117113');
  await refused(kuaiText(117_113, 1_400, 2_519)).toThrow('holds 1400 users, and that file of KuaiRec has 1411');
  await refused(kuaiText(117_113, 1_411, 2_500)).toThrow('holds 2500 items, and that file of KuaiRec has 2519');
  await refused(kuaiText(117_113, 1_411, 2_519)).toThrow(
    'kuairec/user.txt holds 2 rows, and that file of KuaiRec has 12530806',
  );
  await refused('0,0,-1\n').toThrow("'0,0,-1' is not a line of KuaiRec");
});

test('the survey of Yahoo! R3 becomes a one-hot field a question, and a line that is no seven answers is refused', async () => {
  const answers = (line: string) =>
    file('survey.txt', `${[line, ...Array.from({ length: 5399 }, () => '1 2 3 4 5 1 2')].join('\n')}\n`);
  const { users, userFeatures } = await runNode(
    yahooR3Survey,
    {},
    {},
    { files: { answers: answers('5 1 1 1 1 1 3') } },
  );
  expect([...users.feature.slice(0, 14)]).toEqual([4, 5, 10, 15, 20, 25, 32, 0, 6, 12, 18, 24, 25, 31]);
  expect([...users.row.slice(0, 14)]).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1]);
  expect(userFeatures.id).toHaveLength(35);
  const refused = (line: string) =>
    expect(runNode(yahooR3Survey, {}, {}, { files: { answers: answers(line) } })).rejects;
  await refused('5 1 1 1 1 1').toThrow("'5 1 1 1 1 1' is not 7 answers from 1 to 5");
  await refused('6 1 1 1 1 1 1').toThrow('is not 7 answers');
  await expect(
    runNode(yahooR3Survey, {}, {}, { files: { answers: file('short.txt', '1 1 1 1 1 1 1\n') } }),
  ).rejects.toThrow('the survey has 1 lines, and Yahoo! R3 has 5400');
});

test('KuaiRand keeps users and videos with ten rows, the first of equal pairs, and categories without gaps', async () => {
  const head = 'user_id,video_id,date,is_click';
  // users 7 and 9 see videos 100..110; 9 sees 110 twice; video 200 is seen once, user 3 sees one video
  const shown = [7, 9].flatMap((user) => Array.from({ length: 10 }, (_, n) => `${user},${100 + n},20220408,${n % 2}`));
  const early = file('early.csv', `${[head, ...shown, '3,100,20220408,1'].join('\n')}\n`);
  const more = Array.from({ length: 10 }, (_, user) => `${20 + user},100,20220501,1`);
  const all = Array.from({ length: 10 }, (_, u) =>
    Array.from({ length: 10 }, (__, n) => `${20 + u},${100 + n},1,0`),
  ).flat();
  const late = file('late.csv', `${[head, ...more, ...all, '9,109,20220501,0'].join('\n')}\n`);
  const random = file('random.csv', `${[head, '9,100,1,1', '9,100,1,0', '3,100,1,1', '9,200,1,1'].join('\n')}\n`);
  const columns = 'user_id,user_active_degree,is_live_streamer,register_days,onehot_feat1,onehot_feat3,onehot_feat4';
  const people = [7, 9, ...Array.from({ length: 10 }, (_, n) => 20 + n)].map(
    (user) => `${user},${user === 7 ? 'full' : 'high'},${user === 9 ? -124 : 1},5,${user % 3},1,${user === 7 ? '' : 2}`,
  );
  const files = { early, late, random, features: file('people.csv', `${[columns, ...people].join('\n')}\n`) };
  const { log, uniform, shape, userIds, itemIds, users, userFeatures } = await runNode(kuairand, {}, {}, { files });
  expect(shape).toEqual({ users: 12, items: 10 });
  expect([userIds.id[0], userIds.id[11], itemIds.id[9]]).toEqual(['7', '29', '109']);
  expect(log.user.length).toBe(120);
  expect([[...uniform.user], [...uniform.item], [...uniform.rating]]).toEqual([[1], [0], [1]]);
  expect(userFeatures.id).toEqual([
    'user_active_degree:full',
    'user_active_degree:high',
    'is_live_streamer:0',
    'is_live_streamer:1',
    'onehot_feat1:0',
    'onehot_feat1:1',
    'onehot_feat1:2',
  ]);
  expect(users.row.length).toBe(36);
  const bad = file('bad.csv', `${head}\n7,100,1,2\n`);
  await expect(runNode(kuairand, {}, {}, { files: { ...files, early: bad } })).rejects.toThrow(
    "'7,100,2' is no user, video and click",
  );
});
