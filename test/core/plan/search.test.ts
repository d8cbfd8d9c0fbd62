import { expect, test } from 'vitest';
import { z } from 'zod';
import { node, pipeline, protocol, table, u32 } from '../../../core/index.ts';
import { trial } from '../../../core/plan/resolve.ts';
import { type Axis, axesOf, searchPoints } from '../../../core/plan/search.ts';
import { trialsOf } from '../../../core/plan/trials.ts';
import { streamSeeds } from '../../../core/seeds.ts';
import { Rng } from '../../../core/services/services.ts';

const axis = (step: string, key: string, own: unknown, space: Axis['space']): Axis => ({ step, key, own, space });
const rate = axis('model', 'rate', 0.01, [0.005, 0.01, 0.05, 0.1]);
const l2 = axis('model', 'l2', 1e-4, { from: 1e-6, to: 1e-1, scale: 'log' });
const width = axis('model', 'width', 16, { times: [0.25, 0.5, 1, 2, 4] });

test("the first point is the method's own settings, and all points differ", () => {
  const points = searchPoints([rate, l2, width], 30, 1);
  expect(points[0]).toEqual({ set: {}, label: 'own settings' });
  expect(points.length).toBe(30);
  expect(new Set(points.map(({ set }) => JSON.stringify(set))).size).toBe(30);
});

test('the same seed gives the same points, another seed others, and a longer search begins with the shorter one', () => {
  const points = searchPoints([rate, l2, width], 20, 1);
  expect(searchPoints([rate, l2, width], 20, 1)).toEqual(points);
  expect(searchPoints([rate, l2, width], 8, 1)).toEqual(points.slice(0, 8));
  expect(searchPoints([rate, l2, width], 20, 2)).not.toEqual(points);
});

test('methods that share a setting try the same values of it, whatever else they have', () => {
  const clip = axis('weights', 'clip', 0.05, { from: 0.01, to: 0.5 });
  const short = searchPoints([l2], 10, 3).map(({ set }) => set.model?.l2);
  const long = searchPoints([clip, l2], 10, 3).map(({ set }) => set.model?.l2);
  expect(long).toEqual(short);
});

test('a small space gives all that it holds, and no point twice', () => {
  const points = searchPoints([rate], 20, 1);
  expect(points.length).toBe(4); // its own 0.01 is one of the four
  expect(new Set(points.slice(1).map(({ set }) => set.model?.rate))).toEqual(new Set([0.005, 0.05, 0.1]));
  expect(searchPoints([], 20, 1).length).toBe(1);
});

test('ranges stay inside, logarithmic ones are even over factors of ten, whole ones reach both ends', () => {
  const values = (of: Axis) =>
    searchPoints([of], 400, 1)
      .slice(1)
      .map(({ set }) => set[of.step]?.[of.key] as number);
  const decays = values(l2);
  expect(Math.min(...decays)).toBeGreaterThanOrEqual(1e-6);
  expect(Math.max(...decays)).toBeLessThanOrEqual(1e-1);
  const small = decays.filter((value) => value < 1e-5).length / decays.length;
  expect(Math.abs(small - 1 / 5)).toBeLessThan(0.08);
  const whole = values(axis('model', 'depth', 9, { from: 1, to: 4, whole: true }));
  expect(new Set(whole)).toEqual(new Set([1, 2, 3, 4]));
  const even = values(axis('model', 'x', 0, { from: -1, to: 1 }));
  expect(Math.abs(even.reduce((a, b) => a + b, 0) / even.length)).toBeLessThan(0.1);
});

test('multiples of a whole number stay whole and above zero, and need a number', () => {
  const widths = searchPoints([axis('model', 'width', 2, { times: [0.1, 0.3, 1.2, 3] })], 10, 1);
  expect(new Set(widths.slice(1).map(({ set }) => set.model?.width))).toEqual(new Set([1, 6])); // 2 is its own
  expect(() => searchPoints([axis('model', 'how', 'fast', { times: [2] })], 3, 1)).toThrow(
    'the space of model.how multiplies a number, and its value is fast',
  );
});

const Rows = table({ x: u32 });
const config = z.strictObject({
  rate: z.number().default(0.01),
  l2: z.number().optional(),
  alpha: z.number().default(1),
});
const source = node('datasets/source', { doc: '', in: {}, out: { rows: Rows }, config, run: () => ({}) as never });
const split = node('splits/split', {
  doc: '',
  in: { rows: Rows },
  out: { rows: Rows },
  use: { rng: Rng },
  stream: 'split',
  run: () => ({}) as never,
});
const learn = node('learning/learn', {
  doc: '',
  in: { rows: Rows },
  out: { rows: Rows },
  config,
  use: { rng: Rng },
  run: () => ({}) as never,
});
const data = protocol('data-x', { dataset: 'x', evaluation: 'none', floors: [] })
  .step('raw', source, () => ({}))
  .step('split', split, (up) => ({ rows: up.raw.rows }))
  .gives((up) => ({ rows: up.split.rows }));
const method = pipeline('method-x', { needs: { rows: Rows } })
  .step('model', learn, (up) => ({ rows: up.rows }))
  .settings({ x: { model: { rate: 0.2 } } })
  .spaces({ model: { alpha: [1, 2] } });
const own = trial(method.on(data)).steps;
const sources = { defaults: { rate: [0.1], l2: [0.1] }, declared: [method.graph.spaces ?? {}], fixed: {} };

test('what is searched are usual settings and declared ones, with the values that the data set gives them', () => {
  expect(axesOf(own, sources)).toEqual([
    { step: 'model', key: 'rate', space: [0.1], own: 0.2 }, // l2 has no value to begin with, and nobody declared it
    { step: 'model', key: 'alpha', space: [1, 2], own: 1 },
  ]);
});

test('a fixed setting is not searched, and a later declaration wins', () => {
  const axes = axesOf(own, {
    ...sources,
    declared: [...sources.declared, { model: { alpha: [5], l2: [7] }, 'data.raw': { alpha: [3] } }],
    fixed: { model: { rate: 0.3 } },
  });
  expect(axes.map(({ step, key, space }) => [step, key, space])).toEqual([
    ['model', 'l2', [7]],
    ['model', 'alpha', [5]],
  ]);
});

test('variants keep spaces and add to them setting by setting', () => {
  const variant = method.as('variant-x').spaces({ model: { rate: { from: 0.1, to: 0.2 } } });
  expect(variant.graph.spaces).toEqual({ model: { alpha: [1, 2], rate: { from: 0.1, to: 0.2 } } });
  // @ts-expect-error there is no such setting
  method.as('wrong-x').spaces({ model: { alfa: [1] } });
  // @ts-expect-error a rate is a number
  method.as('wrong-x').spaces({ model: { rate: ['fast'] } });
});

test('one split for all seeds leaves the seeds of training apart', () => {
  expect(streamSeeds(5, 2)).toEqual({ data: 2, split: 5, train: 5 });
  expect(streamSeeds(5, 2, 1)).toEqual({ data: 2, split: 1, train: 5 });
  const plan = {
    methods: [method],
    floors: [],
    close: () => method.on(data),
    seeds: [4, 5],
    dataSeed: 0,
    grid: {},
    set: [],
  };
  const chosen = new Map([['method-x', { model: { rate: 0.5 } }]]);
  const trials = trialsOf({ ...plan, splitSeed: 4, chosen });
  expect(trials.map(({ trial: { seeds } }) => [seeds.split, seeds.train])).toEqual([
    [4, 4],
    [4, 5],
  ]);
  expect(trials.map(({ trial: { steps } }) => steps.at(-1)?.config.rate)).toEqual([0.5, 0.5]);
  const set = [{ path: 'model.rate', value: 0.7 }];
  expect(trialsOf({ ...plan, set, chosen })[0]?.trial.steps.at(-1)?.config.rate).toBe(0.7);
});
