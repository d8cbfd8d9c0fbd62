import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenWorkshop, openWorkshop } from '../../compose.ts';
import { type AnyPipeline, type AnyProtocol, node, optional, pipeline, protocol } from '../../core/index.ts';
import { withStep } from '../../core/pipeline/graph.ts';
import { type FullTuning, tuningOf } from '../../core/pipeline/tuning.ts';
import { execute } from '../../core/run/run.ts';
import { memoryStore } from '../../core/testing/index.ts';
import { allCandidates } from '../../nodes/candidates/all.ts';
import { simulated } from '../../nodes/datasets/simulated.ts';
import { definition } from '../../nodes/evaluation/definition.ts';
import { randomFloor } from '../../nodes/floors/random.ts';
import { Evaluation, Labels, Pairs, Ratings, Shape } from '../../nodes/ports.ts';
import { uniformSlice } from '../../nodes/splits/uniform-slice.ts';
import type { MetricRow } from '../../nodes/statistics/tidy.ts';
import { clicksMf } from '../../pipelines/clicks/mf.ts';
import { drAsCoded } from '../../pipelines/dt/dr.ts';
import { ips } from '../../pipelines/dt/ips.ts';
import { mf } from '../../pipelines/dt/mf.ts';
import { floorItemMean } from '../../pipelines/floors.ts';
import { adressaValid } from '../../pipelines/protocols/adressa-valid.ts';
import { simulation } from '../../pipelines/protocols/simulation.ts';
import { simulation5590 } from '../../pipelines/protocols/simulation-5-5-90.ts';
import { metricRows } from '../../pipelines/results.ts';
import { type SearchTrial, searchTrials, select } from '../../pipelines/tuning/search.ts';
import { selectionPipeline, selectionProtocol } from '../../pipelines/tuning/selection.ts';

let workshop: OpenWorkshop;
beforeAll(async () => {
  workshop = await openWorkshop({ store: memoryStore(), jobs: 0 });
});
afterAll(() => workshop.close());

const small = [
  { path: 'data.raw.users', value: 60 },
  { path: 'data.raw.items', value: 40 },
  { path: 'model.epochs', value: 4 },
];
const plan = (methods: readonly AnyPipeline[], on: AnyProtocol, tuning: Partial<FullTuning>) =>
  searchTrials({ methods, protocol: on, tuning: tuningOf({ budget: 3, ...tuning }), seed: 1, dataSeed: 0, set: small });
const run = (trials: readonly SearchTrial[]) =>
  execute(
    trials.map(({ trial }) => trial),
    workshop,
    { command: 'test' },
  );
const inputsOf = (trials: readonly SearchTrial[]) =>
  new Set(
    trials.flatMap(({ trial: { steps } }) =>
      steps.flatMap(({ inputs }) => inputs.flatMap(({ from }) => (from ? [`${from.step.name}.${from.output}`] : []))),
    ),
  );

/** The simulation with every label of the test turned around, and of nothing else. */
const turned = node('labels/turned-test', {
  doc: 'Turns labels around.',
  in: { labels: Labels },
  out: { labels: Labels },
  run: ({ labels: { user, item, rating } }) => ({ labels: { user, item, rating: rating.map((label) => 1 - label) } }),
});
const withTurnedTest: AnyProtocol = (() => {
  const { graph, roles } = simulation5590 as AnyProtocol;
  const steps = withStep(graph, 'turned', turned, { labels: roles.test });
  const test = { from: 'turned.labels', port: turned.out.labels, when: 'always there' };
  return { ...(simulation5590 as AnyProtocol), graph: steps, roles: { ...roles, test: test as never } };
})();

test('what is selected does not change when every label of the test is another', async () => {
  const seen = await Promise.all(
    [simulation5590, withTurnedTest].map(async (on) => {
      const trials = plan([mf, drAsCoded], on, {});
      const report = await run(trials);
      expect(report.outcome).toBe('ok');
      return {
        values: select(trials, await metricRows(trials, report), tuningOf({})).trials,
        keys: report.steps.map((row) => row.map(({ key }) => key)),
      };
    }),
  );
  expect(seen[0]?.values.length).toBe(6);
  expect(seen[1]).toEqual(seen[0]);
});

test('every method has the same budget, its own settings first, and the trials are ordinary cached ones', async () => {
  const trials = plan([mf, ips], simulation5590, {});
  expect(trials.map(({ method }) => method)).toEqual(['mf', 'mf', 'mf', 'ips', 'ips', 'ips']);
  expect(trials.map(({ settings }) => Object.keys(settings).length > 0)).toEqual([
    false,
    true,
    true,
    false,
    true,
    true,
  ]);
  const shared = (at: number) => trials[at]?.settings.model?.rate;
  expect([shared(4), shared(5)]).toEqual([shared(1), shared(2)]);
  await run(trials);
  const again = await run(plan([mf, ips], simulation5590, {}));
  expect(new Set(again.steps.flatMap((row) => row.map(({ status }) => status)))).toEqual(new Set(['cached']));
});

test('on validation no step reads the test or its candidates, and reports keep their data to themselves', () => {
  const trials = plan([mf, ips], simulation5590, {});
  const read = inputsOf(trials);
  expect(read).toContain('data.split.validation');
  for (const hidden of ['data.split.test', 'data.candidates.pairs']) expect(read).not.toContain(hidden);
  const given = Object.keys(selectionProtocol(simulation5590, 'validation').gives);
  expect(given).not.toContain('randomised');
  const curious = mf.as('curious', { needs: { randomised: Ratings } });
  expect(() => plan([curious], simulation5590, {})).toThrow("'randomised' is missing");
});

test('on the biased log a fifth of train stands in for the test, and it is neither learnt from nor unweighted', async () => {
  const trials = plan([mf, ips], simulation, { on: 'snips', budget: 1 });
  const read = inputsOf(trials);
  for (const hidden of ['data.test.labels', 'data.candidates.pairs']) expect(read).not.toContain(hidden);
  for (const { trial } of trials) {
    const fed = (step: string) =>
      trial.steps.find(({ name }) => name === step)?.inputs.find(({ name }) => name === 'train');
    expect(`${fed('model')?.from?.step.name}.${fed('model')?.from?.output}`).toBe('data.selection-split.train');
  }
  const rows = await metricRows(trials, await run(trials));
  expect(new Set(rows.map((row) => row.definition))).toEqual(new Set(['dt-icde24+snips']));
  expect(rows.find(({ metric }) => metric === 'auc')?.value).toBeGreaterThan(0);
});

test('a protocol that ranks all items gets all candidates of the validation users', () => {
  const ranked = protocol('ranked', { dataset: 'simulated', evaluation: 'dt-icde24', candidates: 'all', floors: [] })
    .step('raw', simulated, () => ({}))
    .step('split', uniformSlice, (up) => ({ uniform: up.raw.uniform }))
    .step('candidates', allCandidates, (up) => ({ test: up.split.test, train: up.raw.log, shape: up.raw.shape }))
    .step('evaluation', definition, () => ({}), { preset: 'dt-icde24', candidates: 'all' })
    .gives((up) => ({
      train: up.raw.log,
      shape: up.raw.shape,
      validation: up.split.validation,
      test: up.split.test,
      candidates: up.candidates.pairs,
      evaluation: up.evaluation.evaluation,
    }));
  const read = inputsOf(plan([mf], ranked, { budget: 1 }));
  expect(read).toContain('data.selection-candidates.pairs');
  expect(read).not.toContain('data.candidates.pairs');
});

test('methods on clicks are selected on validation clicks, which count as unknown while they are looked for', () => {
  const selection = selectionProtocol(adressaValid, 'validation');
  expect(adressaValid.roles.known).not.toEqual(adressaValid.roles.train);
  expect(selection.roles.known).toEqual(selection.roles.train);
  expect(selection.roles.test).toEqual(adressaValid.roles.validation);
  expect(selectionPipeline(clicksMf, 'validation')).toBe(clicksMf);
  expect(() => selectionPipeline(clicksMf, 'snips')).toThrow("no step 'metrics' measures scores");
});

test('what cannot be selected is refused before anything runs', () => {
  expect(() => plan([mf], simulation, {})).toThrow("protocol 'simulation' gives no role 'validation'");
  expect(() => plan([mf], simulation, { on: 'snips', metric: 'ndcg@5' })).toThrow("'ndcg@5' cannot select on snips");
  expect(() => plan([mf], simulation5590, { metric: 'ndcg' })).toThrow("'ndcg' cannot select on validation");
  expect(() => plan([mf], simulation5590, { metric: 'auc@5' })).toThrow("'auc@5' cannot select on validation");
  const random = pipeline('measures-itself', {
    needs: { candidates: Pairs, test: Labels, evaluation: Evaluation, shape: Shape, train: optional(Pairs) },
  }).step('metrics', randomFloor, (up) => ({
    candidates: up.candidates,
    test: up.test,
    evaluation: up.evaluation,
    shape: up.shape,
  }));
  expect(() => plan([random], simulation5590, {})).toThrow("pipeline 'measures-itself' cannot be tuned");
  expect(() => plan([mf], simulation5590, { spaces: { model: { rate: [-1] } } })).toThrow("setting 'rate'");
});

test('a floor with a setting can be tuned like a method', () => {
  const spaces = { scores: { pseudoCounts: [0, 1, 2, 5, 10] } };
  const trials = searchTrials({
    methods: [floorItemMean],
    protocol: simulation5590,
    tuning: tuningOf({ budget: 9, spaces }),
    seed: 1,
    dataSeed: 0,
    set: [],
  });
  expect(trials.length).toBe(5);
});

const row = (pipeline: string, metric: string, value: number | null, k: number | null = null): MetricRow => ({
  pipeline,
  dataset: 'd',
  protocol: 'p',
  seed: 1,
  metric,
  k,
  definition: 'def',
  value,
});
const trialOf = (method: string, label: string, rate: number) =>
  ({ method, label, settings: rate === 0 ? {} : { model: { rate } }, seed: 1, floor: false }) as unknown as SearchTrial;

test('the best value wins, lower ones where lower is better, the first of equal ones, and failures are counted', () => {
  const trials = [trialOf('mf', 'a', 0), trialOf('mf', 'b', 1), trialOf('mf', 'c', 2), trialOf('mf', 'd', 3)];
  const of = (metric: string, values: readonly (number | null)[]) =>
    select(
      trials,
      values.map((value, n) => row(trials[n]?.label as string, metric, value)),
      tuningOf({ metric }),
    ).methods[0];
  expect(of('auc', [0.5, 0.7, 0.6, 0.7])).toEqual({
    pipeline: 'mf',
    trials: 4,
    failed: 0,
    own: 0.5,
    value: 0.7,
    settings: { model: { rate: 1 } },
  });
  expect(of('logloss', [0.5, 0.7, 0.6])).toMatchObject({ value: 0.5, settings: {}, failed: 1 });
  expect(of('auc', [null, null, 0.6])).toMatchObject({ own: null, value: 0.6, failed: 3 });
  expect(() => of('auc', [null, null])).toThrow("none of the 4 trials of 'mf' has a value of auc");
});
