import { describe, expect, test } from 'vitest';
import { type PenaltyDeclaration, program, type Words } from '../../../nodes/learning/declaration.ts';
import {
  crossEntropyOf,
  inverse,
  logisticLoss,
  type ScoreEntropy,
  saturatingLoss,
  squaredError,
} from '../../../nodes/learning/expression/losses.ts';
import { constant, largest, Num, type Rows } from '../../../nodes/learning/expression/tree.ts';
import { bound, differencesOf, draw, gapOf, gradientOf, toyRows, valuesOf } from './bench.ts';

type Penalty = PenaltyDeclaration<'P' | 'Q' | 'R' | 'T' | 'bi', 'B' | 'S'>;
type W = Words<'z' | 'x', 'w', 'g', 'a', 'B' | 'S'>;
/** Two factor scores, a trainable number and every stream; the loss is what is tried. */
const trial = (loss: (words: W) => Num, penalties: readonly Penalty[] = []) =>
  program({
    tables: {
      P: { rows: 'user', width: 3, start: { normal: 0.7 } },
      Q: { rows: 'item', width: 3, start: { normal: 0.7 } },
      R: { rows: 'user', width: 2, start: { normal: 0.7 } },
      T: { rows: 'item', width: 2, start: { normal: 0.7 } },
      bi: { rows: 'item', width: 1, start: { uniform: 0.5 } },
    },
    scores: {
      z: { sum: [{ dot: ['P', 'Q'] }, { bias: 'bi' }] },
      x: { sum: [{ dot: ['P', 'Q'] }, { dot: ['R', 'T'] }] },
    },
    parameters: { a: 0.6 },
    columns: { w: { port: 'w', column: 'w' } },
    givens: { g: { port: 'g', field: 'g' } },
    streams: { B: { draw: 'observed', batch: 6 }, S: { draw: 'pairs', per: 'B', ratio: 1.5 } },
    groups: { all: { own: ['P', 'Q', 'R', 'T', 'bi', 'a'], rate: 0.1 } },
    batch: (words) => [{ loss: loss(words), penalties, move: ['all'] }],
    stop: { rule: 'plateau', tolerance: 0, patience: 5, epochs: 1 },
    serve: ({ score }) => score('z'),
  });
const givens = { g: 0.35 };
const machineOf = (loss: (words: W) => Num, penalties: readonly Penalty[] = []) => {
  const machine = bound(trial(loss, penalties), { givens });
  draw(machine);
  return machine;
};

const operations: Record<string, (words: W) => Num> = {
  'score, rows + rows': ({ score, sum }) => sum('B', score('z').plus(score('x'))),
  'rows - rows, squared': ({ score, sum }) => sum('B', score('z').minus(score('x')).squared()),
  'rows x rows': ({ score, mean }) => mean('S', score('z').times(score('x'))),
  'rows / rows': ({ score, mean }) => mean('B', score('z').over(score('x').exp().plus(1))),
  'rows / number of the batch': ({ score, sum }) => sum('B', score('z').squared()).over(sum('B', score('x').exp())),
  'number / rows': ({ score, mean }) => mean('B', constant(2).over(score('z').exp())),
  'number - rows': ({ score, mean }) => mean('B', constant(1).minus(score('z')).squared()),
  negation: ({ score, mean }) => mean('B', score('z').negated().exp()),
  sigmoid: ({ score, mean }) => mean('B', score('z').sigmoid()),
  softplus: ({ score, mean }) => mean('B', score('z').times(4).softplus()),
  exp: ({ score, mean }) => mean('B', score('z').exp()),
  'log with a shift': ({ score, mean }) => mean('B', score('z').squared().log(0.3)),
  'clip, on both of its sides': ({ score, mean }) => mean('S', score('z').clip(-0.4, 0.5).times(score('x'))),
  choice: ({ score, column, mean }) => mean('S', column('o').choose(score('z').exp(), score('x').squared())),
  'choice with one value for all rows': ({ score, column, parameter, mean }) =>
    mean('B', column('y').choose(parameter('a').exp(), score('x'))),
  'a trainable number among rows': ({ score, parameter, mean }) =>
    mean('B', score('z').times(parameter('a')).sigmoid()),
  'arithmetic of numbers': ({ score, parameter, mean, sum }) =>
    mean('B', score('z'))
      .squared()
      .plus(parameter('a').exp())
      .minus(sum('S', score('x')).over(7).negated())
      .times(0.3),
  'log and exp of a number': ({ score, mean }) => mean('B', score('z').exp()).log(0.1).exp(),
  'a number given from outside': ({ score, given, mean }) => mean('B', score('z').times(given('g')).exp()),
  'the size of a stream': ({ score, sum, size }) => sum('B', score('z').squared()).over(size('S')),
  'columns of observed rows': ({ score, column, mean }) => mean('B', column('w').times(score('z')).times(column('y'))),
  'the observation indicator over all pairs': ({ score, column, mean }) =>
    mean('S', column('o').minus(score('z')).squared()),
  'one score read twice': ({ score, mean }) => mean('B', score('z').times(score('z').sigmoid())),
  'logistic loss with a target that learns': ({ score, mean }) =>
    mean('B', logisticLoss(score('z'), score('x').sigmoid())),
  'cross-entropy of a probability': ({ score, column, mean }) =>
    mean('B', crossEntropyOf(score('z').sigmoid(), column('y'), 1e-6)),
  'cross-entropy by way of a probability, with a target that learns': ({ score, mean }) =>
    mean('B', saturatingLoss(score('z'), score('x').sigmoid())),
  'inverse propensity, under and over its clip': ({ score, column, mean }) =>
    mean('B', inverse(score('x').sigmoid(), 0.45).times(logisticLoss(score('z'), column('y')))),
  'squared error': ({ score, column, mean }) => mean('S', squaredError(score('z').sigmoid(), column('o'))),
};

describe('gradients equal finite differences', () => {
  test.each(Object.entries(operations))('%s', (_, loss) => {
    const machine = machineOf(loss);
    for (const table of ['P', 'Q', 'R', 'T', 'bi', 'a']) expect(gapOf(machine, 0, table), table).toBeLessThan(2e-6);
  });

  test.each<[string, Penalty]>([
    ['mean square of rows side by side', { weight: 0.7, on: 'B', meanSquare: ['P', 'R'] }],
    ['mean square on a sample of all pairs', { weight: 0.7, on: 'S', meanSquare: ['Q'] }],
    ['cross-Gram of users', { weight: 1.3, on: 'B', crossGram: ['P', 'R'] }],
    ['cross-Gram of items', { weight: 1.3, on: 'S', crossGram: ['T', 'Q'] }],
  ])('penalty: %s', (_, penalty) => {
    const machine = machineOf(({ score, mean }) => mean('B', score('z').sigmoid()), [penalty]);
    for (const table of ['P', 'Q', 'R', 'T', 'bi']) expect(gapOf(machine, 0, table), table).toBeLessThan(2e-6);
  });

  test('a penalty counts a row as often as the batch draws it', () => {
    const rows = toyRows();
    const machine = bound(
      trial(({ score, mean }) => mean('B', score('z').stop()), [{ weight: 1, on: 'B', meanSquare: ['P'] }]),
      { givens },
    );
    let [drawn, whole] = [0, 0];
    for (const step of [0, 1]) {
      draw(machine, step);
      machine.steps[0]!.gradient();
      drawn += machine.steps[0]!.loss();
    }
    // two batches of six are all twelve rows, so the two penalties add up to that of every row
    const P = valuesOf(machine, 'P');
    for (const user of rows.user) for (let k = 0; k < 3; k++) whole += (P[3 * user + k] as number) ** 2 / 18;
    const plain = bound(
      trial(({ score, mean }) => mean('B', score('z').stop())),
      { givens },
    );
    for (const step of [0, 1]) {
      draw(plain, step);
      plain.steps[0]!.gradient();
      drawn -= plain.steps[0]!.loss();
    }
    expect(drawn).toBeCloseTo(whole, 9);
  });
});

describe('stop', () => {
  test('lets exactly nothing through, and changes no value', () => {
    const machine = machineOf(({ score, mean }) => mean('B', score('z').stop().exp().times(score('x').stop())));
    for (const table of ['P', 'Q', 'R', 'T', 'bi']) {
      expect(new Set(gradientOf(machine, 0, table)), table).toEqual(new Set([0]));
      expect(Math.max(...differencesOf(machine, 0, table).map(Math.abs)), table).toBeGreaterThan(1e-3);
    }
  });

  test('is about one occurrence: the other one of the same score still learns', () => {
    const loss = ({ score, mean }: W) => mean('B', score('z').stop().times(score('z')));
    const half = machineOf(loss);
    const whole = machineOf(({ score, mean }) => mean('B', score('z').squared()));
    const [a, b] = [gradientOf(half, 0, 'P'), gradientOf(whole, 0, 'P')];
    a.forEach((slope, n) => {
      expect(2 * slope).toBeCloseTo(b[n] as number, 12);
    });
    half.steps[0]!.gradient();
    whole.steps[0]!.gradient();
    expect(half.steps[0]!.loss()).toBe(whole.steps[0]!.loss());
  });

  test('on a table keeps the score and moves the other side alone', () => {
    const stopped = (side: 'user' | 'none') =>
      bound(
        program({
          tables: {
            P: { rows: 'user', width: 3, start: { normal: 1 } },
            Q: { rows: 'item', width: 3, start: { normal: 1 } },
          },
          scores: { z: { dot: [side === 'user' ? { stop: 'P' } : 'P', 'Q'] } },
          streams: { B: { draw: 'observed', batch: 6 } },
          groups: { all: { own: ['P', 'Q'], rate: 0.1 } },
          batch: ({ score, column, mean }) => [
            { loss: mean('B', logisticLoss(score('z'), column('y'))), move: ['all'] },
          ],
          stop: { rule: 'plateau', tolerance: 0, patience: 5, epochs: 1 },
          serve: ({ score }) => score('z'),
        }),
      );
    const [free, half] = [stopped('none'), stopped('user')];
    draw(free);
    draw(half);
    expect(new Set(gradientOf(half, 0, 'P'))).toEqual(new Set([0]));
    expect(gradientOf(half, 0, 'Q')).toEqual(gradientOf(free, 0, 'Q'));
    expect(half.steps[0]!.loss()).toBe(free.steps[0]!.loss());
  });

  test('nothing flows through a largest value, a condition or an indicator', () => {
    const machine = machineOf(({ score, mean }) =>
      mean('B', score('z').inside(-0.2, 0.2).choose(1, 2)).plus(largest('B', score('z') as Rows)),
    );
    for (const table of ['P', 'Q', 'bi']) expect(new Set(gradientOf(machine, 0, table))).toEqual(new Set([0]));
  });

  test('a table that a step does not move gets no gradient from it', () => {
    const machine = bound(
      program({
        tables: {
          P: { rows: 'user', width: 2, start: { normal: 1 } },
          Q: { rows: 'item', width: 2, start: { normal: 1 } },
        },
        scores: { z: { dot: ['P', 'Q'] } },
        streams: { B: { draw: 'observed', batch: 6 } },
        groups: { users: { own: ['P'], rate: 0.1 }, items: { own: ['Q'], rate: 0.1 } },
        batch: ({ score, mean }) => [
          { loss: mean('B', score('z').exp()), move: ['users'] },
          { loss: mean('B', score('z').exp()), move: ['items'] },
        ],
        stop: { rule: 'plateau', tolerance: 0, patience: 5, epochs: 1 },
        serve: ({ score }) => score('z'),
      }),
    );
    draw(machine);
    expect(new Set(gradientOf(machine, 0, 'Q'))).toEqual(new Set([0]));
    expect(new Set(gradientOf(machine, 1, 'P'))).toEqual(new Set([0]));
    expect(gapOf(machine, 0, 'P')).toBeLessThan(2e-6);
    expect(gapOf(machine, 1, 'Q')).toBeLessThan(2e-6);
  });
});

describe('expressions that make no sense are refused', () => {
  test.each<[string, (words: W) => Num, string]>([
    [
      'rows outside of a reducer',
      ({ score }) => new Num(score('z').tree),
      "'z' has one value a row and stands outside of every sum and mean",
    ],
    ['a misspelt score', ({ score, mean }) => mean('B', score('zz' as 'z')), "there is no score 'zz'; there are z, x"],
    [
      'a column that nobody gives',
      ({ column, mean }) => mean('B', column('v' as 'w')),
      "there is no column 'v'; there are o, y, w",
    ],
    [
      'weights of observed rows on all pairs',
      ({ column, mean }) => mean('S', column('w')),
      "column 'w' is known for observed rows only, and stream 'S' draws from all pairs",
    ],
    ['a stream that is not declared', ({ score, mean }) => mean('C' as 'B', score('z')), "there is no stream 'C'"],
  ])('%s', (_, loss, message) => {
    expect(() => machineOf(loss)).toThrow(message);
  });
});

describe('cross-entropy of a score of 20 against 0, in 32 bits', () => {
  const slope = (loss: ScoreEntropy): number => {
    const side = { width: 1, start: { constant: Math.sqrt(20) } };
    const machine = bound(
      program({
        tables: { P: { rows: 'user', ...side }, Q: { rows: 'item', ...side } },
        scores: { z: { dot: ['P', 'Q'] } },
        streams: { B: { draw: 'observed', batch: 12 } },
        groups: { all: { own: ['P', 'Q'], rate: 0.1 } },
        batch: ({ score, mean }) => [{ loss: mean('B', loss(score('z'), 0)), move: ['all'] }],
        stop: { rule: 'plateau', tolerance: 0, patience: 1, epochs: 1 },
        serve: ({ score }) => score('z'),
      }),
      { precision: 'f32' },
    );
    draw(machine);
    return Math.max(...gradientOf(machine, 0, 'P').map(Math.abs));
  };

  test('pulls it down where the score is read', () => expect(slope(logisticLoss)).toBeGreaterThan(0.1));
  test('leaves it where it is once its probability has been rounded to 1', () => expect(slope(saturatingLoss)).toBe(0));
});
