import { describe, expect, test } from 'vitest';
import { type Edge, type Program, program } from '../../../nodes/learning/declaration.ts';
import { classLoss, squaredError } from '../../../nodes/learning/expression/losses.ts';
import { scorer, servingOf } from '../../../nodes/learning/serve.ts';
import { runEpoch, tensorsOf } from '../../../nodes/learning/train.ts';
import { bound, differencesOf, draw, gapOf, gradientOf, items, toyRows, users, valuesOf } from './bench.ts';

/** Users have features 0..2 with values, some have two of them and one has none; items have features 3 and 4. */
const features = {
  userFeatures: {
    row: Uint32Array.of(0, 1, 1, 2, 4, 0),
    feature: Uint32Array.of(0, 1, 2, 2, 0, 2),
    value: Float32Array.of(1, 1, 0.5, 2, 1, -1),
  },
  itemFeatures: {
    row: Uint32Array.of(0, 1, 2, 3, 3),
    feature: Uint32Array.of(3, 4, 4, 3, 4),
    value: Float32Array.of(1, 1, 1, 1, 1),
  },
};
const tables = {
  P: { rows: 'user', width: 3, start: { normal: 0.7 } },
  Q: { rows: 'item', width: 3, start: { normal: 0.7 } },
  G: { rows: 3, width: 3, start: { normal: 0.7 } },
  F: { rows: 2, width: 3, start: { normal: 0.7 } },
  c: { rows: 3, width: 1, start: { normal: 0.7 } },
  w0: { rows: 'one', width: 3, start: { normal: 0.7 } },
  w1: { rows: 'one', width: 3, start: { normal: 0.7 } },
  w2: { rows: 'one', width: 3, start: { normal: 0.7 } },
  sd: { rows: 'user', width: 3, start: { constant: 0.4 } },
} as const;
const names = Object.keys(tables).filter((name) => name !== 'sd');
const trial = (z: readonly [Edge, Edge]): Program =>
  program<string, 'z', 'B', 'all', 'e'>({
    tables,
    scores: { z: { dot: z } },
    streams: { B: { draw: 'observed', batch: 6 } },
    groups: { all: { own: names, rate: 0.1 } },
    state: { e: { classes: 3 } },
    batch: ({ score, column, mean }) => [{ loss: mean('B', squaredError(score('z'), column('y'))), move: ['all'] }],
    stop: { rule: 'plateau', tolerance: 0, patience: 5, epochs: 1 },
    serve: ({ score }) => score('z'),
  });

const edges: Record<string, readonly [Edge, Edge]> = {
  'a product entry by entry': [{ times: ['P', 'Q'] }, 'w0'],
  'a product with a row that a state column names': [{ times: ['P', 'Q'] }, { rows: 'G', at: 'e' }],
  'a product of a product': [{ times: [{ times: ['P', 'Q'] }, 'w0'] }, { rows: 'G', at: 'e' }],
  'a sum over the features of the user': [{ bag: 'G', features: 'userFeatures', side: 'user' }, 'Q'],
  'features that are numbered from 3': ['P', { bag: 'F', features: 'itemFeatures', side: 'item', from: 3 }],
  'noise around a row': [{ noisy: 'P', sd: 'sd', draws: 4 }, 'Q'],
};

describe('rows that are made for a batch', () => {
  test.each(Object.entries(edges))('have the gradient of finite differences: %s', (_, z) => {
    const machine = bound(trial(z), { features });
    draw(machine);
    for (const table of names) expect(gapOf(machine, 0, table), table).toBeLessThan(2e-6);
  });

  test('stopped on one side of a product, they move the other side alone', () => {
    const machine = bound(trial([{ times: [{ stop: 'P' }, 'Q'] }, 'w0']), { features });
    draw(machine);
    expect(new Set(gradientOf(machine, 0, 'P'))).toEqual(new Set([0]));
    expect(gapOf(machine, 0, 'Q')).toBeLessThan(2e-6);
  });

  test('reversed, they send back the gradient times -by, and the other factor its own', () => {
    for (const z of [
      [{ reverse: { times: ['P', 'Q'] }, by: 0.5 }, 'w0'],
      [{ reverse: 'P', by: 0.5 }, 'Q'],
    ] satisfies (readonly [Edge, Edge])[]) {
      const machine = bound(trial(z), { features });
      draw(machine);
      const differences = differencesOf(machine, 0, 'P');
      gradientOf(machine, 0, 'P').forEach((slope, n) => {
        expect(slope).toBeCloseTo(-0.5 * (differences[n] as number), 8);
      });
      expect(gapOf(machine, 0, z[1] as string)).toBeLessThan(2e-6);
    }
  });

  test('are served from the tables alone: bags as sums, noise as its centre', () => {
    const user = Uint32Array.from({ length: users * items }, (_, n) => Math.floor(n / items));
    const item = Uint32Array.from({ length: users * items }, (_, n) => n % items);
    for (const name of Object.keys(edges).filter((name) => !name.includes('state') && !name.includes('of a product'))) {
      const of = trial(edges[name]!);
      const machine = bound(of, { features });
      const served = new Float32Array(user.length);
      scorer({ head: { serving: servingOf(of) }, tensors: tensorsOf(machine) }).score(user, item, served);
      const row = (table: string, r: number) => valuesOf(machine, table).slice(3 * r, 3 * r + 3);
      const bag = (table: string, port: 'userFeatures' | 'itemFeatures', r: number, from: number) =>
        [...features[port].row].reduce(
          (sum, at, n) =>
            at === r
              ? sum.map((x, k) => x + features[port].value[n]! * row(table, features[port].feature[n]! - from)[k]!)
              : sum,
          [0, 0, 0],
        );
      const expected = (u: number, i: number): number[] =>
        name.startsWith('a product')
          ? row('P', u).map((x, k) => x * row('Q', i)[k]! * row('w0', 0)[k]!)
          : name.startsWith('a sum')
            ? row('Q', i).map((x, k) => x * bag('G', 'userFeatures', u, 0)[k]!)
            : name.startsWith('features')
              ? row('P', u).map((x, k) => x * bag('F', 'itemFeatures', i, 3)[k]!)
              : row('P', u).map((x, k) => x * row('Q', i)[k]!);
      served.forEach((value, n) => {
        expect(value, name).toBeCloseTo(
          expected(user[n]!, item[n]!).reduce((a, b) => a + b, 0),
          5,
        );
      });
    }
  });

  test('have fresh noise each step and epoch, and the same one when a step is repeated', () => {
    const machine = bound(trial(edges['noise around a row']!), { features });
    const lossAt = (step: number, epoch: number) => {
      draw(machine, step, epoch);
      machine.steps[0]!.gradient();
      return machine.steps[0]!.loss();
    };
    const first = lossAt(0, 0);
    const others = [lossAt(1, 0), lossAt(0, 1)];
    expect(lossAt(0, 0)).toBe(first);
    for (const other of others) expect(other).not.toBe(first);
  });

  test('a feature of a user that the data set does not have is refused', () => {
    const strange = { ...features.userFeatures, row: Uint32Array.of(0, 1, 1, 2, 9, 0) };
    expect(() =>
      bound(trial(edges['a sum over the features of the user']!), { features: { ...features, userFeatures: strange } }),
    ).toThrow('the feature table has row 9 with value 1, and 5 rows are known');
  });
});

/** Classes of rows: the class whose bias is nearest to the label is the one that fits best. */
const assigned = program({
  tables,
  scores: { c: { bias: { rows: 'c', at: 'e' } } },
  streams: { B: { draw: 'observed', batch: 5 } },
  groups: { all: { own: ['c'], rate: 0.1 } },
  state: { e: { classes: 3 } },
  batch: ({ score, column, mean }) => [
    { loss: mean('B', squaredError(score('c'), column('y').plus(column('e')))), move: ['all'] },
  ],
  every: ({ score, column }) => [{ every: 2, assign: 'e', argmin: squaredError(score('c'), column('y')), over: 'B' }],
  stop: { rule: 'plateau', tolerance: 0, patience: 5, epochs: 1 },
  serve: ({ score }) => score('c'),
});

describe('a column that training reassigns', () => {
  test('starts at random among its classes, and every second epoch takes the class that fits each row best', () => {
    const rows = toyRows();
    const machine = bound(assigned, {}, rows);
    const start = [...machine.state.e!];
    expect(start.every((e) => [0, 1, 2].includes(e))).toBe(true);
    runEpoch(machine, 0);
    expect([...machine.state.e!]).toEqual(start);
    const report = runEpoch(machine, 1);
    const biases = valuesOf(machine, 'c');
    const best = [...rows.columns.y!].map((y) => {
      const gaps = biases.map((c) => (c - y) ** 2);
      return gaps.indexOf(Math.min(...gaps));
    });
    expect([...machine.state.e!]).toEqual(best);
    expect(report['share of e that moved']).toBeCloseTo(best.filter((e, r) => e !== start[r]).length / best.length, 12);
  });
});

test('the loss of a class equals -log softmax, and has its gradient', () => {
  const which = program({
    tables,
    scores: {
      a: { dot: [{ times: ['P', 'Q'] }, 'w0'] },
      b: { dot: [{ times: ['P', 'Q'] }, 'w1'] },
      d: { dot: [{ times: ['P', 'Q'] }, 'w2'] },
    },
    streams: { B: { draw: 'observed', batch: 6 } },
    groups: { all: { own: ['P', 'Q', 'w0', 'w1', 'w2'], rate: 0.1 } },
    state: { e: { classes: 3 } },
    batch: ({ score, column, mean }) => [
      { loss: mean('B', classLoss([score('a'), score('b'), score('d')], column('e'))), move: ['all'] },
    ],
    stop: { rule: 'plateau', tolerance: 0, patience: 5, epochs: 1 },
    serve: ({ score }) => score('a'),
  });
  const machine = bound(which);
  draw(machine);
  machine.steps[0]!.gradient();
  const { floats, ids } = machine.memory;
  expect(floats.length).toBe(ids.length);
  for (const table of ['P', 'Q', 'w0', 'w1', 'w2']) expect(gapOf(machine, 0, table), table).toBeLessThan(2e-6);
  expect(machine.steps[0]!.loss()).toBeGreaterThan(0);
});

test('a group that ascends climbs, and its entries stay between their bounds', () => {
  const robust = program({
    tables: { ...tables, d: { rows: 'item', width: 1, start: { constant: 0 } } },
    scores: { z: { dot: ['P', 'Q'] }, d: { bias: 'd' } },
    givens: { low: { port: 'bounds', field: 'low' }, high: { port: 'bounds', field: 'high' } },
    streams: { B: { draw: 'observed', batch: 6 } },
    groups: {
      all: { own: ['P', 'Q'], rate: 0.01 },
      worst: {
        own: ['d'],
        rate: 0.05,
        ascend: true,
        within: [
          { op: 'given', name: 'low' },
          { op: 'given', name: 'high' },
        ],
      },
    },
    batch: ({ score, column, mean }) => [
      { loss: mean('B', squaredError(score('z'), column('y')).times(score('d').plus(1))), move: ['all'] },
    ],
    every: ({ score, column, mean }) => [
      {
        every: 2,
        pass: [{ loss: mean('B', squaredError(score('z'), column('y')).times(score('d').plus(1))), move: ['worst'] }],
      },
    ],
    stop: { rule: 'plateau', tolerance: 0, patience: 5, epochs: 1 },
    serve: ({ score }) => score('z'),
  });
  const machine = bound(robust, { givens: { low: -0.1, high: 0.12 } });
  runEpoch(machine, 0);
  expect(valuesOf(machine, 'd')).toEqual([0, 0, 0, 0]);
  runEpoch(machine, 1);
  const once = valuesOf(machine, 'd');
  for (const d of once) expect(d).toBeGreaterThan(0.03);
  for (let epoch = 2; epoch < 8; epoch++) runEpoch(machine, epoch);
  expect(valuesOf(machine, 'd').map((d) => d.toFixed(6))).toEqual(Array(4).fill('0.120000'));
});
