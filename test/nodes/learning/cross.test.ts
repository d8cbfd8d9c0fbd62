import { describe, expect, test } from 'vitest';
import { randomOf } from '../../../core/numeric/index.ts';
import { program } from '../../../nodes/learning/declaration.ts';
import { plainKernels } from '../../../nodes/learning/kernels/plain.ts';
import { crossOperation, crossRoom } from '../../../nodes/learning/machine/cross.ts';
import { Layout } from '../../../nodes/learning/machine/memory.ts';
import { bound, draw, gapOf } from './bench.ts';
import { compiledEngine, twins } from './kernels/twins.ts';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** The sum over all pairs as it is written. */
function written(gates: readonly number[], scores: readonly number[], sign: number) {
  const pairs = gates.length * scores.length;
  const mean = (of: (g: number, s: number) => number, gs: readonly number[], ss: readonly number[]) =>
    gs.reduce((sum, g) => sum + ss.reduce((inner, s) => inner + of(g, s), 0), 0) / pairs;
  return {
    value: mean((g, s) => softplus(sign * g * s), gates, scores),
    gates: gates.map((g) => mean((_, s) => sign * s * sigmoid(sign * g * s), [g], scores)),
    scores: scores.map((s) => mean((g) => sign * g * sigmoid(sign * g * s), gates, [s])),
  };
}

/** Draws gates within `spread` and scores within `range`, and computes their cross under either precision. */
function computed(
  precision: 'f32' | 'f64',
  size: number,
  spread: readonly [number, number],
  sign: 1 | -1,
  [low, high]: readonly [number, number] = [-32, 20],
) {
  const random = randomOf(`cross ${size} ${spread}`);
  const layout = new Layout();
  const [gate, score] = [layout.takeFloats(size), layout.takeFloats(size)];
  const room = crossRoom(size, layout);
  const arena = compiledEngine.arena(layout.bytes);
  const memory = precision === 'f64' ? layout.wide() : layout.build(arena.buffer);
  const kernels = precision === 'f64' ? plainKernels(memory) : arena.kernels(memory);
  const { floats } = memory;
  for (let r = 0; r < size; r++) {
    floats[gate + r] = spread[0] + (spread[1] - spread[0]) * random.uniform();
    floats[score + r] = low + (high - low) * random.uniform();
  }
  const value = crossOperation(room, gate, score, sign, kernels, memory)();
  const at = (from: number) => [...floats.subarray(from, from + size)];
  return { value, gates: at(room.gates), scores: at(room.scores), exact: written(at(gate), at(score), sign) };
}
const gapBetween = (got: readonly number[], wanted: readonly number[]) => {
  const scale = Math.max(...wanted.map(Math.abs));
  return Math.max(...got.map((x, r) => Math.abs(x - wanted[r]!) / scale));
};

describe('the mean over all pairs of gates and scores', () => {
  const spreads: [string, readonly [number, number]][] = [
    ['anywhere', [1e-4, 1 - 1e-4]],
    ['in the upper half', [0.5, 0.99]],
    ['close together', [0.95, 0.951]],
    ['all alike', [0.8, 0.8]],
  ];
  test.each(spreads)('equals the sum as written within 1e-6, value and slopes, gates %s', (_, spread) => {
    for (const sign of [1, -1] as const) {
      const { exact, ...got } = computed('f64', 203, spread, sign);
      expect(Math.abs(got.value / exact.value - 1)).toBeLessThan(1e-6);
      expect(gapBetween(got.gates, exact.gates)).toBeLessThan(1e-6);
      expect(gapBetween(got.scores, exact.scores)).toBeLessThan(1e-6);
    }
  });

  test.each([200, 500, 1000])('takes more nodes where scores are as large as %i', (largest) => {
    const { exact, ...got } = computed('f64', 101, [1e-4, 1 - 1e-4], 1, [-largest, largest]);
    expect(Math.abs(got.value / exact.value - 1)).toBeLessThan(1e-6);
    expect(gapBetween(got.gates, exact.gates)).toBeLessThan(1e-6);
    expect(gapBetween(got.scores, exact.scores)).toBeLessThan(1e-6);
  });

  test.each(spreads)('and within 1e-5 on the compiled kernels, gates %s', (name, spread) => {
    for (const size of [7, name === 'anywhere' ? 1027 : 203]) {
      const { exact, ...got } = computed('f32', size, spread, -1);
      expect(Math.abs(got.value / exact.value - 1)).toBeLessThan(1e-5);
      expect(gapBetween(got.gates, exact.gates)).toBeLessThan(1e-5);
      expect(gapBetween(got.scores, exact.scores)).toBeLessThan(1e-5);
    }
  });

  test('takes gates and scores that both learn: gradients equal finite differences', () => {
    const both = program({
      tables: {
        P: { rows: 'user', width: 3, start: { normal: 2 } },
        Q: { rows: 'item', width: 3, start: { normal: 2 } },
        w: { rows: 'one', width: 3, start: { normal: 0.7 } },
      },
      scores: { k: { dot: ['P', 'Q'] }, i: { dot: ['Q', 'w'] } },
      streams: { T: { draw: 'triples', batch: 6, user: 'uniform', negatives: 1, popularity: 0 } },
      groups: { all: { own: ['P', 'Q', 'w'], rate: 0.1 } },
      batch: ({ score, cross }) => [
        {
          loss: {
            positive: cross('T', score('i', 'pos').sigmoid(), score('k', 'pos'), -1),
            negative: cross('T', score('i', 'neg').sigmoid(), score('k', 'neg'), 1).times(0.7),
          },
          move: ['all'],
        },
      ],
      stop: { rule: 'plateau', tolerance: 0, patience: 5, epochs: 1 },
      serve: ({ score }) => score('k'),
    });
    const machine = bound(both);
    draw(machine);
    for (const table of ['P', 'Q', 'w']) expect(gapOf(machine, 0, table), table).toBeLessThan(2e-6);
  });
});

test('the kernels of a cross agree with their twins on any number of rows and nodes, and write no row more', () => {
  for (const [n, count] of [
    [1, 4],
    [3, 5],
    [64, 17],
    [259, 40],
    [1030, 8],
  ] as const) {
    const layout = new Layout();
    const [a, factors, weights, values, slopes, out, moments] = [n, count, count, count, count, n, count].map((size) =>
      layout.takeFloats(size + 4),
    ) as [number, number, number, number, number, number, number];
    const random = randomOf(`twins ${n}`);
    const it = twins(layout, ({ floats }) => {
      for (let i = a; i < floats.length; i++) floats[i] = 2 * random.uniform() - 1;
    });
    const close = { relative: 1e-5, absolute: 1e-5 };
    it.agree((k) => k.chebyshevMoments(a, n, 0.1, 0.9, count, moments), { relative: 1e-5, absolute: 1e-5 * n });
    it.agree((k) => k.chebyshevSums(a, n, 0.1, 0.9, weights, count, out), { relative: 1e-5, absolute: 1e-5 * count });
    it.agree((k) => k.softplusSums(a, n, factors, weights, count, values, slopes, out), {
      ...close,
      absolute: 1e-5 * count,
    });
  }
});
