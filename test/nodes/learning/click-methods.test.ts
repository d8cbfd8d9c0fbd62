import { describe, expect, test } from 'vitest';
import { biasedFactors } from '../../../nodes/backbones/biased-factors.ts';
import { factors } from '../../../nodes/backbones/factors.ts';
import { sharedHeads } from '../../../nodes/backbones/shared-heads.ts';
import { causalEmbeddings } from '../../../nodes/estimators/causal-embeddings.ts';
import { clickLoss } from '../../../nodes/estimators/click-loss.ts';
import { macr } from '../../../nodes/estimators/macr.ts';
import type { Program } from '../../../nodes/learning/declaration.ts';
import { plainEngine } from '../../../nodes/learning/kernels/numeric.ts';
import { scorer } from '../../../nodes/learning/serve.ts';
import { clickRate } from '../../../nodes/propensity/click-rate.ts';
import { popularItems } from '../../../nodes/propensity/popular-items.ts';
import { headAndTail } from '../../../nodes/regularising/head-and-tail.ts';
import { byRate } from '../../../nodes/scaling/by-rate.ts';
import { outside } from '../../../nodes/weighting/outside.ts';
import { runNode } from '../run.ts';
import { bound, draw, gapOf, gradientOf, items, programOf, toyRows, users, valuesOf } from './bench.ts';

const toy = toyRows();
const shape = { users, items };
const port = (model: Parameters<typeof scorer>[0]) => ({ model, scorer: scorer(model, plainEngine) });
const inputs = {
  rate: port((await runNode(clickRate, { train: toy, shape })).params),
  popular: port((await runNode(popularItems, { train: toy, shape }, { share: 0.5 })).params),
};

const small = { width: 3, batch: 6, l2: 0.1, backbone: factors({ sd: 0.7 }) };
const strong = { ...small, alpha: 0.3, beta: 0.2 };
const methods: Record<string, Program> = {
  'cross-entropy of clicks': programOf(clickLoss.with({ ...small, negatives: 2, popularity: 0.5 })),
  'BPR on a backbone with biases': programOf(clickLoss.with({ ...small, loss: 'bpr', backbone: biasedFactors() })),
  'sampled softmax': programOf(clickLoss.with({ ...small, loss: 'softmax', negatives: 3, users: 'interaction' })),
  BS: programOf(clickLoss.with({ ...small, itemBias: 'training' })),
  'weighted clicks': programOf(clickLoss.with({ ...small, weight: outside() })),
  'IPW as coded': programOf(clickLoss.with({ ...small, loss: 'bpr', scale: byRate() })),
  Reg: programOf(clickLoss.with({ ...small, regularisation: 0.4, regulariser: headAndTail() })),
  MACR: programOf(macr.with({ ...strong, negatives: 2 })),
  'MACR, paired': programOf(macr.with({ ...strong, fusion: 'paired' })),
  'MACR without its user branch': programOf(macr.with({ ...strong, userBranch: false })),
  'MACR without its item branch': programOf(macr.with({ ...strong, itemBranch: false, backbone: biasedFactors() })),
  'MACR without branches': programOf(macr.with({ ...strong, itemBranch: false, userBranch: false })),
};

describe('gradients of methods on clicks equal finite differences', () => {
  test.each(Object.entries(methods))('%s', (_, program) => {
    const machine = bound(program, { inputs });
    draw(machine);
    const moved = program.groups.all!.own;
    expect(moved.length).toBeGreaterThan(1);
    for (const table of moved) expect(gapOf(machine, 0, table), table).toBeLessThan(3e-6);
  });
});

describe('MACR', () => {
  const lossOf = (program: Program, scale: number) => {
    const machine = bound(program);
    draw(machine);
    for (const { values, count } of machine.tables.values())
      for (let n = 0; n < count; n++) machine.memory.floats[values + n]! *= scale;
    machine.steps[0]!.gradient();
    return machine.steps[0]!.loss();
  };

  test('starts at 2 ln 2 for its match and for each of its heads, whatever the fusion', () => {
    for (const fusion of ['cross', 'paired'] as const) {
      const program = programOf(macr.with({ ...small, alpha: 0.3, beta: 0.2, fusion }));
      expect(lossOf(program, 0)).toBeCloseTo(2 * Math.LN2 * 1.5, 8);
    }
  });

  test('pairs a gate with every match of the batch, or with its own', () => {
    const [cross, paired] = (['cross', 'paired'] as const).map((fusion) =>
      lossOf(programOf(macr.with({ ...strong, fusion })), 2),
    );
    expect(Math.abs(cross! - paired!)).toBeGreaterThan(1e-3);
  });

  test('without a branch it has no head of it, and without both the match is all there is', () => {
    const { tables, readouts } = programOf(macr.with({ ...strong, userBranch: false }));
    expect(Object.keys(tables)).toEqual(['P', 'Q', 'itemHead']);
    expect(Object.keys(readouts ?? {})).toEqual(['match', 'total effect', 'item gate']);
    const none = programOf(macr.with({ ...strong, itemBranch: false, userBranch: false, alpha: 0, beta: 0 }));
    expect(lossOf(none, 1)).toBeCloseTo(lossOf(programOf(clickLoss.with(small)), 1), 10);
  });

  test('refuses a backbone that multiplies no vectors', () => {
    expect(() => programOf(macr.with({ ...strong, backbone: sharedHeads() }))).toThrow(
      'the backbone does not multiply one vector of the user with one of the item',
    );
  });
});

test('Reg is the mean squared distance between a popular and another item', () => {
  const lossOf = (regularisation: number) => {
    const of = clickLoss.with({ ...small, regularisation, regulariser: headAndTail() });
    const machine = bound(programOf(of), { inputs });
    draw(machine);
    machine.steps[0]!.gradient();
    return { loss: machine.steps[0]!.loss(), Q: valuesOf(machine, 'Q') };
  };
  const { loss, Q } = lossOf(2);
  const sets = inputs.popular.model.tensors.sets!.data as Float32Array;
  const of = (column: number) => [0, 1, 2, 3].filter((i) => (sets[2 * i + column] as number) > 0);
  const apart = of(0).flatMap((i) =>
    of(1).map((j) => [0, 1, 2].reduce((sum, k) => sum + ((Q[3 * i + k] as number) - (Q[3 * j + k] as number)) ** 2, 0)),
  );
  expect(apart.length).toBeGreaterThan(2);
  expect(loss - lossOf(0).loss).toBeCloseTo((2 * apart.reduce((a, b) => a + b, 0)) / apart.length, 5);
});

describe('CausE', () => {
  const of = (mark: 0 | 1) => {
    const rows = { ...toy, columns: { ...toy.columns, marked: new Float32Array(toy.user.length).fill(mark) } };
    const machine = bound(programOf(causalEmbeddings.with({ ...small, distance: 0.6, negatives: 2 })), {}, rows);
    draw(machine);
    return machine;
  };
  test.each([
    ['control', 0, 'Q', 'Q treated'],
    ['treatment', 1, 'Q treated', 'Q'],
  ] as const)(
    'clicks of %s move their item vectors and their users alone, as finite differences say',
    (_, mark, moved, still) => {
      const machine = of(mark);
      for (const table of ['P', moved]) expect(gapOf(machine, 0, table), table).toBeLessThan(3e-6);
      const decayed = valuesOf(machine, still).map((q, n) => [q, gradientOf(machine, 0, still)[n] as number] as const);
      // what still moves a twin is its decay, along its own row
      for (let row = 0; row < items; row++) {
        const ratios = decayed.slice(3 * row, 3 * row + 3).map(([q, gradient]) => gradient / q);
        for (const ratio of ratios) expect(ratio).toBeCloseTo(ratios[0] as number, 8);
      }
    },
  );
});
