import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomOf } from '../../../core/numeric/index.ts';
import { runNode } from '../../../core/testing/index.ts';
import { evaluate } from '../../../nodes/evaluation/evaluate.ts';
import { definitionOf } from '../../../nodes/evaluation/presets.ts';
import { weightedEvaluate } from '../../../nodes/evaluation/weighted.ts';

const evaluation = definitionOf('dt-icde24', { cutoffs: [5] });
interface Row {
  readonly label: number;
  readonly score: number;
  readonly p: number;
}
/** One user, an item a row. */
function tables(rows: readonly Row[]) {
  const user = new Uint32Array(rows.length);
  const item = Uint32Array.from(rows, (_, n) => n);
  return {
    test: { user, item, rating: Float32Array.from(rows, ({ label }) => label) },
    scores: { user, item, score: Float32Array.from(rows, ({ score }) => score) },
    p: { user, item, p: Float32Array.from(rows, ({ p }) => p) },
    evaluation,
  };
}
type Rows = {
  metric: readonly string[];
  value: Float64Array;
  definition: readonly string[];
  reason: readonly string[];
};
const value = (rows: Rows, name: string) => rows.value[rows.metric.indexOf(name)] as number;

const eighths = fc.integer({ min: 0, max: 8 }).map((n) => n / 8);
const row = fc.record({ label: fc.constantFrom(0, 1), score: eighths, p: fc.constantFrom(0.02, 0.125, 0.5, 1) });

test('weighted AUC and means are what their definitions say, pair by pair', () =>
  fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 2, maxLength: 30 }), async (rows) => {
      const { metrics } = await runNode(weightedEvaluate, tables(rows), { clip: 0.05 });
      const w = rows.map(({ p }) => 1 / Math.max(p, 0.05));
      let [wins, pairs, off, sum] = [0, 0, 0, 0];
      rows.forEach((a, i) => {
        sum += w[i]!;
        off += w[i]! * Math.abs(a.score - a.label);
        rows.forEach((b, j) => {
          if (a.label !== 1 || b.label !== 0) return;
          pairs += w[i]! * w[j]!;
          wins += w[i]! * w[j]! * (a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0);
        });
      });
      if (pairs > 0) expect(value(metrics, 'auc')).toBeCloseTo(wins / pairs, 6);
      else expect(value(metrics, 'auc')).toBeNaN();
      expect(value(metrics, 'mae')).toBeCloseTo(off / sum, 6);
    }),
    { numRuns: 200 },
  ));

test('with equal propensities every number is that of the ordinary evaluator', async () => {
  const rng = randomOf('rows');
  const rows = Array.from({ length: 200 }, () => ({ label: rng.below(2), score: rng.uniform(), p: 0.3 }));
  const given = tables(rows);
  const { metrics } = await runNode(weightedEvaluate, given, {});
  const { p: _, ...ordinary } = given;
  const plain = await runNode(evaluate, { ...ordinary, shape: { users: 1, items: 200 } });
  for (const name of ['auc', 'mse', 'mae', 'logloss'])
    expect(value(metrics, name)).toBeCloseTo(value(plain.metrics, name), 9);
  expect(new Set(metrics.definition)).toEqual(new Set(['dt-icde24+snips']));
});

test('with the true propensities a biased sample says what all pairs say, and without weights it does not', async () => {
  const rng = randomOf('biased');
  const all = Array.from({ length: 40_000 }, () => {
    const label = rng.below(2);
    const good = rng.uniform() < 0.5; // scored well or badly: chosen rows are mostly those that are scored well
    return { label, score: good === (label === 1) ? 0.8 : 0.2, p: good ? 0.4 : 0.05 };
  });
  const seen = all.filter(({ p }) => rng.uniform() < p);
  const truth = await runNode(weightedEvaluate, tables(all.map((r) => ({ ...r, p: 1 }))), {});
  const naive = await runNode(weightedEvaluate, tables(seen.map((r) => ({ ...r, p: 1 }))), {});
  const snips = await runNode(weightedEvaluate, tables(seen), {});
  for (const name of ['auc', 'mse', 'logloss']) {
    expect(Math.abs(value(snips.metrics, name) - value(truth.metrics, name))).toBeLessThan(0.03);
    expect(Math.abs(value(naive.metrics, name) - value(truth.metrics, name))).toBeGreaterThan(0.1);
  }
});

test('tables of other rows, empty ones and scores that are no probabilities are named', async () => {
  const given = tables([
    { label: 1, score: 0.5, p: 0.5 },
    { label: 0, score: 1.5, p: 0.5 },
  ]);
  const { metrics } = await runNode(weightedEvaluate, given, {});
  expect(value(metrics, 'auc')).toBe(0);
  expect(value(metrics, 'logloss')).toBeNaN();
  expect(metrics.reason[metrics.metric.indexOf('logloss')]).toBe('some scores lie outside [0, 1]');
  const turned = { ...given.p, item: Uint32Array.of(1, 0) };
  await expect(runNode(weightedEvaluate, { ...given, p: turned }, {})).rejects.toThrow(
    "'p' does not hold the rows of the test in their order",
  );
  await expect(runNode(weightedEvaluate, tables([]), {})).rejects.toThrow('there is no row to measure on');
});
