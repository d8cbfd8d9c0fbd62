import { describe, expect, test } from 'vitest';
import { program } from '../../../nodes/learning/declaration.ts';
import { squaredError } from '../../../nodes/learning/expression/losses.ts';
import { scorer, servingOf } from '../../../nodes/learning/serve.ts';
import { tensorsOf } from '../../../nodes/learning/train.ts';
import { bound, draw, entriesOf, gapOf, gradientOf, items, toyRows, users } from './bench.ts';

const moving = ['P', 'T', 'hidden', 'shift', 'last', 'offset'];
/** A factor score times a network on the item alone. */
const trial = (batch: number, activation: 'tanh' | 'relu') =>
  program<string, 'z' | 'a', 'B', 'all'>({
    tables: {
      P: { rows: 'user', width: 2, start: { normal: 0.7 } },
      T: { rows: 'item', width: 2, start: { normal: 0.7 } },
      Z: { rows: 'item', width: 3, start: { normal: 0.7 } },
      hidden: { rows: 4, width: 5, start: { normal: 0.7 } },
      shift: { rows: 'one', width: 4, start: { normal: 0.7 } },
      last: { rows: 'one', width: 4, start: { normal: 0.7 } },
      offset: { rows: 'one', width: 1, start: { constant: 0.3 } },
    },
    scores: {
      z: { dot: ['P', 'T'] },
      a: {
        dense: ['T', { stop: 'Z' }],
        layers: [
          { weights: 'hidden', bias: 'shift', activation },
          { weights: 'last', bias: 'offset' },
        ],
      },
    },
    streams: { B: { draw: 'observed', batch, last: 'fill' } },
    groups: { all: { own: moving, rate: 0.1 } },
    batch: ({ score, column, mean }) => [
      { loss: mean('B', squaredError(score('z').times(score('a')), column('y'))), move: ['all'] },
    ],
    stop: { rule: 'plateau', tolerance: 0, patience: 5, epochs: 1 },
    serve: ({ score }) => score('a'),
  });

describe('dense layers on rows of one side', () => {
  test.each(['tanh', 'relu'] as const)(
    'have the gradient of finite differences where ids repeat (%s)',
    (activation) => {
      const machine = bound(trial(12, activation));
      draw(machine);
      for (const table of moving) expect(gapOf(machine, 0, table), table).toBeLessThan(2e-6);
      expect(new Set(gradientOf(machine, 0, 'Z'))).toEqual(new Set([0]));
    },
  );

  test('and so they have in a batch of more rows than a block', () => {
    const [manyUsers, manyItems] = [100, 30];
    const pairs = Array.from({ length: 1500 }, (_, n) => 2 * n);
    const machine = bound(
      trial(1500, 'tanh'),
      {},
      {
        users: manyUsers,
        items: manyItems,
        user: Uint32Array.from(pairs, (pair) => Math.floor(pair / manyItems)),
        item: Uint32Array.from(pairs, (pair) => pair % manyItems),
        columns: { y: Float32Array.from(pairs, (pair) => (pair % 7 < 3 ? 1 : 0)) },
      },
    );
    draw(machine);
    for (const table of ['T', 'hidden', 'offset']) expect(gapOf(machine, 0, table), table).toBeLessThan(2e-6);
  });

  test('give every pair of an item the same score: that of the layers written out', () => {
    const of = trial(12, 'tanh');
    const machine = bound(of, {}, toyRows());
    const user = Uint32Array.from({ length: users * items }, (_, n) => Math.floor(n / items));
    const item = Uint32Array.from({ length: users * items }, (_, n) => n % items);
    const served = new Float32Array(user.length);
    scorer({ head: { serving: servingOf(of) }, tensors: tensorsOf(machine) }).score(user, item, served);
    const read = (name: string) => entriesOf(machine, name).map((at) => machine.memory.floats[at] as number);
    const [T, Z, hidden, shift, last, offset] = ['T', 'Z', 'hidden', 'shift', 'last', 'offset'].map(read) as number[][];
    served.forEach((score, n) => {
      const i = item[n] as number;
      const x = [...T!.slice(2 * i, 2 * i + 2), ...Z!.slice(3 * i, 3 * i + 3)];
      const y = shift!.map((b, j) => Math.tanh(x.reduce((sum, value, k) => sum + value * hidden![5 * j + k]!, b)));
      expect(score).toBeCloseTo(
        y.reduce((sum, value, j) => sum + value * last![j]!, offset![0]!),
        5,
      );
    });
  });
});
