import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runNode } from '../../../core/testing/index.ts';
import { labelSample } from '../../../nodes/imputation/label-sample.ts';
import { prior } from '../../../nodes/imputation/prior.ts';
import { userItemMeans } from '../../../nodes/imputation/user-item-means.ts';
import { propensityDiagnosis } from '../../../nodes/propensity/diagnosis.ts';
import { givenPropensity } from '../../../nodes/propensity/given.ts';
import { naiveBayes } from '../../../nodes/propensity/naive-bayes.ts';
import { observationRates } from '../../../nodes/propensity/observation-rates.ts';
import { popularityPropensity } from '../../../nodes/propensity/popularity.ts';
import { inversePropensity } from '../../../nodes/weights/inverse-propensity.ts';
import { selfNormalised } from '../../../nodes/weights/self-normalised.ts';

const u = (...values: number[]) => Uint32Array.from(values);
const f = (...values: number[]) => Float32Array.from(values);
const shape = { users: 3, items: 4 };
const train = { user: u(0, 0, 1, 2), item: u(0, 1, 0, 0), rating: f(1, 0, 1, 1) };

test('naive Bayes is P(r | o) P(o) / P(r), one value a rating', async () => {
  const uniform = { user: u(0, 1), item: u(2, 2), rating: f(1, 0) };
  const { p } = await runNode(naiveBayes, { train, uniform, shape });
  // P(o) = 4/12, P(1 | o) = 3/4, P(0 | o) = 1/4, P(1) = P(0) = 1/2
  expect([...p.p]).toEqual([0.5, 1 / 6, 0.5, 0.5].map(Math.fround));
});

test('naive Bayes refuses a rating that the uniform sample never shows, and smoothing mends it', async () => {
  const uniform = { user: u(0), item: u(2), rating: f(1) };
  await expect(runNode(naiveBayes, { train, uniform, shape })).rejects.toThrow(
    'rating 0 occurs in train and never in the uniform sample of 1 ratings',
  );
  const { p } = await runNode(naiveBayes, { train, uniform, shape }, { smoothing: 1 });
  expect([...p.p].every((value) => value > 0 && value <= 1)).toBe(true);
});

test('popularity is relative to the most popular item', async () => {
  const { p } = await runNode(popularityPropensity, { train, shape });
  expect([...p.p]).toEqual([1, Math.fround(Math.sqrt(1 / 3)), 1, 1]);
});

test('observation rates of both sides multiply to n_u n_i / |O|', async () => {
  const both = await runNode(observationRates, { train, shape });
  expect([...both.p.p]).toEqual([1, 0.5, 0.75, 0.75]);
  const user = await runNode(observationRates, { train, shape }, { by: 'user' });
  expect([...user.p.p]).toEqual([0.5, 0.5, 0.25, 0.25]);
});

test('given propensities are found in any order, and missing pairs are named', async () => {
  const given = { user: u(2, 0, 1, 0), item: u(0, 1, 0, 0), p: f(0.4, 0.2, 0.3, 0.1) };
  const { p } = await runNode(givenPropensity, { train, given, shape });
  expect([...p.p]).toEqual([0.1, 0.2, 0.3, 0.4].map(Math.fround));
  const short = { user: u(2), item: u(0), p: f(0.4) };
  await expect(runNode(givenPropensity, { train, given: short, shape })).rejects.toThrow(
    '3 train pairs have no given propensity: user 0, item 0; user 0, item 1; user 1, item 0',
  );
  await expect(runNode(givenPropensity, { train, given: { ...given, p: f(0.4, 0, 1, 1) }, shape })).rejects.toThrow(
    'a propensity is 0',
  );
});

test('weights lie between 1 and 1 / clip, in the order of the propensities', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.float({ min: Math.fround(1e-6), max: 1, noNaN: true }), { minLength: 1, maxLength: 50 }),
      fc.constantFrom(0.01, 0.05, 0.5),
      async (values, clip) => {
        const p = Float32Array.from(values);
        const ids = Uint32Array.from(values, (_, row) => row);
        const { w } = await runNode(inversePropensity, { p: { user: ids, item: ids, p } }, { clip });
        for (const [row, weight] of w.w.entries())
          expect(weight).toBe(Math.fround(1 / Math.max(p[row] as number, clip)));
        const scaled = await runNode(selfNormalised, { w });
        expect(scaled.w.w.reduce((a, b) => a + b, 0) / values.length).toBeCloseTo(1, 4);
      },
    ),
    { numRuns: 50 },
  ));

test('the diagnosis counts what it says', async () => {
  const p = f(0.01, 0.1, 0.5, 0.5);
  const ids = u(0, 1, 2, 3);
  const { facts, verdict } = await runNode(propensityDiagnosis, {
    p: { user: ids, item: ids, p },
    shape: { users: 4, items: 4 },
  });
  const fact = Object.fromEntries(facts.name.map((name, row) => [name, facts.value[row] as number]));
  const w = [...p].map((x) => 1 / x);
  const sum = w.reduce((a, b) => a + b, 0);
  expect(fact.ess).toBeCloseTo(sum ** 2 / w.reduce((a, b) => a + b * b, 0), 6);
  expect(fact['top1.share']).toBeCloseTo(100 / 114, 6);
  expect(fact.calibration).toBeCloseTo(114 / 16, 5);
  expect(fact['below.0.05']).toBe(0.25);
  expect(verdict.suggestedClip).toBe(0.05);
  expect(verdict.findings).toHaveLength(2);
});

test('a prior is the share of positives, and only of labels', async () => {
  expect(await runNode(prior, { labels: train })).toEqual({ prior: { positive: 0.75 } });
  await expect(runNode(prior, { labels: { ...train, rating: f(1, 5, 1, 1) } })).rejects.toThrow(
    'a label is 5, and must be 0 or 1',
  );
  await expect(runNode(prior, { labels: { user: u(), item: u(), rating: f() } })).rejects.toThrow('there is no label');
});

test('a label sample is a share of the rows, the same for the same seed', async () => {
  const rows = 100;
  const labels = {
    user: Uint32Array.from({ length: rows }, (_, i) => i),
    item: new Uint32Array(rows),
    rating: new Float32Array(rows),
  };
  const once = await runNode(labelSample, { labels }, {}, { seed: 'a' });
  expect(once.sample.user.length).toBe(5);
  expect(await runNode(labelSample, { labels }, {}, { seed: 'a' })).toEqual(once);
  expect((await runNode(labelSample, { labels }, {}, { seed: 'b' })).sample.user).not.toEqual(once.sample.user);
});

test('user and item means impute every pair, and fall back to the overall mean', async () => {
  const { labels } = await runNode(userItemMeans, { train, shape }, { pseudo: 0 });
  expect(labels.label.length).toBe(12);
  // user 0: 1/2, item 0: 1, overall 3/4; item 3 has no label
  expect(labels.label[0]).toBeCloseTo(0.75, 6);
  expect(labels.label[3]).toBeCloseTo(0.5, 6);
});
