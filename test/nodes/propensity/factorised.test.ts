import { describe, expect, test } from 'vitest';
import { randomOf } from '../../../core/numeric/index.ts';
import { runNode } from '../../../core/testing/index.ts';
import { simulated } from '../../../nodes/datasets/simulated.ts';
import { preTrained } from '../../../nodes/imputation/pre-trained.ts';
import { userItemMeans } from '../../../nodes/imputation/user-item-means.ts';
import { scorer } from '../../../nodes/learning/serve.ts';
import { propensityDiagnosis } from '../../../nodes/propensity/diagnosis.ts';
import { factorised } from '../../../nodes/propensity/factorised.ts';
import { givenPropensity } from '../../../nodes/propensity/given.ts';
import { observationRates } from '../../../nodes/propensity/observation-rates.ts';

const users = 60;
const items = 40;
const shape = { users, items };
const logistic = (x: number) => 1 / (1 + Math.exp(-x));
/** Pairs observed with a probability whose logit is a user term plus an item term: what the model can express. */
function additiveLog() {
  const random = randomOf('additive log');
  const a = Array.from({ length: users }, () => 1.2 * random.normal());
  const b = Array.from({ length: items }, () => 1.2 * random.normal());
  const p = Array.from({ length: users * items }, (_, pair) =>
    logistic(a[Math.floor(pair / items)]! + b[pair % items]! - 0.5),
  );
  const rows = p.flatMap((value, pair) => (random.uniform() < value ? [pair] : []));
  return {
    user: Uint32Array.from(rows, (pair) => Math.floor(pair / items)),
    item: Uint32Array.from(rows, (pair) => pair % items),
    truth: Float32Array.from(rows, (pair) => p[pair]!),
  };
}
const { truth, ...train } = additiveLog();
const config = { width: 4, batch: 240, rate: 0.05, epochs: 80 };
const correlation = (x: Float32Array, y: Float32Array) => {
  const mean = (v: Float32Array) => v.reduce((s, a) => s + a, 0) / v.length;
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  x.forEach((a, n) => {
    xy += (a - mx) * (y[n]! - my);
    xx += (a - mx) ** 2;
    yy += (y[n]! - my) ** 2;
  });
  return xy / Math.sqrt(xx * yy);
};

describe('the factorised propensity', () => {
  test('finds the propensities of a log that its model can express, in the order of the train rows', async () => {
    const { p } = await runNode(factorised, { train, shape }, config);
    expect(p.user).toEqual(train.user);
    expect(p.item).toEqual(train.item);
    expect([...p.p].every((value) => value > 0 && value < 1)).toBe(true);
    expect(correlation(p.p, truth)).toBeGreaterThan(0.9);
    const { facts } = await runNode(propensityDiagnosis, { p, shape, truth: { ...train, p: truth } });
    const ece = facts.value[facts.name.indexOf('ece')] as number;
    expect(ece).toBeLessThan(0.1);
  });

  test('serves any pair, and agrees with the rows it gives', async () => {
    const { p, params } = await runNode(factorised, { train, shape }, config);
    const served = new Float32Array(train.user.length);
    scorer(params).score(train.user, train.item, served);
    expect(served).toEqual(p.p);
    const mean = new Float32Array(users * items);
    const all = Uint32Array.from(mean.keys());
    scorer(params).score(
      all.map((pair) => Math.floor(pair / items)),
      all.map((pair) => pair % items),
      mean,
    );
    // the mean propensity over all pairs is the share that is observed
    expect(mean.reduce((sum, x) => sum + x, 0) / mean.length).toBeCloseTo(train.user.length / mean.length, 1);
  });

  test('is the same for the same seed, and can be fixed apart from the run', async () => {
    const once = await runNode(factorised, { train, shape }, { ...config, epochs: 3 }, { seed: 'a' });
    expect((await runNode(factorised, { train, shape }, { ...config, epochs: 3 }, { seed: 'a' })).p.p).toEqual(
      once.p.p,
    );
    expect((await runNode(factorised, { train, shape }, { ...config, epochs: 3 }, { seed: 'b' })).p.p).not.toEqual(
      once.p.p,
    );
  });
});

describe('on a simulation', () => {
  const simulation = () => runNode(simulated, {}, { users, items, density: 0.25, perUser: 5 });

  test('the true propensities weigh the log to the number of all pairs, and learnt ones from counts nearly so', async () => {
    const { log, truth: known, shape: of } = await runNode(simulated, {}, { users: 200, items: 100, strength: 0.5 });
    const oracle = await runNode(givenPropensity, { train: log, given: known, shape: of });
    expect(oracle.p.p).toEqual(known.p);
    const calibration = async (p: typeof known) => {
      const { facts } = await runNode(propensityDiagnosis, { p, shape: of });
      return facts.value[facts.name.indexOf('calibration')] as number;
    };
    expect(await calibration(oracle.p)).toBeGreaterThan(0.85);
    expect(await calibration(oracle.p)).toBeLessThan(1.15);
    const counted = await runNode(observationRates, { train: log, shape: of });
    expect(await calibration(counted.p)).toBeGreaterThan(0.8);
    expect(await calibration(counted.p)).toBeLessThan(1.2);
  });

  test('propensities that few rows decide are found, with a clip that mends them', async () => {
    const { truth: known } = await simulation();
    const p = { ...known, p: known.p.map((x, row) => (row < 3 ? 1e-4 : Math.max(x, 0.3))) };
    const { verdict } = await runNode(propensityDiagnosis, { p, shape });
    expect(verdict.findings[0]).toMatch(
      /^without a clip the effective sample size is \d\.\d % of the rows: few rows would decide the result; the suggested clip is 0\.0\d+$/,
    );
    expect(verdict.findings[1]).toMatch(/^without a clip the heaviest 1 % of rows carry \d\d\.\d % of the weight$/);
    expect(verdict.suggestedClip).toBeGreaterThan(0.005);
    const fine = await runNode(propensityDiagnosis, { p: { ...known, p: known.p.map(() => 0.25) }, shape });
    expect(fine.verdict.suggestedClip).toBe(0);
  });
});

describe('imputation for every pair', () => {
  const labelled = { ...train, rating: Float32Array.from(train.user, (u) => u % 2) };

  test('by a trained model is the score of each pair', async () => {
    const { params } = await runNode(factorised, { train, shape }, { ...config, epochs: 3 });
    const { labels } = await runNode(preTrained, { model: params, shape });
    expect(labels.label.length).toBe(users * items);
    const [user, item, one] = [Uint32Array.of(7), Uint32Array.of(11), new Float32Array(1)];
    scorer(params).score(user, item, one);
    expect(labels.label[7 * items + 11]).toBe(one[0]);
    expect([labels.user[7 * items + 11], labels.item[7 * items + 11]]).toEqual([7, 11]);
    await expect(runNode(preTrained, { model: params, shape: { users, items: 41 } })).rejects.toThrow(
      'the model knows 60 users and 40 items, the data set has 60 and 41',
    );
  });

  test('by means lies in [0, 1], and is refused where a table of all pairs would not fit', async () => {
    const { labels } = await runNode(userItemMeans, { train: labelled, shape });
    expect([...labels.label].every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(labels.label[1 * items]).toBeGreaterThan(labels.label[2 * items] as number);
    await expect(runNode(userItemMeans, { train: labelled, shape: { users: 100_000, items: 1000 } })).rejects.toThrow(
      '100000 users x 1000 items are 100000000 pairs, and a table of all of them holds at most 40000000',
    );
  });
});
