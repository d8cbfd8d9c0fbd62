import { describe, expect, test } from 'vitest';
import type { StepCheckpoints } from '../../../core/index.ts';
import { randomOf } from '../../../core/numeric/index.ts';
import type { StepMessage } from '../../../core/run/executor.ts';
import { stepCheckpoints } from '../../../core/run/step-checkpoints.ts';
import { auxiliaryFactors } from '../../../nodes/backbones/auxiliary-factors.ts';
import { factors } from '../../../nodes/backbones/factors.ts';
import { lightGcn } from '../../../nodes/backbones/light-gcn.ts';
import { balanced } from '../../../nodes/estimators/balanced.ts';
import { crossEntropy } from '../../../nodes/estimators/cross-entropy.ts';
import { doublyRobust } from '../../../nodes/estimators/doubly-robust.ts';
import { invariantPreference } from '../../../nodes/estimators/invariant-preference.ts';
import { joint } from '../../../nodes/estimators/joint.ts';
import { robustSquaredError } from '../../../nodes/estimators/robust-squared-error.ts';
import { stableDoublyRobust } from '../../../nodes/estimators/stable-doubly-robust.ts';
import { learntLabel } from '../../../nodes/imputing/learnt-label.ts';
import {
  type GroupDeclaration,
  type Program,
  program,
  type StopDeclaration,
} from '../../../nodes/learning/declaration.ts';
import { logisticLoss } from '../../../nodes/learning/expression/losses.ts';
import { pairwise } from '../../../nodes/learning/expression/pairwise.ts';
import { plainEngine } from '../../../nodes/learning/kernels/numeric.ts';
import { scorer } from '../../../nodes/learning/serve.ts';
import { type Trained, type TrainServices, train } from '../../../nodes/learning/train.ts';
import { disentangle } from '../../../nodes/penalties/disentangle.ts';
import { inverseScore } from '../../../nodes/weighting/inverse-score.ts';
import { items, programOf, toyRows, users } from './bench.ts';
import { compiledEngine } from './kernels/twins.ts';

const rows = toyRows();
const random = randomOf('given');
const tensor = (count: number, width: number) => ({
  shape: [count, width],
  data: Float32Array.from({ length: count * width }, () => 0.7 * random.normal()),
});
const model = {
  head: {
    serving: {
      tables: { P: { rows: 'user', width: 3 }, Q: { rows: 'item', width: 3 } },
      scores: { z: { dot: ['P', 'Q'] } },
      serve: { op: 'clip', low: 0.1, high: 1, of: [{ op: 'sigmoid', of: [{ op: 'score', name: 'z' }] }] },
    },
  },
  tensors: { P: tensor(users, 3), Q: tensor(items, 3) },
} as const;
const port = { model, scorer: scorer(model, plainEngine) };
/** The pairs that training does not see, a label of 1 for every other. */
const known = new Set([...rows.user].map((u, r) => u * items + rows.item[r]!));
const held = Array.from({ length: users * items }, (_, pair) => pair).filter((pair) => !known.has(pair));
const options = {
  givens: { prior: 0.4, negative: 3, positive: 2 },
  inputs: { model: port, propensity: port, imputation: port },
  validation: {
    user: Uint32Array.from(held, (pair) => Math.floor(pair / items)),
    item: Uint32Array.from(held, (pair) => pair % items),
    rating: Float32Array.from(held, (_, n) => n % 2),
  },
};

const limit = (epochs: number) => ({ rule: 'plateau', tolerance: 0, patience: 100, epochs }) as const;
/** One score on two tables, moved as the groups say. */
const factorised = (
  groups: Readonly<Record<string, GroupDeclaration>>,
  stop: StopDeclaration,
  given = false,
): Program =>
  program({
    tables: {
      P: { rows: 'user', width: 3, start: given ? { given: 'model', tensor: 'P' } : { normal: 0.5 } },
      Q: { rows: 'item', width: 3, start: { normal: 0.5 } },
    },
    scores: { z: { dot: ['P', 'Q'] } },
    parameters: { shift: 0.1 },
    streams: { B: { draw: 'observed', batch: 5 } },
    groups,
    batch: ({ score, column, mean, parameter }) => [
      { loss: mean('B', logisticLoss(score('z').plus(parameter('shift')), column('y'))), move: Object.keys(groups) },
    ],
    stop,
    serve: ({ score }) => score('z').sigmoid(),
  });
const all = ['P', 'Q', 'shift'];
const by = (how: Omit<GroupDeclaration, 'own'>, stop: StopDeclaration = limit(6)) =>
  factorised({ all: { own: all, ...how } }, stop);

const small = { width: 3, batch: 6, ratio: 1.5, backbone: factors({ sd: 0.7 }), epochs: 5, patience: 100 };
const own = { auxiliary: 2, propensity: auxiliaryFactors({ sd: 0.7 }), imputation: factors({ sd: 0.7 }) };
/** Triples of clicks; stops on the hit rate, at which it looks every other epoch. */
const clicks = program({
  tables: {
    P: { rows: 'user', width: 3, start: { normal: 0.7 } },
    Q: { rows: 'item', width: 3, start: { normal: 0.7 } },
  },
  scores: { z: { dot: ['P', 'Q'] } },
  streams: { T: { draw: 'triples', batch: 6, user: 'uniform', negatives: 1, popularity: 0 } },
  groups: { all: { own: ['P', 'Q'], rate: 0.1, by: 'adam-tf' } },
  batch: ({ score, mean }) => [{ loss: mean('T', pairwise('bce', score('z', 'pos'), [score('z', 0)])), move: ['all'] }],
  stop: { rule: 'patience', metric: 'hr', cutoff: 1, on: 'validation', every: 2, patience: 3, epochs: 20 },
  serve: ({ score }) => score('z').sigmoid(),
});

const programs: Readonly<Record<string, Program>> = {
  'plain Adam with decay': by({ rate: 0.05, l2: 1e-2 }),
  "TensorFlow's Adam": by({ rate: 0.05, by: 'adam-tf' }),
  'lazy Adam': by({ rate: 0.05, by: 'adam-lazy' }),
  'descent with momentum': by({ rate: 0.5, by: 'sgd', momentum: 0.9 }),
  'overlapping groups': factorised(
    { one: { own: all, rate: 0.05 }, other: { own: ['Q', 'P'], rate: 0.2, by: 'sgd', momentum: 0.5 } },
    limit(6),
  ),
  'given start parameters': factorised({ all: { own: all, rate: 0.05 } }, limit(5), true),
  'a plateau that ends it': by({ rate: 0.5 }, { rule: 'plateau', tolerance: 0.3, patience: 2, epochs: 50 }),
  'a rebound that ends it': by({ rate: 0.5 }, { rule: 'rebound', times: 4, epochs: 50 }),
  'patience that restores the best state': by(
    { rate: 1 },
    { rule: 'patience', metric: 'auc', on: 'validation', patience: 5, epochs: 50 },
  ),
  'patience that keeps the last state': by(
    { rate: 1 },
    { rule: 'patience', metric: 'auc', on: 'validation', patience: 3, epochs: 50, restore: 'last' },
  ),
  'DR-JL': programOf(doublyRobust.with({ ...small, imputation: learntLabel() })),
  'TDR, which ends with a step on stop': programOf(
    doublyRobust.with({ ...small, weight: inverseScore(), target: 'on-stop', epochs: 40, patience: 2, tolerance: 0.2 }),
  ),
  'Stable-DR': programOf(stableDoublyRobust.with({ ...small, eta: 0.1 })),
  'DR-V2': programOf(balanced.with({ width: 3, users: 3, items: 2, robust: true, epochs: 6, patience: 3 })),
  'InvPref, which reassigns environments every other epoch': programOf(
    invariantPreference.with({ width: 3, batch: 5, environments: 3, epochs: 7 }),
  ),
  'RD-IPS, whose weights climb between bounds': programOf(
    robustSquaredError.with({ width: 3, batch: 5, every: 2, epochs: 5 }),
  ),
  'triples that stop on a hit rate': clicks,
  'LightGCN of two layers': programOf(crossEntropy.with({ width: 3, batch: 6, epochs: 5, backbone: lightGcn() })),
  'DT-DR': programOf(
    joint.with({
      ...{ ...small, ...own, penalty: disentangle(), penaltyWeight: 0.3, clip: 0.3, observation: 0.5 },
      ...{ control: 'weighted', imputationWeight: 1, error: 'squared' },
    }),
  ),
};

interface Saved {
  readonly at: string;
  readonly bytes: Uint8Array;
}
const key = 'a key';
/** Trains with a checkpoint after every epoch; `from` is what an earlier training saved. */
function trained(of: Program, { from, services = {} }: { from?: Uint8Array; services?: Partial<TrainServices> } = {}) {
  const saved: Saved[] = [];
  const said: StepMessage[] = [];
  let time = 0;
  const checkpoints = stepCheckpoints(
    { key, everyMs: 1, saved: from },
    (message) => (message.say === 'checkpoint' ? saved.push(message) : said.push(message)),
    () => time,
  );
  const result = train(
    of,
    rows,
    {
      rng: randomOf('seed'),
      log: { debug() {}, info() {}, warn() {} },
      progress: {
        report() {},
        epoch() {
          time += 1;
        },
      },
      cancel: { requested: false, check() {} },
      numeric: plainEngine,
      checkpoints,
      ...services,
    },
    options,
  );
  return { result, saved, said };
}
/** Bytes of the tables and exact numbers of the rest. */
const exactly = ({ tensors, history, ...rest }: Trained) => ({
  ...rest,
  tensors: Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [
      name,
      [shape, Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex')],
    ]),
  ),
  history: history.map((values) =>
    Object.entries(values).map(([name, value]) => [name, String(value), Object.is(value, -0)]),
  ),
});

describe.each(Object.entries(programs))('%s', (_, of) => {
  test('goes on from any epoch to the same bytes', () => {
    const quiet = trained(of);
    expect(quiet.result.epochs).toBeGreaterThan(2);
    expect(quiet.saved.map(({ at }) => at)).toEqual(
      Array.from({ length: quiet.result.epochs - 1 }, (_, epoch) => `epoch ${epoch + 1}`),
    );
    for (const { at, bytes } of quiet.saved) {
      const again = trained(of, { from: bytes });
      expect(again.said, at).toEqual([{ say: 'resumed', at }]);
      expect(exactly(again.result), at).toEqual(exactly(quiet.result));
      // what it saves on its way is what the undisturbed one saved there
      expect(again.saved.map(({ bytes: later }) => Buffer.from(later).toString('hex'))).toEqual(
        quiet.saved
          .slice(-again.saved.length || quiet.saved.length)
          .map(({ bytes: then }) => Buffer.from(then).toString('hex')),
      );
    }
  });
});

test('compiled kernels go on as plain ones do', () => {
  const of = programs['overlapping groups'] as Program;
  const services = { numeric: compiledEngine };
  const quiet = trained(of, { services });
  for (const { bytes } of quiet.saved)
    expect(exactly(trained(of, { from: bytes, services }).result)).toEqual(exactly(quiet.result));
});

test('a training that is stopped on request saves where it stands, whatever the time', () => {
  const of = programs['DT-DR'] as Program;
  let epochs = 0;
  const said: Saved[] = [];
  const seldom: StepCheckpoints = stepCheckpoints({ key, everyMs: 1e9 }, (message) => {
    if (message.say === 'checkpoint') said.push(message);
  });
  const cancel = {
    get requested() {
      return epochs === 3;
    },
    check() {
      if (this.requested) throw new Error('stopped');
    },
  };
  const progress = { report() {}, epoch: () => void epochs++ };
  expect(() => trained(of, { services: { checkpoints: seldom, cancel, progress } })).toThrow('stopped');
  expect(said.map(({ at }) => at)).toEqual(['epoch 3']);
  expect(exactly(trained(of, { from: said[0]!.bytes }).result)).toEqual(exactly(trained(of).result));
});

test('whether to stop is asked between epochs alone: a look at the hit rate is never left half-way', () => {
  let asked = 0;
  const cancel = { requested: false, check: () => void asked++ };
  expect(trained(clicks, { services: { cancel } }).result.epochs).toBe(asked);
});

describe('a checkpoint that cannot be trusted is left with a warning, and training starts anew', () => {
  const of = programs['plain Adam with decay'] as Program;
  const quiet = trained(of);
  const good = quiet.saved[2]!.bytes;
  const changed = (change: (bytes: Uint8Array) => Uint8Array) => change(Uint8Array.from(good));
  const warning = (why: string) => [
    {
      say: 'log',
      level: 'warn',
      message: `the checkpoint of an earlier run is of no use, so this step starts from its beginning: ${why}`,
    },
  ];

  test.each([
    ['cut off', changed((bytes) => bytes.subarray(0, -9)), 'its bytes are not those that were saved'],
    ['cut to nothing', new Uint8Array(0), 'it does not begin like a checkpoint of this version'],
    [
      'of another kind',
      changed((bytes) => bytes.fill(7, 0, 30)),
      'it does not begin like a checkpoint of this version',
    ],
    [
      'with a flipped bit',
      changed((bytes) => {
        bytes[bytes.length - 100]! ^= 1;
        return bytes;
      }),
      'its bytes are not those that were saved',
    ],
  ])('one that is %s', (_, bytes, why) => {
    const again = trained(of, { from: bytes });
    expect(again.said).toEqual(warning(why));
    expect(exactly(again.result)).toEqual(exactly(quiet.result));
  });

  test('one of another step', () => {
    const said: StepMessage[] = [];
    const checkpoints = stepCheckpoints({ key: 'another key', everyMs: 0, saved: good }, (message) =>
      said.push(message),
    );
    expect(exactly(trained(of, { services: { checkpoints } }).result)).toEqual(exactly(quiet.result));
    expect(said).toEqual(warning('it was saved by another step'));
  });

  test('one of another machine, which is not touched before everything was compared', () => {
    const narrow = trained(programs['descent with momentum'] as Program).saved[0]!.bytes;
    const again = trained(of, { from: narrow });
    expect(again.said).toEqual(warning("it holds no 'group all/P/second'"));
    expect(exactly(again.result)).toEqual(exactly(quiet.result));
  });
});
