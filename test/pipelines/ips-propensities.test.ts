import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenWorkshop, openWorkshop } from '../../compose.ts';
import { closeChecked } from '../../core/pipeline/roles.ts';
import { trialsOf } from '../../core/plan/trials.ts';
import { execute } from '../../core/run/run.ts';
import { metricRows } from '../../pipelines/results.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterpoise-propensities-'));
let shop: OpenWorkshop;
beforeAll(async () => {
  shop = await openWorkshop({ store: folder, jobs: 2 });
}, 120_000);
afterAll(async () => {
  await shop.close();
  rmSync(folder, { recursive: true, force: true });
});

async function measured(names: readonly string[], set: { path: string; value: unknown }[] = []) {
  const protocol = shop.registry.protocol('simulation');
  const trials = trialsOf({
    methods: names.map((name) => shop.registry.pipeline(name)),
    floors: [],
    close: (pipeline) => closeChecked(pipeline, protocol),
    seeds: [1],
    dataSeed: 0,
    grid: {},
    set,
  });
  const done = await execute(
    trials.map(({ trial }) => trial),
    shop,
    { command: 'test' },
  );
  expect(done.outcome).toBe('ok');
  const rows = await metricRows(trials, done);
  return (pipeline: string, metric: string) =>
    rows.find((r) => r.pipeline === pipeline && r.metric === metric)?.value as number;
}

describe('IPS with other propensities', { timeout: 240_000 }, () => {
  test('true propensities mend the naive model on the default simulation, in ranking and in calibration', async () => {
    const value = await measured(['mf', 'ips-oracle']);
    expect(value('ips-oracle', 'auc') - value('mf', 'auc')).toBeGreaterThan(0.01);
    expect(value('ips-oracle', 'ndcg') - value('mf', 'ndcg')).toBeGreaterThan(0.015);
    expect(value('mf', 'ece') - value('ips-oracle', 'ece')).toBeGreaterThan(0.02);
  });

  test('every one that needs no more than ratings trains on a small simulation', async () => {
    const small = [
      { path: 'data.raw.users', value: 60 },
      { path: 'data.raw.items', value: 40 },
      { path: 'data.raw.density', value: 0.3 },
      { path: 'model.epochs', value: 20 },
    ];
    const names = ['ips-popularity', 'ips-observation-rates', 'ips-oracle'];
    const value = await measured(names, small);
    for (const name of names) expect(value(name, 'auc'), name).toBeGreaterThan(0.4);
  });

  test.each([
    ['ips-naive-bayes', 'simulation', 'uniform'],
    ['ips-given', 'coat-dt', 'propensities'],
    ['ips-oracle', 'coat-dt', 'truth'],
  ])('%s is refused under %s, which has no role %s', (name, protocol, role) => {
    expect(() => closeChecked(shop.registry.pipeline(name), shop.registry.protocol(protocol))).toThrow(role);
  });

  test.each([
    ['ips-naive-bayes', 'coat-5-5-90'],
    ['ips-given', 'coat-published-propensities'],
  ])('%s asks for the protocol %s on Coat', (name, protocol) => {
    const pipeline = shop.registry.pipeline(name);
    expect(pipeline.graph.settings?.coat?.protocol).toBe(protocol);
    expect(() => closeChecked(pipeline, shop.registry.protocol(protocol))).not.toThrow();
  });
});
