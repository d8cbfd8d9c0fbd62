import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenWorkshop, openWorkshop } from '../../compose.ts';
import type { Event } from '../../core/events.ts';
import { closeChecked } from '../../core/pipeline/roles.ts';
import { memoryStore } from '../../core/testing/index.ts';
import { latestPerItem } from '../../nodes/splits/latest-per-item.ts';
import { perUserSplit } from '../../nodes/splits/per-user.ts';
import { temporalSplit } from '../../nodes/splits/temporal.ts';
import { uniformSlice } from '../../nodes/splits/uniform-slice.ts';
import { clicksMf } from '../../pipelines/clicks/mf.ts';
import { ips } from '../../pipelines/dt/ips.ts';
import { mf } from '../../pipelines/dt/mf.ts';
import { floorItemMean, floorRandom } from '../../pipelines/floors.ts';
import { fileProtocol, type OwnData } from '../../pipelines/own-data.ts';
import { report, run } from '../../run.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterpoise-own-data-'));
const events: Event[] = [];
let workshop: OpenWorkshop;
beforeAll(async () => {
  workshop = await openWorkshop({ store: memoryStore(), jobs: 0, reporters: [(event) => events.push(event)] });
});
afterAll(async () => {
  await workshop.close();
  rmSync(folder, { recursive: true, force: true });
});

/** 40 users, ids beyond 2^53, 10 ratings each; who likes what follows from the numbers. */
const lines = (of = 40) =>
  Array.from({ length: of * 10 }, (_, n) => {
    const [user, item] = [Math.floor(n / 10), (n * 7) % 25];
    return `${9007199254740993n + BigInt(user)},sku-${item},${1 + ((item + user) % 5)},${1_600_000_000 + ((n * 37) % 400)}`;
  });
const write = (name: string, rows = lines(), header = 'customer_id,sku,stars,ts') => {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `${header}\n${rows.join('\n')}\n`);
  return path;
};
const writeClicks = (name: string) =>
  write(
    name,
    lines().map((line) => line.split(',').slice(0, 2).join(',')),
    'user,item',
  );
type Clicks = { readonly user: Uint32Array; readonly item: Uint32Array };
const pairsOf = ({ user, item }: Clicks): string[] => Array.from(user, (u, row) => `${u} ${item[row]}`);
const statuses = (of: {
  readonly [report]: { readonly steps: readonly (readonly { readonly status: string }[])[] };
}) => [...new Set(of[report].steps.flat().map(({ status }) => status))];

describe('a plain file', () => {
  test('closes a method in one call, and is measured with ids that lead back', async () => {
    const result = await run(ips.on(fileProtocol(write('ratings.csv'))), { workshop });
    const { metrics } = result.metrics;
    const auc = metrics.value[metrics.metric.indexOf('auc')];
    expect(auc).toBeGreaterThan(0);
    expect(auc).toBeLessThanOrEqual(1);
    const raw = (result as unknown as Record<string, { userIds: { id: string[] } }>)['data.raw'];
    expect(raw?.userIds.id.slice(0, 2)).toEqual(['9007199254740993', '9007199254740994']);
  });
  test('is cached the second time, and so is a copy under another name and in another folder', async () => {
    const original = write('twice.csv');
    await run(floorItemMean.on(fileProtocol(original)), { workshop });
    expect(statuses(await run(floorItemMean.on(fileProtocol(original)), { workshop }))).toEqual(['cached']);
    const copy = write("else where/it's a *copy*.csv");
    expect(statuses(await run(floorItemMean.on(fileProtocol(copy)), { workshop }))).toEqual(['cached']);
  });
  test('is read again when a rating changes', async () => {
    const path = write('edited.csv');
    await run(floorItemMean.on(fileProtocol(path)), { workshop });
    write('edited.csv', lines().with(0, '9007199254740993,sku-0,5,1600000000'));
    const { steps } = (await run(floorItemMean.on(fileProtocol(path)), { workshop }))[report];
    expect(steps[0]?.find(({ step }) => step.name === 'data.raw')?.status).toBe('computed');
  });
  test('gives a fifth of each user to the test and says which ratings are positive', async () => {
    events.length = 0;
    const result = await run(floorRandom.on(fileProtocol(write('fifth.csv', lines(30)))), { workshop });
    const { split } = { split: (result as unknown as Record<string, { test: { user: Uint32Array } }>)['data.split'] };
    expect(split?.test.user).toHaveLength(60);
    const said = events.flatMap((event) =>
      event.event === 'step-log' && event.level === 'warn' ? [event.message] : [],
    );
    expect(said).toContainEqual(expect.stringContaining('ratings of 4 and more count as positive'));
  });
  test('takes a threshold like any setting', async () => {
    const set = { 'data.labels': { threshold: 2 } };
    const result = await run(floorRandom.on(fileProtocol(write('set.csv'))), { workshop, set });
    const labels = (result as unknown as Record<string, { train: { rating: Float32Array } }>)['data.labels'];
    expect(labels?.train.rating.reduce((a, b) => a + b, 0)).toBe(320);
  });
  test('called like a data set of the catalogue takes none of its settings', () => {
    const { graph } = ips.on(fileProtocol('coat.csv'));
    expect(graph.settings?.[graph.evaluation?.dataset ?? '']).toBeUndefined();
    expect(graph.protocol).toBe('file-coat');
  });
  test('that is not there is named with its path', async () => {
    const path = join(folder, 'none.csv');
    await expect(run(mf.on(fileProtocol(path)), { workshop })).rejects.toMatchObject({
      code: 'missing-data',
      message: `the file '${path}' is not there`,
      hint: expect.stringContaining('check the path'),
    });
  });
  test('whose ending says nothing is refused before anything runs', () => {
    expect(() => fileProtocol('ratings.xls')).toThrow(
      "the ending of 'ratings.xls' does not tell how the file is written",
    );
  });
});

describe('the files of several roles', () => {
  const card = (more: Partial<OwnData> = {}): OwnData => ({
    name: 'shop',
    roles: { train: { file: 'train.csv' }, test: { file: 'test.csv' }, uniform: { file: 'uniform.csv' } },
    ...more,
  });
  const some = () => {
    const all = lines();
    write('train.csv', all.slice(0, 300));
    write('test.csv', all.slice(290, 400));
    write('uniform.csv', all.slice(0, 20));
  };
  test('share ids and a threshold, and the test stays whole', async () => {
    some();
    events.length = 0;
    const result = await run(floorItemMean.on(fileProtocol(card({ positive: 3 }), folder)), { workshop });
    const steps = result as unknown as Record<string, Record<string, { user: Uint32Array; rating: Float32Array }>>;
    expect(steps['data.split']?.test?.user).toHaveLength(110);
    expect(steps['data.labels']?.uniform?.user).toHaveLength(20);
    expect((steps['data.raw'] as unknown as { shape: unknown }).shape).toEqual({ users: 40, items: 25 });
    const said = events.flatMap((event) =>
      event.event === 'step-log' && event.level === 'warn' ? [event.message] : [],
    );
    expect(said).toEqual([
      'the test part has 10 users (100 rows) without a row in train; they are kept',
      '10 test rows of pairs that train knows; they are kept, and flatter every method',
    ]);
  });
  test('may have a split of their own', async () => {
    some();
    const own = card({ roles: { train: { file: 'train.csv' } }, split: { node: temporalSplit, with: { test: 0.1 } } });
    const result = await run(floorRandom.on(fileProtocol(own, folder)), { workshop });
    const { train, test: later } = (result as unknown as Record<string, Record<string, { time: BigInt64Array }>>)[
      'data.split'
    ]!;
    const last = [...train!.time].reduce((a, b) => (a > b ? a : b));
    expect(later!.time.every((time) => time > last)).toBe(true);
  });
  test('refuse a split that does not divide ratings', () => {
    expect(() => fileProtocol(card({ roles: { train: { file: 'a.csv' } }, split: { node: uniformSlice } }))).toThrow(
      "'splits/uniform-slice' does not divide ratings into train and test",
    );
  });
  test('of implicit feedback rank all items that train does not know', async () => {
    writeClicks('clicks.csv');
    const own: OwnData = { name: 'clicks', roles: { train: { file: 'clicks.csv' } }, feedback: 'implicit' };
    const result = await run(floorRandom.on(fileProtocol(own, folder)), { workshop });
    const steps = result as unknown as Record<string, Record<string, { user: Uint32Array; rating: Float32Array }>>;
    expect(new Set(steps['data.split']?.train?.rating)).toEqual(new Set([1]));
    // each of 40 users has 8 of 25 items in train
    expect(steps['data.candidates']?.pairs?.user).toHaveLength(40 * 17);
  });
  test('of implicit feedback keep a few clicks for choosing epochs, which are not ranked at the test', async () => {
    writeClicks('liked.csv');
    const own: OwnData = { name: 'liked', roles: { train: { file: 'liked.csv' } }, feedback: 'implicit' };
    const small = clicksMf.as('small').configure({ model: { width: 4, epochs: 20, batch: 64 } });
    const closed = closeChecked(small, fileProtocol(own, folder));
    const result = (await run(closed as never, { workshop })) as Record<string, Record<string, Clicks>>;
    const [split, kept] = [result['data.split']!, result['data.selection']!];
    expect(kept.test!.user.length).toBeGreaterThan(0);
    expect(kept.train!.user.length + kept.test!.user.length).toBe(split.train!.user.length);
    const listed = new Set(pairsOf(result.lists!.lists!));
    expect(listed.size).toBeGreaterThan(0);
    for (const pair of pairsOf(split.train!)) expect(listed).not.toContain(pair);
    expect((result.metrics as unknown as { metrics: { definition: string[] } }).metrics.definition).toContain('macr');
  });
  test('of implicit feedback keep nothing where rated pairs alone are ranked', () => {
    const roles = { train: { file: writeClicks('rated-only.csv') } };
    const given = fileProtocol({ name: 'rated-only', roles, feedback: 'implicit', candidates: 'rated' }, folder);
    expect(Object.keys(given.gives)).not.toContain('valid');
    expect(given.evaluation).toMatchObject({ evaluation: 'dt-icde24', candidates: 'rated' });
  });
  test('of ratings say to methods on clicks how clicks are given', () => {
    const given = fileProtocol(write('rated.csv'));
    expect(() => closeChecked(clicksMf, given)).toThrow(
      expect.objectContaining({ code: 'missing-role', hint: expect.stringContaining('feedback: implicit') }),
    );
  });
  test('of implicit feedback choose epochs on a file or a part of the split where there is one', async () => {
    writeClicks('shown.csv');
    writeClicks('later.csv');
    const train = { file: 'shown.csv' };
    const byFile = fileProtocol(
      { name: 'shown', roles: { train, validation: { file: 'later.csv' } }, feedback: 'implicit' },
      folder,
    );
    const split = { node: perUserSplit, with: { test: 0.2, validation: 0.1 } };
    const bySplit = fileProtocol({ name: 'shown', roles: { train }, feedback: 'implicit', split }, folder);
    for (const [given, from] of [
      [byFile, 'data.labels.validation'],
      [bySplit, 'data.split.validation'],
    ] as const) {
      const { steps } = closeChecked(clicksMf, given).graph;
      expect(Object.keys(steps)).not.toContain('data.selection');
      expect(steps.model?.wires.selection?.from).toBe(from);
    }
  });
  test('take the settings that a split has, and not those of another one', async () => {
    write('dated.csv');
    const roles = { train: { file: 'dated.csv' } };
    const own: OwnData = { name: 'dated', roles, split: { node: latestPerItem } };
    const result = await run(floorRandom.on(fileProtocol(own, folder)), { workshop });
    const { train, test } = (result as unknown as Record<string, Record<string, { user: Uint32Array }>>)['data.split']!;
    expect(train!.user.length + test!.user.length).toBe(lines().length);
  });
});
