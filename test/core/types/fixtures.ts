/** Small nodes and pipelines for the type tests. */
import { z } from 'zod';
import {
  type AnyMethod,
  f32,
  i64,
  json,
  method,
  node,
  optional,
  part,
  pipeline,
  protocol,
  Rng,
  study,
  table,
  tensors,
  token,
  u32,
} from '../../../core/index.ts';
import type { MethodNode } from '../../../core/method.ts';
import type { Node } from '../../../core/node.ts';

export const Ratings = table({ user: u32, item: u32, rating: f32, time: optional(i64) });
export const Shape = json(z.strictObject({ users: z.number(), items: z.number() }));
export const Pairs = table({ user: u32, item: u32 });
export const P = table({ user: u32, item: u32, p: f32 });
export const W = table({ user: u32, item: u32, w: f32 });
export const Edges = table({ user: u32, item: u32 });
export const Params = tensors(z.looseObject({}));
export const Metronome = token<{ beat(text: string): void }>()('metronome');

const none = new Float32Array();
export const simulated = node('x/simulated', {
  doc: 'A tiny data set.',
  in: {},
  out: { ratings: Ratings, shape: Shape },
  config: z.strictObject({ rows: z.number().default(4) }),
  use: { rng: Rng },
  run: (_, { rows }, { rng }) => ({
    ratings: {
      user: Uint32Array.from({ length: rows }, (_, i) => i),
      item: new Uint32Array(rows),
      rating: Float32Array.from({ length: rows }, () => rng.uniform()),
    },
    shape: { users: rows, items: 1 },
  }),
});
export const halves = node('x/halves', {
  doc: 'Even rows train, odd rows test.',
  in: { ratings: Ratings },
  out: { train: Ratings, test: Ratings },
  run({ ratings }) {
    const part = (odd: number) => {
      const keep = (_: unknown, i: number) => i % 2 === odd;
      return { user: ratings.user.filter(keep), item: ratings.item.filter(keep), rating: ratings.rating.filter(keep) };
    };
    return { train: part(0), test: part(1) };
  },
});
export const rates = node('x/rates', {
  doc: 'A propensity.',
  in: { train: Pairs, shape: Shape, uniform: optional(Ratings) },
  out: { p: P },
  config: z.strictObject({ smooth: z.number().default(1) }),
  run: ({ train, shape }, { smooth }) => ({
    p: { user: train.user, item: train.item, p: Float32Array.from(train.user, () => smooth / shape.users) },
  }),
});
export const inverse = node('x/inverse', {
  doc: 'Weights.',
  source: 'Schnabel et al. 2016, eq. 4',
  in: { p: P },
  out: { w: W },
  config: z.strictObject({ clip: z.number().positive().default(0.01).describe('smallest propensity kept') }),
  use: { metronome: Metronome },
  run({ p }, { clip }, { metronome }) {
    metronome.beat('weights');
    return { w: { user: p.user, item: p.item, w: p.p.map((x) => 1 / Math.max(x, clip)) } };
  },
});
export const timed = node('x/timed', {
  doc: 'Needs more than it gets on the old wires.',
  in: { p: P, graph: Edges },
  out: { w: W },
  run: ({ p }) => ({ w: { user: p.user, item: p.item, w: p.p } }),
});
export const wider = node('x/wider', {
  doc: 'Needs a wider table.',
  in: { p: table({ user: u32, item: u32, p: f32, sd: f32 }) },
  out: { w: W },
  run: ({ p }) => ({ w: { user: p.user, item: p.item, w: p.sd } }),
});
export const giveLess = node('x/give-less', {
  doc: 'Gives less.',
  in: { p: P },
  out: { w: Pairs },
  run: ({ p }) => ({ w: { user: p.user, item: p.item } }),
});
export const score = node('x/score', {
  doc: 'Scores pairs.',
  in: { model: Params, pairs: Pairs },
  out: { scores: table({ user: u32, item: u32, score: f32 }) },
  config: z.strictObject({ top: z.number() }),
  run: ({ pairs }) => ({ scores: { user: pairs.user, item: pairs.item, score: new Float32Array(pairs.user.length) } }),
});

const base = { train: Ratings, shape: Shape };
export const factors = part('x/factors', {
  slot: 'backbone',
  doc: 'Factors.',
  in: base,
  config: z.strictObject({ width: z.number().default(8) }),
  build: () => undefined,
});
export const lightGcn = part('x/lightgcn', {
  slot: 'backbone',
  doc: 'Needs a graph.',
  in: { ...base, graph: Edges },
  config: z.strictObject({ layers: z.number() }),
  build: () => undefined,
});
export const noWeight = part('x/none', {
  slot: 'weight',
  doc: 'None.',
  config: z.strictObject({}),
  build: () => undefined,
});
export const outside = part('x/outside', {
  slot: 'weight',
  doc: 'From outside.',
  in: { w: W },
  config: z.strictObject({}),
  build: () => undefined,
});
export const bce = method('x/bce', {
  doc: 'Cross entropy.',
  settings: z.strictObject({ normalise: z.enum(['none', 'batch']).default('none'), dim: z.number().default(16) }),
  parts: { backbone: factors(), weight: noWeight() },
  build: () => undefined,
});

const learnerConfig = z.strictObject({ epochs: z.number().default(1) });
type Learner<M extends AnyMethod> = Node<
  M['in'],
  { params: typeof Params },
  z.input<typeof learnerConfig>,
  { rng: typeof Rng }
> &
  MethodNode<M>;
export const learner = <M extends AnyMethod>(m: M): Learner<M> =>
  ({
    ...node('x/learner', {
      doc: 'Learns.',
      in: {},
      out: { params: Params },
      config: learnerConfig,
      use: { rng: Rng },
      run: () => ({ params: { head: {}, tensors: { P: { shape: [0], data: none } } } }),
    }),
    in: m.in,
    method: m,
    remake: learner,
  }) as unknown as Learner<M>;

const needs = { train: Ratings, test: Ratings, shape: Shape, uniform: optional(Ratings) };
export const mf = pipeline('mf', { needs })
  .step('model', learner(bce), (up) => ({ train: up.train, shape: up.shape }))
  .step('scores', score, (up) => ({ model: up.model.params, pairs: up.test }), { top: 5 });
export const ips = pipeline('ips', { needs })
  .step('propensity', rates, (up) => ({ train: up.train, shape: up.shape, uniform: up.uniform }))
  .step('weights', inverse, (up) => ({ p: up.propensity.p }), { clip: 0.05 })
  .step('model', learner(bce.with({ weight: outside() })), (up) => ({
    train: up.train,
    shape: up.shape,
    w: up.weights.w,
  }))
  .step('scores', score, (up) => ({ model: up.model.params, pairs: up.test }), { top: 5 });
export const snips = ips.as('snips').method('model', (m) => m.with({ normalise: 'batch' }));

export const simulation = protocol('simulation', { dataset: 'simulated', evaluation: 'dt-icde24', floors: ['random'] })
  .step('raw', simulated, () => ({}), { rows: 6 })
  .step('split', halves, (up) => ({ ratings: up.raw.ratings }))
  .gives((up) => ({ train: up.split.train, test: up.split.test, shape: up.raw.shape }));

/** @public A study must type-check here. */
export const quickstart = study('quickstart', {
  methods: [mf, ips, snips],
  on: simulation,
  seeds: [1, 2, 3],
  grid: { weights: { clip: [0.01, 0.1] }, model: { epochs: [1, 2] } },
});
