/** Several methods in one table: what is paired, what is adjusted, and what does not belong together. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { holm } from '../../nodes/statistics/holm.ts';
import { pairedT } from '../../nodes/statistics/paired-t.ts';
import { answer, counterpoise, type Document, tiny, tinyModel, tinyPropensity } from './face.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterpoise-compare-'));
const store = ['--store', join(folder, 'store')];
const sets = [...tiny, ...tinyModel, ...tinyPropensity, ...store];
const four = ['mf', 'ips', 'snips', 'dr', ...sets, '--seeds', '1..3'];

interface Metric {
  readonly pipeline: string;
  readonly seed: number | null;
  readonly metric: string;
  readonly k: number | null;
  readonly value: number;
}
interface Summary extends Metric {
  readonly n: number;
  readonly failed: number;
  readonly mean: number;
  readonly sd: number;
  readonly delta?: number;
  readonly p?: number;
  readonly pAdjusted?: number;
}
const auc = (rows: readonly Metric[], pipeline: string) =>
  rows.filter((row) => row.pipeline === pipeline && row.metric === 'auc');
const summaryOf = (document: Document, pipeline: string) => auc(document.summary, pipeline)[0] as Summary;

let document: Document;
beforeAll(async () => {
  const said = await answer('compare', ...four);
  expect(said.code, said.err).toBe(0);
  document = said.document;
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('--only and --until ask nothing of pipelines without such a step; a step that none has is refused', async () => {
  const rows = (document: Document) =>
    document.steps
      .filter(({ step }: { step: string }) => !step.startsWith('data.'))
      .map(({ pipeline, step }: { pipeline: string; step: string }) => `${pipeline}.${step}`);
  const one = [...four.slice(0, 2), ...sets, '--seed', '1'];
  expect(rows((await answer('compare', ...one, '--only', 'weights')).document)).toEqual([
    'ips.propensity',
    'ips.weights',
  ]);
  const until = rows((await answer('plan', ...one, '--until', 'weights')).document);
  expect(until).toContain('mf.metrics');
  expect(until).not.toContain('ips.model');
  const { document: refused } = await answer('compare', ...one, '--only', 'wieghts');
  expect(refused.error).toMatchObject({ code: 'unknown-name', message: "pipeline 'mf' has no step 'wieghts'" });
});

test('the record of a run holds the settings that --set gave', async () => {
  const { document: shown } = await answer('show', 'latest', ...store);
  const settings = Object.fromEntries(
    shown.record.pipelines.map(({ pipeline, definition }: Document) => [pipeline, definition.steps.model?.with.epochs]),
  );
  expect(settings).toMatchObject({ ips: 2 });
  expect(shown.record.pipelines[0].definition.steps['data.raw'].with).toMatchObject({ users: 40, items: 30 });
});

test('methods are compared with the first by a paired test over seeds, adjusted after Holm', async () => {
  const values = (pipeline: string) => auc(document.metrics, pipeline).map(({ value }) => value);
  const methods = ['ips', 'snips', 'dr'];
  const ps = await Promise.all(methods.map(async (name) => (await pairedT(values(name), values('mf'))).p));
  for (const [at, name] of methods.entries()) {
    const row = summaryOf(document, name);
    expect(row).toMatchObject({ n: 3, failed: 0 });
    expect(row.p).toBeCloseTo(ps[at] as number, 10);
    expect(row.pAdjusted).toBeCloseTo(holm(ps)[at] as number, 10);
  }
  const base = summaryOf(document, 'mf');
  expect([base.delta, base.p, base.pAdjusted]).toEqual([undefined, undefined, undefined]);
});

test('floors have one row without a seed, a difference, and no part in the adjustment', () => {
  expect(auc(document.metrics, 'floor-item-mean').map(({ seed }) => seed)).toEqual([null]);
  const floor = summaryOf(document, 'floor-item-mean');
  expect(floor.delta).toBeCloseTo(floor.mean - summaryOf(document, 'mf').mean, 10);
  expect(floor.pAdjusted).toBeUndefined();
});

test('the table names the definition, the protocol and the test', async () => {
  const { out } = await counterpoise('compare', ...four);
  expect(out).toContain('simulated under protocol simulation; metrics defined as in dt-icde24');
  expect(out).toMatch(/paired t-test/);
  expect(out).toMatch(/Holm/);
});

test('--baseline names another pipeline, and --test another test', async () => {
  const said = await answer('compare', ...four, '--baseline', 'dr', '--test', 'bootstrap');
  expect(summaryOf(said.document, 'dr').p).toBeUndefined();
  expect(summaryOf(said.document, 'mf').p).toBeGreaterThan(0);
  expect(said.document.steps.every((row: { status: string }) => row.status === 'cached')).toBe(true);
});

test.each([
  [['--baseline', 'ipss'], 'unknown-name', "did you mean 'ips'"],
  [['--test', 'anova'], 'usage', ''],
  [['--on-error', 'ignore'], 'usage', ''],
] as const)('%s is refused before anything runs', async (words, code, hint) => {
  const runs = async () => (await answer('list', 'runs', ...store)).document.entries.length;
  const before = await runs();
  const said = await answer('compare', ...four, '--data-seed', '99', ...words);
  expect(said.document.error.code).toBe(code);
  expect(said.document.error.hint ?? '').toContain(hint);
  expect(await runs()).toBe(before);
});

test('a failed baseline is said, and the results of the others are not lost with it', async () => {
  const plugin = join(folder, 'plugin.ts');
  writeFileSync(plugin, failing);
  const {
    code,
    document: made,
    err,
  } = await answer('compare', 'bad', 'mf', ...sets.slice(0, -4), ...store, '--seeds', '1..2', '--plugin', plugin);
  expect(code, err).toBe(4);
  expect(made.error.message).toBe('told to fail');
  expect(summaryOf(made, 'mf')).toMatchObject({ n: 2, mean: expect.any(Number) });
  expect(summaryOf(made, 'mf')).not.toHaveProperty('p');
});

describe('rows of different protocols', () => {
  const variant = join(folder, 'sliced.yaml');
  beforeAll(() =>
    writeFileSync(variant, 'pipeline: sliced\nextends: ips\nsettings:\n  coat:\n    protocol: coat-5-5-90\n'),
  );

  test('do not get into one table', async () => {
    const { code, document: said } = await answer('compare', 'mf', variant, '--on', 'coat', ...store);
    expect(code).toBe(2);
    expect(said.error.message).toBe("these pipelines name different protocols for 'coat': coat-dt, coat-5-5-90");
    expect(said.error.hint).toContain('--protocol NAME');
  });

  test('are run again under one with --protocol', async () => {
    const {
      code,
      document: said,
      err,
    } = await answer('plan', 'mf', variant, '--on', 'coat', '--protocol', 'coat-dt', ...store, '--data', data ?? '.');
    if (data === undefined) expect(said.error.code).toBe('missing-data');
    else {
      expect(code, err).toBe(0);
      expect(said.steps.some((row: { step: string }) => row.step === 'data.split')).toBe(false);
    }
  });
});

const found = resolve(process.env.COUNTERPOISE_DATA ?? '../shared/data');
const data = existsSync(join(found, 'coat/test.ascii')) ? found : undefined;

test.skipIf(data === undefined)(
  'Coat, if its files are there: methods beside floors, and again from the cache',
  async () => {
    const words = ['mf', 'ips', '--on', 'coat', '--data', data as string, '--jobs', '0', ...store];
    const few = [...words, ...tinyModel, ...tinyPropensity, '--seeds', '1..2'];
    const first = await answer('compare', ...few);
    expect(first.code, first.err).toBe(0);
    expect(first.document.metrics[0]).toMatchObject({ dataset: 'coat', protocol: 'coat-dt', definition: 'dt-icde24' });
    expect(summaryOf(first.document, 'floor-item-user-mean').mean).toBeCloseTo(0.7667, 4);
    const again = await answer('compare', ...few);
    expect(again.document.steps.every((row: { status: string }) => row.status === 'cached')).toBe(true);
    expect(again.document.summary).toEqual(first.document.summary);
  },
);

const failing = `import { Problem, node, pipeline } from 'counterpoise';
import { Evaluation, Labels, Metrics } from 'counterpoise/nodes';
export const fails = node('own/fails', { doc: 'Fails.', in: { train: Labels }, out: { metrics: Metrics }, run() { throw new Problem('step-failed', 'told to fail'); } });
export const bad = pipeline('bad', { needs: { train: Labels } }).step('metrics', fails, (up) => ({ train: up.train }));
`;
