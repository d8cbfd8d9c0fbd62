import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenWorkshop, openWorkshop } from '../../compose.ts';
import { protocol } from '../../core/index.ts';
import { closeChecked } from '../../core/pipeline/roles.ts';
import { trialsOf } from '../../core/plan/trials.ts';
import { execute, firstFailure } from '../../core/run/run.ts';
import { simulated } from '../../nodes/datasets/simulated.ts';
import { definition } from '../../nodes/evaluation/definition.ts';
import { metricRows } from '../../pipelines/results.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterpoise-clicks-'));
let shop: OpenWorkshop;
beforeAll(async () => {
  shop = await openWorkshop({ store: folder, jobs: 0 });
}, 120_000);
afterAll(async () => {
  await shop.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What was rated in a small simulation counts as clicked. */
const clicked = protocol('clicked-simulation', { dataset: 'simulated', evaluation: 'macr', floors: [] })
  .step('raw', simulated, () => ({}), { users: 50, items: 30, density: 0.2 })
  .step('evaluation', definition, () => ({}), { preset: 'macr', cutoffs: [5] })
  .gives((up) => ({
    train: up.raw.log,
    test: up.raw.uniform,
    valid: up.raw.uniform,
    known: up.raw.log,
    shape: up.raw.shape,
    evaluation: up.evaluation.evaluation,
  }));

const onFactors = ['mf', 'bpr-mf', 'softmax-mf', 'bs-mf', 'ipw-mf', 'ipw-mf-as-coded', 'reg-mf', 'cause-mf'];
const onGraph = ['lightgcn', 'ipw-lightgcn', 'ipw-lightgcn-as-coded', 'reg-lightgcn', 'cause-lightgcn'];
const names = [...onFactors, ...onGraph].map((name) => `clicks-${name}`);
const macr = ['macr-mf', 'macr-mf-paired', 'macr-mf-no-user-branch', 'macr-mf-no-item-branch', 'macr-lightgcn'];

const measured = async (methods: readonly string[], set: Readonly<Record<string, unknown>>) => {
  const trials = trialsOf({
    methods: methods.map((name) => shop.registry.pipeline(name)),
    floors: [],
    close: (pipeline) => closeChecked(pipeline, clicked),
    seeds: [1],
    dataSeed: 0,
    grid: {},
    set: Object.entries(set).map(([path, value]) => ({ path, value })),
  });
  const done = await execute(
    trials.map(({ trial }) => trial),
    shop,
    { command: 'test' },
  );
  const failure = firstFailure(done);
  if (failure) throw failure;
  return (await metricRows(trials, done)).filter(({ metric, k }) => metric === 'hr' && k === 5);
};
const quick = { 'model.width': 4, 'model.batch': 64, 'model.epochs': 2 };

test('every method on clicks trains and is measured on lists of all items', async () => {
  const rows = await measured([...names, ...macr], quick);
  expect(rows.map(({ pipeline }) => pipeline)).toEqual([...names, ...macr]);
  for (const { value } of rows) expect(value).toBeGreaterThan(0);
}, 60_000);

test('ExpoMF is fitted and measured beside them', async () => {
  const [row] = await measured(['clicks-expomf'], { 'model.width': 4, 'model.sweeps': 2 });
  expect(row?.value).toBeGreaterThan(0);
}, 60_000);

test('a constant is chosen on the trained model, which is found in the store', async () => {
  const auto = await measured(['macr-mf'], { ...quick, 'counterfactual.c': 'auto' });
  const backbone = await measured(['macr-mf'], { ...quick, 'counterfactual.readout': 'backbone' });
  expect([auto[0]?.value, backbone[0]?.value].every((value) => (value as number) > 0)).toBe(true);
}, 60_000);
