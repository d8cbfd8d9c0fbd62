import { describe, expect, test } from 'vitest';
import { type GroupDeclaration, program } from '../../../nodes/learning/declaration.ts';
import { logisticLoss } from '../../../nodes/learning/expression/losses.ts';
import { bound, draw, gradientOf, valuesOf } from './bench.ts';

const trial = (groups: Readonly<Record<string, GroupDeclaration>>) =>
  program({
    tables: {
      P: { rows: 'user', width: 3, start: { normal: 1 } },
      Q: { rows: 'item', width: 3, start: { normal: 1 } },
    },
    scores: { z: { dot: ['P', 'Q'] } },
    streams: { B: { draw: 'observed', batch: 3 } },
    groups,
    batch: ({ score, column, mean }) => [
      { loss: mean('B', logisticLoss(score('z'), column('y'))), move: Object.keys(groups) },
    ],
    stop: { rule: 'plateau', tolerance: 0, patience: 5, epochs: 1 },
    serve: ({ score }) => score('z'),
  });

interface State {
  m: number;
  v: number;
}
/** PyTorch's Adam with weight decay, one entry at step t. */
function adam(p: number, gradient: number, state: State, t: number, rate: number, decay: number): number {
  const g = gradient + decay * p;
  state.m = 0.9 * state.m + 0.1 * g;
  state.v = 0.999 * state.v + 0.001 * g * g;
  const denominator = Math.sqrt(state.v) / Math.sqrt(1 - 0.999 ** t) + 1e-8;
  return p - ((rate / (1 - 0.9 ** t)) * state.m) / denominator;
}

/** Makes steps with the machine, and beside it by hand from the machine's own gradients. */
function compare(
  groups: Readonly<Record<string, GroupDeclaration>>,
  byHand: (p: number, gradient: number, t: number, entry: number) => number,
) {
  const machine = bound(trial(groups));
  const mine = [...valuesOf(machine, 'P')];
  let idle = 0;
  for (let t = 1; t <= 8; t++) {
    draw(machine, (t - 1) % 4, Math.floor((t - 1) / 4));
    const gradient = gradientOf(machine, 0, 'P');
    machine.steps[0]!.move();
    idle += gradient.filter((g) => g === 0).length;
    mine.forEach((p, n) => {
      mine[n] = byHand(p, gradient[n] as number, t, n);
    });
    valuesOf(machine, 'P').forEach((p, n) => {
      expect(p, `entry ${n} after ${t} steps`).toBeCloseTo(mine[n] as number, 10);
    });
  }
  // rows that no batch touched are part of what was compared
  expect(idle).toBeGreaterThan(10);
  return machine;
}

describe('Adam', () => {
  test.each([0, 0.05])('takes the steps of PyTorch over every row, touched or not, with coupled decay %d', (l2) => {
    const states = Array.from({ length: 15 }, (): State => ({ m: 0, v: 0 }));
    compare({ all: { own: ['P', 'Q'], rate: 0.03, l2 } }, (p, g, t, n) => adam(p, g, states[n] as State, t, 0.03, l2));
  });

  test('moves an entry by its rate at the first step, whatever the size of the gradient', () => {
    const machine = bound(trial({ all: { own: ['P', 'Q'], rate: 0.03 } }));
    draw(machine);
    const before = valuesOf(machine, 'P');
    const gradient = gradientOf(machine, 0, 'P');
    machine.steps[0]!.move();
    valuesOf(machine, 'P').forEach((p, n) => {
      expect(p - (before[n] as number)).toBeCloseTo(-0.03 * Math.sign(gradient[n] as number), 5);
    });
  });

  test('of two groups that own one table each keeps its moments, and the second sees where the first has moved to', () => {
    const [first, second] = [0, 1].map(() => Array.from({ length: 15 }, (): State => ({ m: 0, v: 0 })));
    compare(
      { one: { own: ['P', 'Q'], rate: 0.03, l2: 0.05 }, other: { own: ['P'], rate: 0.01, l2: 0.2 } },
      (p, g, t, n) => {
        const between = adam(p, g, first![n] as State, t, 0.03, 0.05);
        return adam(between, g, second![n] as State, t, 0.01, 0.2);
      },
    );
  });
});

test('SGD keeps its velocity as PyTorch does, decay included', () => {
  const velocity = new Float64Array(15);
  compare({ all: { own: ['P', 'Q'], rate: 0.1, l2: 0.05, by: 'sgd', momentum: 0.9 } }, (p, g, _, n) => {
    velocity[n] = 0.9 * (velocity[n] as number) + g + 0.05 * p;
    return p - 0.1 * (velocity[n] as number);
  });
});

test('a step leaves no gradient behind and does not touch the padding of rows', () => {
  const machine = bound(trial({ one: { own: ['P', 'Q'], rate: 0.1, l2: 0.1 }, other: { own: ['Q'], rate: 0.1 } }));
  draw(machine);
  machine.steps[0]!.gradient();
  machine.steps[0]!.move();
  const { floats } = machine.memory;
  for (const { gradient, count, values, rows, stride, declaration } of machine.tables.values()) {
    expect(new Set(floats.subarray(gradient, gradient + count))).toEqual(new Set([0]));
    for (let r = 0; r < rows; r++)
      for (let k = declaration.width; k < stride; k++) expect(floats[values + r * stride + k]).toBe(0);
  }
});
