import { describe, expect, test } from 'vitest';
import { biasedFactors } from '../../../nodes/backbones/biased-factors.ts';
import { factors } from '../../../nodes/backbones/factors.ts';
import { sharedHeads } from '../../../nodes/backbones/shared-heads.ts';
import { clickLoss } from '../../../nodes/estimators/click-loss.ts';
import { macr } from '../../../nodes/estimators/macr.ts';
import type { Program } from '../../../nodes/learning/declaration.ts';
import { outside } from '../../../nodes/weighting/outside.ts';
import { bound, draw, gapOf, programOf } from './bench.ts';

const small = { width: 3, batch: 6, l2: 0.1, backbone: factors({ sd: 0.7 }) };
const strong = { ...small, alpha: 0.3, beta: 0.2 };
const methods: Record<string, Program> = {
  'cross-entropy of clicks': programOf(clickLoss.with({ ...small, negatives: 2, popularity: 0.5 })),
  'BPR on a backbone with biases': programOf(clickLoss.with({ ...small, loss: 'bpr', backbone: biasedFactors() })),
  'sampled softmax': programOf(clickLoss.with({ ...small, loss: 'softmax', negatives: 3, users: 'interaction' })),
  BS: programOf(clickLoss.with({ ...small, itemBias: 'training' })),
  'weighted clicks': programOf(clickLoss.with({ ...small, weight: outside() })),
  MACR: programOf(macr.with({ ...strong, negatives: 2 })),
  'MACR, paired': programOf(macr.with({ ...strong, fusion: 'paired' })),
  'MACR without its user branch': programOf(macr.with({ ...strong, userBranch: false })),
  'MACR without its item branch': programOf(macr.with({ ...strong, itemBranch: false, backbone: biasedFactors() })),
  'MACR without branches': programOf(macr.with({ ...strong, itemBranch: false, userBranch: false })),
};

describe('gradients of methods on clicks equal finite differences', () => {
  test.each(Object.entries(methods))('%s', (_, program) => {
    const machine = bound(program);
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
