/** A small catalogue in which every kind of mistake can be made. */
import { z } from 'zod';
import {
  f32,
  f64,
  i64,
  json,
  method,
  node,
  optional,
  pipeline,
  protocol,
  study,
  table,
  u32,
} from '../../../core/index.ts';
import { type AnyMethod, type AnyMethodNode, part } from '../../../core/method.ts';
import { Registry } from '../../../core/registry.ts';

export const Ratings = table({ user: u32, item: u32, rating: f32, time: optional(i64) });
export const Shape = json(z.strictObject({ users: z.number(), items: z.number() }));
export const Propensities = table({ user: u32, item: u32, p: f32 });
export const Weights = table({ user: u32, item: u32, w: f32 });
export const Model = json(z.looseObject({}));
const run = () => ({}) as never;

export const raw = node('datasets/raw', {
  doc: 'Raw.',
  in: {},
  out: { train: Ratings, test: Ratings, shape: Shape },
  run,
});
export const factorised = node('propensity/factorised', {
  doc: 'Factorised propensities.',
  in: { train: Ratings, shape: Shape },
  out: { p: Propensities },
  config: z.strictObject({ width: z.number().int().positive().default(8), rate: z.number().default(0.01) }),
  run,
});
export const popularity = node('propensity/popularity', {
  doc: 'A power law.',
  in: { train: Ratings },
  out: { p: Propensities },
  config: z.strictObject({ power: z.number().default(0.5) }),
  run,
});
export const hungry = node('propensity/hungry', {
  doc: 'Needs features.',
  in: { train: Ratings, features: table({ row: u32 }) },
  out: { p: Propensities },
  run,
});
export const poor = node('propensity/poor', {
  doc: 'Gives no item.',
  in: { train: Ratings },
  out: { p: table({ user: u32, p: f32 }) },
  run,
});
export const clashing = node('propensity/clashing', {
  doc: 'Gives a variance of another type than its consumers take.',
  in: { train: Ratings },
  out: { p: table({ user: u32, item: u32, p: f32, variance: f64 }) },
  run,
});
export const inversePropensity = node('weights/inverse-propensity', {
  doc: 'Inverse propensity weights.',
  in: { p: table({ user: u32, item: u32, p: f32, variance: optional(f32) }) },
  out: { w: Weights },
  config: z.strictObject({
    clip: z.number().positive().default(0.05).describe('smallest propensity kept'),
    norm: z.enum(['none', 'mean']).default('none'),
  }),
  run,
});
export const score = node('scoring/score', {
  doc: 'Scores.',
  in: { model: Model, test: Ratings },
  out: { scores: table({ score: f32 }) },
  run,
});

export const factors = part('backbones/factors', {
  slot: 'backbone',
  doc: 'Factors.',
  config: z.strictObject({ biases: z.boolean().default(false) }),
  build: () => undefined,
});
export const none = part('weighting/none', {
  slot: 'weight',
  doc: 'No weight.',
  config: z.strictObject({}),
  build: () => undefined,
});
export const outside = part('weighting/outside', {
  slot: 'weight',
  doc: 'Weights from a step.',
  in: { w: Weights },
  config: z.strictObject({ cap: z.number().optional() }),
  build: () => undefined,
});
export const crossEntropy = method('estimators/cross-entropy', {
  doc: 'Cross-entropy.',
  in: { train: Ratings, shape: Shape },
  settings: z.strictObject({
    width: z.number().int().default(4),
    normalise: z.enum(['none', 'batch']).default('none'),
  }),
  parts: { backbone: factors(), weight: none() },
  build: () => undefined,
});
export const squared = method('estimators/squared', {
  doc: 'Squared loss.',
  in: { train: Ratings, shape: Shape },
  settings: z.strictObject({ width: z.number().int().default(4) }),
  parts: { weight: none() },
  build: () => undefined,
});
export function learner<M extends AnyMethod>(of: M) {
  const made = node('learning/learner', {
    doc: 'Trains.',
    in: of.in as M['in'] & Record<string, never>,
    out: { model: Model },
    config: z.strictObject({ epochs: z.number().default(10), seed: z.number().optional() }),
    run,
  });
  return Object.assign(made, { method: of, remake: (next: AnyMethod) => learner(next) as unknown as AnyMethodNode });
}
export const anyLearner = learner(
  method('learning/learner', { doc: '', settings: z.strictObject({}), parts: {}, build: () => undefined }),
);

export const mf = pipeline('mf', { doc: 'Plain.', needs: { train: Ratings, test: Ratings, shape: Shape } })
  .step('model', learner(crossEntropy), (up) => ({ train: up.train, shape: up.shape }) as never)
  .step('scores', score, (up) => ({ model: up.model.model, test: up.test }) as never);
export const ips = pipeline('ips', {
  doc: 'Inverse propensities.',
  needs: { train: Ratings, test: Ratings, shape: Shape },
})
  .step('propensity', factorised, (up) => ({ train: up.train, shape: up.shape }))
  .step('weights', inversePropensity, (up) => ({ p: up.propensity.p }), { clip: 0.1 })
  .step(
    'model',
    learner(crossEntropy.with({ weight: outside() })),
    (up) => ({ train: up.train, shape: up.shape, w: up.weights.w }) as never,
  )
  .step('scores', score, (up) => ({ model: up.model.model, test: up.test }) as never)
  .settings({ coat: { weights: { clip: 0.2 }, model: { epochs: 3 } } });
export const coatX = protocol('coat-x', { dataset: 'coat', evaluation: 'dt-icde24', floors: [] })
  .step('raw', raw, () => ({}))
  .gives((up) => ({ train: up.raw.train, test: up.raw.test, shape: up.raw.shape }));
export const trainOnly = protocol('train-only', { dataset: 'coat', evaluation: 'dt-icde24', floors: [] })
  .step('raw', raw, () => ({}))
  .gives((up) => ({ train: up.raw.train, shape: up.raw.shape }));
export const both = study('both', { methods: [mf, ips], on: coatX, seeds: [1, 2] });

export const registry = new Registry([
  {
    from: { plugin: 'fixture' },
    modules: {
      nodes: { raw, factorised, popularity, hungry, poor, clashing, inversePropensity, score, anyLearner },
      methods: { crossEntropy, squared, factors, none, outside },
      pipelines: { mf, ips, coatX, trainOnly, both },
    },
  },
]);
