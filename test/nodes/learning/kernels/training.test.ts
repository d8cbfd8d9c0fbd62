import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { randomOf } from '../../../../core/numeric/index.ts';
import { type Program, program } from '../../../../nodes/learning/declaration.ts';
import { crossEntropyOf, inverse, logisticLoss } from '../../../../nodes/learning/expression/losses.ts';
import { type NumericEngine, plainEngine } from '../../../../nodes/learning/kernels/numeric.ts';
import type { TrainingRows } from '../../../../nodes/learning/sampling/samplers.ts';
import { type Trained, train } from '../../../../nodes/learning/train.ts';
import { compiledEngine } from './twins.ts';

const [users, items, count] = [61, 43, 900];
const draw = randomOf('training on twins');
const order = draw
  .permutation(users * items)
  .subarray(0, count)
  .sort();
const rows: TrainingRows = {
  users,
  items,
  user: order.map((pair) => Math.floor(pair / items)),
  item: order.map((pair) => pair % items),
  columns: {
    y: Float32Array.from(order, () => (draw.uniform() < 0.4 ? 1 : 0)),
    w: Float32Array.from(order, () => 1 + 9 * draw.uniform()),
  },
};
const stop = (epochs: number) => ({ rule: 'plateau', tolerance: 0, patience: 1000, epochs }) as const;
const normal = { normal: 0.5 } as const;

/** Programs that together call every kernel that training has, at widths and batches that are no multiples of four. */
const programs: Readonly<Record<string, (epochs: number) => Program>> = {
  'weighted cross-entropy': (epochs) =>
    program({
      tables: {
        P: { rows: 'user', width: 7, start: normal },
        Q: { rows: 'item', width: 7, start: normal },
        b: { rows: 'user', width: 1, start: { constant: 0 } },
      },
      scores: { z: { sum: [{ dot: ['P', 'Q'] }, { bias: 'b' }] } },
      columns: { w: { port: 'w', column: 'w' } },
      streams: { B: { draw: 'observed', batch: 37 } },
      groups: { all: { own: ['P', 'Q', 'b'], rate: 0.01, l2: 1e-3 } },
      batch: ({ score, column, sum }) => [
        {
          loss: sum('B', column('w').times(logisticLoss(score('z'), column('y')))).over(sum('B', column('w'))),
          move: ['all'],
        },
      ],
      stop: stop(epochs),
      serve: ({ score }) => score('z').sigmoid(),
    }),
  'a joint model with penalties': (epochs) =>
    program({
      tables: {
        P: { rows: 'user', width: 9, start: normal },
        Q: { rows: 'item', width: 9, start: normal },
        Pa: { rows: 'user', width: 6, start: normal },
        Qa: { rows: 'item', width: 6, start: normal },
      },
      scores: { z: { dot: ['P', 'Q'] }, o: { sum: [{ dot: [{ stop: 'P' }, 'Q'] }, { dot: ['Pa', 'Qa'] }] } },
      streams: { B: { draw: 'observed', batch: 50 }, S: { draw: 'pairs', per: 'B', ratio: 2 } },
      groups: {
        prediction: { own: ['P', 'Q'], rate: 0.01, l2: 1e-4 },
        propensity: { own: ['Pa', 'Qa', 'Q'], rate: 0.05, by: 'sgd', momentum: 0.9 },
      },
      batch: ({ score, column, mean }) => [
        {
          loss: mean('B', inverse(score('o').sigmoid(), 0.05).times(logisticLoss(score('z'), column('y')))).plus(
            mean('S', crossEntropyOf(score('o').sigmoid(), column('o'), 1e-6)),
          ),
          penalties: [
            { weight: 0.01, on: 'S', crossGram: ['P', 'Pa'] },
            { weight: 0.02, on: 'B', meanSquare: ['Q', 'Qa'] },
          ],
          move: ['prediction', 'propensity'],
        },
      ],
      stop: stop(epochs),
      serve: ({ score }) => score('z').sigmoid(),
    }),
};

function run(of: Program, numeric: NumericEngine): Trained {
  const quiet = { debug() {}, info() {}, warn() {} };
  return train(of, rows, {
    rng: randomOf('seed'),
    log: quiet,
    progress: { report() {}, epoch() {} },
    cancel: { requested: false, check() {} },
    numeric,
  });
}
const bytes = ({ tensors, history }: Trained) => {
  const hash = createHash('sha256').update(JSON.stringify(history));
  for (const { data } of Object.values(tensors)) hash.update(data);
  return hash.digest('hex');
};

describe.each(Object.entries(programs))('%s', (_, of) => {
  test('after an epoch the compiled kernels and their twin have the same tables to 1e-4, and the same loss to 1e-5', () => {
    const [compiled, plain] = [compiledEngine, plainEngine].map((engine) => run(of(1), engine)) as [Trained, Trained];
    for (const [name, { data }] of Object.entries(plain.tensors))
      for (let i = 0; i < data.length; i++)
        if (!(Math.abs(data[i]! - compiled.tensors[name]!.data[i]!) <= 1e-4))
          expect(compiled.tensors[name]!.data[i], `${name}[${i}]`).toBe(data[i]);
    const [mine, theirs] = [compiled.history[0]!.loss!, plain.history[0]!.loss!];
    expect(Math.abs(mine - theirs) / theirs).toBeLessThan(1e-5);
  });

  test('every run gives the same bytes', () => {
    const first = run(of(4), compiledEngine);
    expect(bytes(run(of(4), compiledEngine))).toBe(bytes(first));
    expect(first.history).toHaveLength(4);
    expect(first.history[3]!.loss).toBeLessThan(first.history[0]!.loss!);
  });
});
