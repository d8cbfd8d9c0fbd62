import { describe, expect, test } from 'vitest';
import { bind } from '../../../core/index.ts';
import type { StepMessage } from '../../../core/run/executor.ts';
import { runNode as runBare } from '../../../core/testing/index.ts';
import { additive } from '../../../nodes/backbones/additive.ts';
import { biasedFactors } from '../../../nodes/backbones/biased-factors.ts';
import { factors } from '../../../nodes/backbones/factors.ts';
import { crossEntropy } from '../../../nodes/estimators/cross-entropy.ts';
import { doublyRobust } from '../../../nodes/estimators/doubly-robust.ts';
import { Numeric, plainEngine } from '../../../nodes/learning/kernels/numeric.ts';
import { learner } from '../../../nodes/learning/learner.ts';
import { scorer } from '../../../nodes/learning/serve.ts';
import { score } from '../../../nodes/scoring/score.ts';
import { outside } from '../../../nodes/weighting/outside.ts';
import { items, toyRows, users } from './bench.ts';

/** On the plain kernels; that the compiled ones give the same is a test of theirs. */
const runNode: typeof runBare = (node, inputs, config, options) =>
  runBare(node, inputs, config, { ...options, use: [bind(Numeric, plainEngine)] });

const rows = toyRows();
const shape = { users, items };
const train = { user: rows.user, item: rows.item, rating: rows.columns.y as Float32Array };
const weights = (w: Float32Array) => ({ user: rows.user, item: rows.item, w });
const naive = learner(crossEntropy.with({ width: 4, batch: 6, epochs: 60, l2: 0 }));
const weighted = learner(crossEntropy.with({ width: 4, batch: 6, epochs: 60, l2: 0, weight: outside() }));

const warningsOf = (into: string[]) => (message: StepMessage) => {
  if (message.say === 'log' && message.level === 'warn') into.push(message.message);
};
const at = (history: { epoch: Uint32Array; quantity: readonly string[]; value: Float64Array }, name: string) =>
  [...history.value].filter((_, row) => history.quantity[row] === name);

describe('training', () => {
  test('learns a batch by heart', async () => {
    const { params, history } = await runNode(
      learner(crossEntropy.with({ width: 4, batch: 12, epochs: 400, rate: 0.05, l2: 0, patience: 400 })),
      {
        train,
        shape,
      },
    );
    const losses = at(history, 'loss');
    expect(losses[0]).toBeGreaterThan(0.3);
    expect(losses.at(-1)).toBeLessThan(0.01);
    expect(at(history, 'train auc')).toEqual([1]);
    expect(params.head).toMatchObject({ learnt: true, shape });
  });

  test('gives the same bytes for the same seed, and others for another', async () => {
    const once = await runNode(naive, { train, shape }, {}, { seed: 'a' });
    const twice = await runNode(naive, { train, shape }, {}, { seed: 'a' });
    const other = await runNode(naive, { train, shape }, {}, { seed: 'b' });
    expect(twice.params.tensors).toEqual(once.params.tensors);
    expect(twice.history).toEqual(once.history);
    expect(other.params.tensors.P).not.toEqual(once.params.tensors.P);
  });

  test('weights of 1 train the naive model, to rounding', async () => {
    const plain = await runNode(naive, { train, shape });
    const ones = await runNode(weighted, { train, shape, w: weights(new Float32Array(12).fill(1)) });
    for (const table of ['P', 'Q'])
      ones.params.tensors[table]!.data.forEach((value, n) => {
        expect(value).toBeCloseTo(plain.params.tensors[table]!.data[n] as number, 4);
      });
  });

  test('reports loss, tracked loss, gradient norm and weights every epoch', async () => {
    const { history } = await runNode(
      weighted,
      { train, shape, w: weights(rows.columns.w as Float32Array) },
      { epochs: 3 },
    );
    for (const quantity of ['loss', 'tracked', 'gradient prediction', 'effective sample size', 'largest weight'])
      expect(at(history, quantity), quantity).toHaveLength(3);
    const w = [...(rows.columns.w as Float32Array)];
    const sum = w.reduce((a, b) => a + b, 0);
    expect(at(history, 'effective sample size')[0]).toBeCloseTo(sum ** 2 / w.reduce((a, b) => a + b * b, 0), 3);
    expect(at(history, 'largest weight')[0]).toBeCloseTo(Math.max(...w), 5);
    expect(Math.max(...history.epoch)).toBe(3);
  });

  test('says when its limit of epochs ended it, and not the rule', async () => {
    const warnings: string[] = [];
    await runNode(naive, { train, shape }, { epochs: 2, rate: 0.05 }, { say: warningsOf(warnings) });
    expect(warnings).toContain('training was ended by its limit of 2 epochs, not by the stopping rule');
  });

  test('a model that never left its initial plateau is reported, and its parameters say so', async () => {
    // labels that alternate, and a model with one number a user cannot tell them apart
    const many = Array.from({ length: 20 }, (_, n) => n);
    const flat = {
      user: Uint32Array.from(many, (n) => Math.floor(n / 4)),
      item: Uint32Array.from(many, (n) => n % 4),
      rating: Float32Array.from(many, (n) => (Math.floor(n / 4) + n) % 2),
    };
    const warnings: string[] = [];
    const stuck = learner(crossEntropy.with({ width: 1, batch: 20, rate: 1e-9, backbone: factors({ sd: 1e-3 }) }));
    const { params, history } = await runNode(
      stuck,
      { train: flat, shape },
      {},
      { seed: 'stuck', say: warningsOf(warnings) },
    );
    const [auc] = at(history, 'train auc');
    expect(auc).toBeLessThan(0.6);
    expect(warnings).toEqual([
      `the model never left its initial plateau: after 8 epochs its AUC on its own training rows is ${auc!.toFixed(3)}; treat this run as failed to train`,
    ]);
    expect(params.head).toMatchObject({ learnt: false, epochs: 8 });
    expect(at(history, 'learnt')).toEqual([0]);
  });
});

describe('training refuses', () => {
  const trained = (inputs: object, config = {}, node: typeof naive | typeof weighted = naive) =>
    runNode(node as typeof naive, { train, shape, ...inputs } as never, config).then(
      () => 'trained',
      (problem: Error) => problem.message,
    );

  test('to go on once a loss is no number', async () => {
    expect(await trained({}, { rate: 1e25 })).toMatch(
      /^training diverged: the loss became (NaN|Infinity|-Infinity) in epoch 1, batch 2$/,
    );
  });

  test('weights that are not those of the train rows, in their order', async () => {
    const w = rows.columns.w as Float32Array;
    expect(
      await trained({ w: { user: rows.user.slice(1), item: rows.item.slice(1), w: w.slice(1) } }, {}, weighted),
    ).toBe("'w' has 11 rows and train has 12");
    const turned = { user: rows.user.toReversed(), item: rows.item.toReversed(), w };
    expect(await trained({ w: turned }, {}, weighted)).toMatch(
      /^'w' is not in the order of train: row 0 is user \d, item \d there and user 0, item \d in train$/,
    );
    expect(
      await trained({ w: weights(Float32Array.from(w, (x, n) => (n === 3 ? Number.NaN : x))) }, {}, weighted),
    ).toBe("'w.w' is NaN");
  });

  test('ids outside of the shape, ratings that are no numbers, and an empty table', async () => {
    expect(await trained({ shape: { users: 3, items } })).toMatch(
      /^user 3 is not below the 3 users of the data set's shape$/,
    );
    expect(await trained({ shape: { users, items: 3 } })).toMatch(
      /^item 3 is not below the 3 items of the data set's shape$/,
    );
    const rating = Float32Array.from(train.rating, (y, n) => (n === 2 ? Number.NaN : y));
    expect(await trained({ train: { ...train, rating } })).toBe('the rating is NaN');
    const none = { user: new Uint32Array(0), item: new Uint32Array(0), rating: new Float32Array(0) };
    expect(await trained({ train: none })).toBe('there is nothing to train on: the train table is empty');
  });
});

describe('serving', () => {
  const all = {
    user: Uint32Array.from({ length: users * items }, (_, pair) => Math.floor(pair / items)),
    item: Uint32Array.from({ length: users * items }, (_, pair) => pair % items),
  };
  type Tensors = Readonly<Record<string, { readonly data: ArrayLike<number> }>>;
  const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
  const dot = (t: Tensors, a: string, i: number, b: string, j: number) =>
    [0, 1, 2].reduce((sum, k) => sum + (t[a]!.data[3 * i + k] as number) * (t[b]!.data[3 * j + k] as number), 0);
  const one = (t: Tensors, table: string, row: number) => t[table]!.data[row] as number;

  test.each([
    ['factors', factors(), (t: Tensors, u: number, i: number) => dot(t, 'P', u, 'Q', i)],
    [
      'biased factors',
      biasedFactors(),
      (t: Tensors, u: number, i: number) => dot(t, 'P', u, 'Q', i) + one(t, 'bu', u) + one(t, 'bi', i) + one(t, 'c', 0),
    ],
    [
      'additive',
      additive(),
      (t: Tensors, u: number, i: number) => dot(t, 'P', u, 'au', 0) + dot(t, 'Q', i, 'ai', 0) + one(t, 'c', 0),
    ],
  ] as const)('the score of a pair is what the parameters of %s say', async (_, backbone, logit) => {
    const { params } = await runNode(learner(crossEntropy.with({ width: 3, batch: 6, epochs: 5, backbone })), {
      train,
      shape,
    });
    const { scores } = await runNode(score, { model: params, candidates: all });
    scores.score.forEach((value, pair) => {
      const z = logit(params.tensors as Tensors, Math.floor(pair / items), pair % items);
      expect(value).toBeCloseTo(sigmoid(z), 5);
    });
  });

  test('needs no more of the parameters than the score that it serves, whatever was trained beside it', async () => {
    const robust = learner(doublyRobust.with({ width: 3, batch: 6, epochs: 5 }));
    const { params } = await runNode(robust, {
      train,
      shape,
      w: weights(rows.columns.w as Float32Array),
      prior: { positive: 0.5 },
    });
    const out = new Float32Array(all.user.length);
    const { head, tensors } = params;
    scorer({ head, tensors: { P: tensors.P!, Q: tensors.Q! } }, plainEngine).score(all.user, all.item, out);
    expect(out.every((p) => p > 0 && p < 1)).toBe(true);
  });

  test('a candidate that the model does not know, and parameters without a score, are refused', async () => {
    const { params } = await runNode(naive, { train, shape }, { epochs: 2 });
    const stranger = { user: Uint32Array.of(users), item: Uint32Array.of(0) };
    await expect(runNode(score, { model: params, candidates: stranger })).rejects.toThrow(
      'the model knows 5 users and 4 items, and a candidate is user 5, item 0',
    );
    expect(() => scorer({ head: {}, tensors: {} }, plainEngine)).toThrow(
      'the parameters do not say how to score pairs',
    );
  });
});
