import { expect, test } from 'vitest';
import { z } from 'zod';
import { f32, i64, json, node, optional, pipeline, protocol, table, u32 } from '../../../core/index.ts';
import { normalisedPipeline } from '../../../core/pipeline/normalise.ts';

const Ratings = table({ user: u32, item: u32, rating: f32, time: optional(i64) });
const Wide = table({ user: u32, item: u32, rating: f32, time: i64, device: u32 });
const Shape = json(z.strictObject({ users: z.number() }));
const raw = node('datasets/raw', { doc: '', in: {}, out: { all: Wide, shape: Shape }, run: () => ({}) as never });
const weigh = node('weights/weigh', {
  doc: 'Weighs.',
  in: { train: Ratings, shape: optional(Shape) },
  out: { w: table({ w: f32 }) },
  config: z.strictObject({ clip: z.number().default(0.1), power: z.number().default(1) }),
  run: () => ({}) as never,
});
const plain = pipeline('plain', { doc: 'Plain.', needs: { train: Ratings, shape: Shape } })
  .step('weights', weigh, (up) => ({ train: up.train, shape: up.shape }), { power: 2 })
  .settings({ coat: { weights: { clip: 0.5 } } });
const data = protocol('coat-x', { dataset: 'coat', evaluation: 'dt-icde24', floors: [] })
  .step('raw', raw, () => ({}))
  .gives((up) => ({ train: up.raw.all, shape: up.raw.shape }));

test('an open pipeline keeps its needs and its settings by data set, and shows configs after defaults', () => {
  expect(normalisedPipeline(plain.graph)).toEqual({
    pipeline: 'plain',
    doc: 'Plain.',
    usesTestLabels: false,
    protocol: null,
    evaluation: null,
    needs: {
      train: { port: { table: { user: 'u32', item: 'u32', rating: 'f32', time: 'i64?' } }, optional: false },
      shape: { port: 'json', optional: false },
    },
    steps: {
      weights: { use: 'weights/weigh', in: { train: 'train', shape: 'shape' }, with: { clip: 0.1, power: 2 } },
    },
    settings: { coat: { weights: { clip: 0.5 } } },
  });
});

test('a closed pipeline has the settings of its data set in its steps, and says which columns a need lets through', () => {
  const closed = normalisedPipeline(plain.on(data).graph);
  expect(closed.protocol).toBe('coat-x');
  expect(closed.settings).toEqual({});
  expect(closed.steps.weights).toEqual({
    use: 'weights/weigh',
    in: { train: 'data.raw.all', shape: 'data.raw.shape' },
    narrowed: { train: ['item', 'rating', 'time', 'user'] },
    with: { clip: 0.5, power: 2 },
  });
});

test('values given on the command line win over settings', () => {
  const { steps } = normalisedPipeline(plain.on(data).graph, { weights: { clip: 0.9 } });
  expect(steps.weights?.with).toEqual({ clip: 0.9, power: 2 });
});
