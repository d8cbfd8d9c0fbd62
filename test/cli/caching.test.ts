/** What is computed, what is not, and what the tool says about it beforehand. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answer, counterpoise, type Document, tiny, tinyModel, tinyPropensity } from './face.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterpoise-caching-'));
const store = ['--store', join(folder, 'store')];
const sets = [...tiny, ...tinyModel, ...tinyPropensity, ...store];
const ips = ['ips', ...sets, '--no-floors'];

interface Row {
  readonly pipeline: string;
  readonly step: string;
  readonly status: string;
  readonly reason?: string;
  readonly key: string | null;
}
const rows = (document: Document): readonly Row[] => document.steps;
const named = (document: Document, ...statuses: readonly string[]) =>
  rows(document)
    .filter(({ status }) => statuses.includes(status))
    .map(({ step }) => step);
const ran = (document: Document) => named(document, 'computed');

beforeAll(async () => {
  const { code, err } = await answer('run', ...ips);
  expect(code, err).toBe(0);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a run that is repeated executes no step, and measures the same', async () => {
  const first = await answer('run', ...ips);
  const second = await answer('run', ...ips);
  expect(named(second.document, 'cached')).toHaveLength(rows(second.document).length);
  expect(ran(second.document)).toEqual([]);
  expect(second.document.metrics).toEqual(first.document.metrics);
});

test('plan says which steps a changed setting reruns and why, and run computes nothing that plan called cached', async () => {
  const changed = [...ips, '--set', 'weights.clip=0.1'];
  const { document: plan } = await answer('plan', ...changed);
  expect(Object.fromEntries(rows(plan).map(({ step, status, reason }) => [step, reason ?? status]))).toEqual({
    'data.raw': 'cached',
    'data.train': 'cached',
    'data.test': 'cached',
    'data.candidates': 'cached',
    'data.evaluation': 'cached',
    propensity: 'cached',
    diagnosis: 'cached',
    weights: 'changed: config.clip',
    model: "'weights' is computed first",
    scores: "'model' is computed first",
    metrics: "'scores' is computed first",
  });
  expect(plan.counts).toEqual({ cached: 7, stale: 1, new: 0, pending: 3 });
  const { out } = await counterpoise('plan', ...changed);
  expect(out).toMatch(/weights +weights\/inverse-propensity +stale +changed: config\.clip/);

  const { document: run } = await answer('run', ...changed);
  const promised = new Set(named(plan, 'cached'));
  expect(ran(run).filter((step) => promised.has(step))).toEqual([]);
  expect(ran(run)).toContain('weights');
});

test('a change that alters no output stops there: the rest turns out cached', async () => {
  // no propensity lies below either of these
  const first = await answer('run', ...ips, '--set', 'weights.clip=0.000001');
  expect(first.code).toBe(0);
  const { document } = await answer('run', ...ips, '--set', 'weights.clip=0.0000001');
  expect(ran(document)).toEqual(['weights']);
});

test('explain names the field that differs, and what it is', async () => {
  const words = ['ips', 'weights', ...ips.slice(1).filter((word) => !['--jobs', '0', '--no-floors'].includes(word))];
  const changed = [...words, '--set', 'weights.clip=0.07'];
  const { document } = await answer('explain', ...changed);
  expect(document).toMatchObject({ step: 'weights', status: 'stale', reason: 'changed: config.clip' });
  expect(document.differences).toEqual([expect.objectContaining({ field: 'config.clip', now: 0.07 })]);
  const { out } = await counterpoise('explain', ...changed);
  expect(out).toMatch(/config\.clip +\S+ +0\.07 +setting 'clip'/);

  const waiting = await answer('explain', 'ips', 'model', ...changed.slice(2));
  expect(waiting.document).toMatchObject({ status: 'pending', differences: [] });
  expect(waiting.document.reason).toContain("before 'weights' (changed: config.clip) has run");
  expect(waiting.document.waitsFor).toEqual([
    expect.objectContaining({
      step: 'weights',
      differences: [expect.objectContaining({ field: 'config.clip', now: 0.07 })],
    }),
  ]);
  expect((await answer('explain', ...words)).document.status).toBe('cached');
});

test('the seed of training leaves data alone; the seed of the data does not', async () => {
  const { document: trained } = await answer('plan', ...ips, '--seed', '8');
  expect(named(trained, 'cached')).toEqual([
    'data.raw',
    'data.train',
    'data.test',
    'data.candidates',
    'data.evaluation',
  ]);
  const { document: simulated } = await answer('plan', ...ips, '--data-seed', '8');
  expect(rows(simulated).find(({ step }) => step === 'data.raw')?.reason).toBe('changed: seed');
});

test('methods share the steps of their protocol, and equal steps of their own', async () => {
  const { document } = await answer('run', 'ips', 'snips', ...sets, '--no-floors');
  const snips = rows(document).filter(({ pipeline }) => pipeline === 'snips');
  expect(snips.filter(({ status }) => status === 'cached').map(({ step }) => step)).toEqual([
    'data.raw',
    'data.train',
    'data.test',
    'data.candidates',
    'data.evaluation',
    'propensity',
    'diagnosis',
    'weights',
  ]);
});

describe('what to run', () => {
  test('--only computes a step with what it needs', async () => {
    const { document } = await answer('run', ...ips, '--only', 'weights');
    expect(rows(document).map(({ step }) => step)).toEqual(['data.raw', 'data.train', 'propensity', 'weights']);
    expect(document.metrics).toEqual([]);
  });

  test('--until leaves out what follows a step', async () => {
    const { document } = await answer('run', ...ips, '--until', 'model');
    const steps = rows(document).map(({ step }) => step);
    expect(steps).toContain('model');
    expect(steps).not.toContain('scores');
    expect(steps).not.toContain('metrics');
  });

  test('--force with a name computes that step again, and its equal result feeds nothing new', async () => {
    const { document } = await answer('run', ...ips, '--force', 'weights');
    expect(ran(document)).toEqual(['weights']);
    const { document: plan } = await answer('plan', ...ips, '--force', 'weights');
    expect(rows(plan).find(({ step }) => step === 'weights')).toMatchObject({ status: 'stale', reason: 'forced' });
  });

  test('--force alone computes everything again, with the same keys and metrics', async () => {
    const before = await answer('run', ...ips);
    const { document } = await answer('run', ...ips, '--force');
    expect(ran(document)).toHaveLength(rows(document).length);
    expect(rows(document).map(({ key }) => key)).toEqual(rows(before.document).map(({ key }) => key));
    expect(document.metrics).toEqual(before.document.metrics);
  });

  test('a step that is not there is refused with what was probably meant, by each of them', async () => {
    for (const option of ['--only', '--until', '--force']) {
      const { code, document } = await answer('run', ...ips, option, 'wieghts');
      expect([option, code]).toEqual([option, 2]);
      expect(document.error.hint).toContain("did you mean 'weights'");
    }
  });

  test('--on-error stop starts nothing more; otherwise independent branches go on', async () => {
    const broken = ['mf', ...tiny, ...store, '--set', 'model.epochs=3', '--no-floors', '--on-error'];
    writeFileSync(join(folder, 'plugin.ts'), failing);
    const words = ['bad', ...broken, 'stop', '--plugin', join(folder, 'plugin.ts')];
    const stopped = (await answer('run', ...words, '--seed', '21')).document;
    expect(stopped.error.message).toContain('told to');
    expect(named(stopped, 'skipped')).toContain('metrics');
    const onward = (await answer('run', ...words.map((word) => (word === 'stop' ? 'continue' : word)), '--seed', '21'))
      .document;
    expect(onward.error).toMatchObject({ message: 'told to fail' });
    const mf = rows(onward).filter(({ pipeline }) => pipeline === 'mf');
    expect(new Set(mf.map(({ status }) => status))).toEqual(new Set(['computed', 'cached']));
    expect(onward.metrics.map((row: Row) => row.pipeline)).toContain('mf');
    expect(onward.ok).toBe(false);
  });
});

const failing = `import { node, pipeline, Problem, u32, table } from 'counterpoise';
import { Labels } from 'counterpoise/nodes';
export const fails = node('own/fails', { doc: 'Fails.', in: { train: Labels }, out: { none: table({ none: u32 }) }, run() { throw new Problem('step-failed', 'told to fail'); } });
export const bad = pipeline('bad', { needs: { train: Labels } }).step('fails', fails, (up) => ({ train: up.train }));
`;
