/** Semi-synthetic MovieLens 100K through the runner, with a coarse completion: what is shared, and what is measured. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenWorkshop, openWorkshop } from '../../compose.ts';
import { trial } from '../../core/plan/resolve.ts';
import { execute, makePlan } from '../../core/run/run.ts';
import { memoryStore } from '../../core/testing/index.ts';
import { mf } from '../../pipelines/dt/mf.ts';
import { dtDrOracle } from '../../pipelines/dt/oracles.ts';
import { ml100kSemi } from '../../pipelines/protocols/ml-100k-semi.ts';
import { metricRows } from '../../pipelines/results.ts';

const data = resolve(process.env.COUNTERPOISE_DATA ?? '../shared/data');
const lacking = !existsSync(join(data, 'ml-100k/u.data'));
if (lacking) console.warn('MovieLens 100K is not in the data folder (COUNTERPOISE_DATA): its completion is not tested');

let workshop: OpenWorkshop;
beforeAll(async () => {
  workshop = await openWorkshop({ store: memoryStore(), jobs: 0, data });
});
afterAll(() => workshop.close());

const coarse = { 'data.complete': { width: 4, epochs: 3, rate: 0.05 }, model: { epochs: 1 } };
type Choice = { readonly rho: number; readonly axis: 'fixed' | 'as-coded'; readonly labels: 'soft' | 'bernoulli' };
const trialsFor = ({ rho, axis, labels }: Choice) =>
  [mf.on(ml100kSemi), dtDrOracle.on(ml100kSemi)].map((method) =>
    trial(method, { seed: 1, set: { ...coarse, 'data.selection': { rho, labels }, 'data.truth': { axis } } }),
  );
/** What a run would do for mf, by step. */
const planned = (choice: Choice) =>
  new Map(makePlan(trialsFor(choice), workshop).steps[0]?.map(({ step, status }) => [step.name, status]));

test.skipIf(lacking)(
  'every pair is measured against its truth, and what was made once serves every rho, axis and label',
  async () => {
    const base: Choice = { rho: 2, axis: 'fixed', labels: 'soft' };
    const trials = trialsFor(base);
    const report = await execute(trials, workshop, { command: 'test' });
    expect(report.outcome).toBe('ok');
    const named = trials.map((one) => ({ trial: one, label: one.pipeline.name, seed: 1, floor: false }));
    const rows = await metricRows(named, report);
    for (const method of ['mf', 'dt-dr-oracle']) {
      const mse = rows.find(({ pipeline, metric }) => pipeline === method && metric === 'mse');
      expect(mse?.definition).toBe('soft-truth');
      expect(mse?.value).toBeLessThan(0.3);
      expect(rows.find(({ pipeline, metric }) => pipeline === method && metric === 'auc')?.value).toBeNull();
    }
    const scores = await report.output(0, 'scores', 'scores');
    expect(scores.port === 'table' && scores.frame.rows).toBe(943 * 1682);

    const coded = planned({ ...base, axis: 'as-coded' });
    for (const step of ['data.complete', 'data.preference', 'data.selection', 'model', 'scores'])
      expect(coded.get(step), step).toBe('cached');
    expect(coded.get('data.truth')).not.toBe('cached');
    for (const choice of [
      { ...base, rho: 3 },
      { ...base, labels: 'bernoulli' },
    ] as const) {
      const other = planned(choice);
      expect([other.get('data.complete'), other.get('data.preference')]).toEqual(['cached', 'cached']);
      expect(other.get('data.selection')).not.toBe('cached');
    }
  },
  300_000,
);
