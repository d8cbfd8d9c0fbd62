import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { randomOf } from '../../../../core/numeric/index.ts';
import { type Program, program } from '../../../../nodes/learning/declaration.ts';
import { crossEntropyOf, inverse, logisticLoss } from '../../../../nodes/learning/expression/losses.ts';
import { type NumericEngine, plainEngine } from '../../../../nodes/learning/kernels/numeric.ts';
import { bind } from '../../../../nodes/learning/machine/bind.ts';
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
      streams: { B: { draw: 'observed', batch: 19 } },
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

/** One table moves, on batches of four rows. */
const moving = (by: 'adam' | 'adam-tf' | 'adam-lazy', extra: object = {}) =>
  program({
    tables: { b: { rows: 'user', width: 1, start: { constant: 0.5 } } },
    scores: { z: { bias: 'b' } },
    streams: { B: { draw: 'observed', batch: 4 } },
    groups: { all: { own: ['b'], rate: 0.1, by, ...extra } },
    batch: ({ score, column, mean }) => [{ loss: mean('B', logisticLoss(score('z'), column('y'))), move: ['all'] }],
    stop: stop(1),
    serve: ({ score }) => score('z'),
  });
const firstSteps = (by: 'adam' | 'adam-tf' | 'adam-lazy', steps: number) => {
  const machine = bind(moving(by, { l2: 0.01 }), rows, { random: randomOf('seed'), numeric: compiledEngine });
  const read = new Set<number>();
  for (const sampler of machine.samplers) sampler.startEpoch(0);
  let gradient: number[] = [];
  for (let t = 0; t < steps; t++) {
    machine.samplers[0]!.draw(t);
    machine.steps[0]!.gradient();
    const { values, gradient: at, stride } = machine.tables.get('b')!;
    gradient = Array.from({ length: users }, (_, r) => machine.memory.floats[at + r * stride]!);
    for (let r = 0; r < users; r++) if (gradient[r] !== 0) read.add(r);
    machine.steps[0]!.move();
    if (t === steps - 1)
      return {
        read,
        gradient,
        values: Array.from({ length: users }, (_, r) => machine.memory.floats[values + r * stride]!),
      };
  }
  throw new RangeError('no steps');
};

test('a lazy Adam moves the rows that its batches read and no other, decay included', () => {
  const { read, values } = firstSteps('adam-lazy', 3);
  expect(read.size).toBeGreaterThan(3);
  values.forEach((value, r) => {
    if (read.has(r)) expect(value).not.toBe(0.5);
    else expect(value).toBe(0.5);
  });
  expect(firstSteps('adam', 3).values.every((value) => value !== 0.5)).toBe(true);
});

test("TensorFlow's form of Adam adds its epsilon to a root that is not corrected", () => {
  const { gradient, values } = firstSteps('adam-tf', 1);
  gradient.forEach((of, r) => {
    const g = of + 0.01 * 0.5;
    const rate = (0.1 * Math.sqrt(1 - 0.999)) / (1 - 0.9);
    expect(values[r]).toBeCloseTo(0.5 - (rate * 0.1 * g) / (Math.sqrt(0.001 * g * g) + 1e-8), 6);
  });
});

test('a lazy Adam is refused beside a penalty on all of its table, and beside another optimiser', () => {
  const base = moving('adam-lazy');
  const options = { random: randomOf('seed') };
  const step = { ...base.batch[0]!, penalties: [{ weight: 1, on: 'table', meanSquare: ['b'] }] };
  expect(() => bind({ ...base, batch: [step] }, rows, options)).toThrow(
    "a lazy optimiser moves the rows of a batch, and a penalty is on all of 'b'",
  );
  const groups = { ...base.groups, more: { own: ['b'], rate: 0.1 } };
  expect(() => bind({ ...base, groups }, rows, options)).toThrow("'b' has a lazy optimiser and another one");
});
