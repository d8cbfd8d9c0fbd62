import { describe, expect, test } from 'vitest';
import { randomOf } from '../../../core/numeric/index.ts';
import { additive } from '../../../nodes/backbones/additive.ts';
import { biasedFactors } from '../../../nodes/backbones/biased-factors.ts';
import { factors } from '../../../nodes/backbones/factors.ts';
import { crossEntropy } from '../../../nodes/estimators/cross-entropy.ts';
import { doublyRobust } from '../../../nodes/estimators/doubly-robust.ts';
import type { Program } from '../../../nodes/learning/declaration.ts';
import { observationProgram } from '../../../nodes/propensity/factorised.ts';
import { outside } from '../../../nodes/weighting/outside.ts';
import { bound, draw, gapOf, gradientOf, items, programOf, toyRows, users, valuesOf } from './bench.ts';

const small = { width: 3, batch: 6 };
const givens = { prior: 0.4 };
const backbones = { factors: factors({ sd: 0.7 }), 'biased factors': biasedFactors({ sd: 0.7 }), additive: additive() };
const estimators: Record<string, (backbone: (typeof backbones)[keyof typeof backbones]) => Program> = {
  naive: (backbone) => programOf(crossEntropy.with({ ...small, backbone })),
  IPS: (backbone) => programOf(crossEntropy.with({ ...small, backbone, weight: outside() })),
  SNIPS: (backbone) => programOf(crossEntropy.with({ ...small, backbone, weight: outside(), normalise: 'batch' })),
  'doubly robust as coded': (backbone) => programOf(doublyRobust.with({ ...small, backbone, ratio: 1.5 })),
  'doubly robust, eq. 4': (backbone) =>
    programOf(doublyRobust.with({ ...small, backbone, ratio: 1.5, control: 'weighted' })),
};
const observation = observationProgram({ width: 3, batch: 10, rate: 0.1, l2: 0, tolerance: 0, patience: 5, epochs: 1 });

describe('gradients of estimators equal finite differences', () => {
  const cases = Object.entries(estimators).flatMap(([name, make]) =>
    Object.entries(backbones).map(([backbone, part]) => [name, backbone, make(part)] as const),
  );
  test.each([...cases, ['factorised propensity', 'additive', observation] as const])('%s on %s', (_, __, program) => {
    const machine = bound(program, { givens });
    draw(machine);
    for (const table of machine.tables.keys()) expect(gapOf(machine, 0, table), table).toBeLessThan(3e-6);
  });
});

/** Loss of the first batch, all observed rows, beside what a formula says of the logits of every row. */
function lossOf(program: Program, rows = toyRows()) {
  const machine = bound(program, { givens }, rows);
  draw(machine);
  machine.steps[0]!.gradient();
  const [P, Q] = [valuesOf(machine, 'P'), valuesOf(machine, 'Q')];
  const logit = (u: number, i: number) =>
    [0, 1, 2].reduce((dot, k) => dot + (P[3 * u + k] as number) * (Q[3 * i + k] as number), 0);
  return { machine, loss: machine.steps[0]!.loss(), tracked: machine.steps[0]!.tracked(), logit };
}
const ce = (z: number, target: number) => Math.log(1 + Math.exp(z)) - target * z;
const whole = { width: 3, batch: 12, backbone: factors({ sd: 0.7 }) };
const rows = toyRows();
const { y, w } = rows.columns as { y: Float32Array; w: Float32Array };
const observed = (value: (u: number, i: number, r: number) => number) =>
  [...rows.user.keys()].reduce((sum, r) => sum + value(rows.user[r] as number, rows.item[r] as number, r), 0);

describe('losses are what their formulas say', () => {
  test('naive: the mean cross-entropy', () => {
    const { loss, logit } = lossOf(programOf(crossEntropy.with(whole)));
    expect(loss).toBeCloseTo(observed((u, i, r) => ce(logit(u, i), y[r]!)) / 12, 8);
  });

  test('IPS: weighted, divided by the rows; SNIPS: divided by the weights', () => {
    const weighted = { ...whole, weight: outside() };
    const { loss, logit } = lossOf(programOf(crossEntropy.with(weighted)));
    const sum = observed((u, i, r) => w[r]! * ce(logit(u, i), y[r]!));
    expect(loss).toBeCloseTo(sum / 12, 7);
    const snips = lossOf(programOf(crossEntropy.with({ ...weighted, normalise: 'batch' })));
    expect(snips.loss).toBeCloseTo(sum / w.reduce((a, b) => a + b, 0), 8);
  });

  test.each(['unweighted', 'weighted'] as const)(
    'doubly robust with the %s control variate, over all pairs; the rule follows its weighted error',
    (control) => {
      const method = doublyRobust.with({ ...whole, ratio: (users * items) / 12, control });
      const { loss, tracked, logit } = lossOf(programOf(method));
      let all = 0;
      for (let u = 0; u < users; u++) for (let i = 0; i < items; i++) all += ce(logit(u, i), 0.4);
      const error = observed((u, i, r) => w[r]! * ce(logit(u, i), y[r]!));
      const variate = observed((u, i, r) => (control === 'weighted' ? w[r]! : 1) * ce(logit(u, i), 0.4));
      expect(loss).toBeCloseTo((error - variate + all) / (users * items), 7);
      expect(tracked).toBeCloseTo(error / 12, 7);
    },
  );

  test('the factorised propensity: mean squared gap to the observation indicator, labels unread', () => {
    const program = observationProgram({ width: 3, batch: 20, rate: 1, l2: 0, tolerance: 0, patience: 5, epochs: 1 });
    const { y: _, ...unlabelled } = rows.columns;
    const machine = bound(program, {}, { ...rows, columns: unlabelled });
    draw(machine);
    machine.steps[0]!.gradient();
    const of = (name: string) => valuesOf(machine, name);
    const [P, Q, au, ai, c] = [of('P'), of('Q'), of('au'), of('ai'), of('c')];
    const term = (table: number[], id: number, a: number[]) =>
      [0, 1, 2].reduce((dot, k) => dot + (table[3 * id + k] as number) * (a[k] as number), 0);
    let sum = 0;
    for (let u = 0; u < users; u++)
      for (let i = 0; i < items; i++) {
        const p = 1 / (1 + Math.exp(-(term(P, u, au) + term(Q, i, ai) + (c[0] as number))));
        const o = rows.user.some((user, r) => user === u && rows.item[r] === i) ? 1 : 0;
        sum += (p - o) ** 2;
      }
    expect(machine.steps[0]!.loss()).toBeCloseTo(sum / 20, 8);
  });
});

describe('estimators that must agree', () => {
  const ones = { ...rows, columns: { y, w: new Float32Array(12).fill(1) } };
  const gradients = (program: Program, data = ones) => {
    const machine = bound(program, { givens, precision: 'f32', random: randomOf('same') }, data);
    draw(machine);
    return [gradientOf(machine, 0, 'P'), gradientOf(machine, 0, 'Q')];
  };

  test('weights of 1 turn IPS and SNIPS into the naive estimator', () => {
    const naive = gradients(programOf(crossEntropy.with(whole)));
    for (const normalise of ['none', 'batch'] as const)
      gradients(programOf(crossEntropy.with({ ...whole, weight: outside(), normalise })))
        .flat()
        .forEach((slope, n) => {
          expect(slope).toBeCloseTo(naive.flat()[n] as number, 6);
        });
  });

  test('weights of 1 make both control variates one', () => {
    const of = (control: 'weighted' | 'unweighted') => gradients(programOf(doublyRobust.with({ ...whole, control })));
    of('weighted')
      .flat()
      .forEach((slope, n) => {
        expect(slope).toBeCloseTo(of('unweighted').flat()[n] as number, 6);
      });
  });

  test('labels that equal the imputed one leave the weighted doubly robust loss with its direct part alone', () => {
    const imputed = { ...rows, columns: { y: new Float32Array(12).fill(0.4), w } };
    const { loss, logit } = lossOf(
      programOf(doublyRobust.with({ ...whole, ratio: (users * items) / 12, control: 'weighted' })),
      imputed,
    );
    let all = 0;
    for (let u = 0; u < users; u++) for (let i = 0; i < items; i++) all += ce(logit(u, i), 0.4);
    expect(loss).toBeCloseTo(all / (users * items), 6);
  });

  test('the error less the imputed error is (imputed label - label) x logit', () => {
    // with weight 1 and the prior 0.4, [sum_B (e - eh) + sum_S eh] / |S| differs from sum_S eh / |S| by sum_B (0.4 - y) z / |S|
    const { loss, logit } = lossOf(programOf(doublyRobust.with({ ...whole, ratio: (users * items) / 12 })), ones);
    let direct = 0;
    for (let u = 0; u < users; u++) for (let i = 0; i < items; i++) direct += ce(logit(u, i), 0.4);
    const closed = observed((u, i, r) => (0.4 - y[r]!) * logit(u, i));
    expect(loss).toBeCloseTo((closed + direct) / (users * items), 7);
  });
});
