import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { carriesMethod, methodJson } from '../../../core/method.ts';
import { normalisedPipeline } from '../../../core/pipeline/normalise.ts';
import type { AnyPipeline } from '../../../core/pipeline/pipeline.ts';
import type { AnyStudy } from '../../../core/pipeline/study.ts';
import { type DataCard, loadPipelineFile } from '../../../core/yaml/index.ts';
import {
  crossEntropy,
  factors,
  inversePropensity,
  ips,
  learner,
  outside,
  Propensities,
  popularity,
  registry,
} from './fixture.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterpoise-yaml-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const load = <T = AnyPipeline>(text: string) => loadPipelineFile(text, join(folder, 'test.yaml'), registry) as T;
const plainOf = (pipeline: AnyPipeline) => normalisedPipeline(pipeline.graph);

test('a variant replaces a node on the old wires, as in code', () => {
  const file = load(
    'pipeline: mine\nextends: ips\nsteps:\n  propensity: { use: propensity/popularity, with: { power: 0.7 } }\n',
  );
  expect(plainOf(file)).toEqual(plainOf(ips.as('mine').replace('propensity', popularity, { power: 0.7 })));
});

test('a config without `use` changes key by key, and wins over inherited settings for a data set', () => {
  const file = load('pipeline: mine\nextends: ips\nsteps:\n  weights: { with: { norm: mean, clip: 0.3 } }\n');
  expect(plainOf(file)).toEqual(plainOf(ips.as('mine').configure({ weights: { norm: 'mean', clip: 0.3 } })));
  expect(file.graph.settings).toEqual({ coat: { model: { epochs: 3 } } });
});

test('a method changes settings and parts, and the rest stays', () => {
  const file = load(
    'pipeline: mine\nextends: ips\nsteps:\n  model: { method: { with: { normalise: batch }, parts: { backbone: { use: backbones/factors, with: { biases: true } } } } }\n',
  );
  const code = ips
    .as('mine')
    .method('model', (m) => m.with({ normalise: 'batch', backbone: factors({ biases: true }) }) as never);
  expect(plainOf(file)).toEqual(plainOf(code));
});

test('a variant reads a role that the original does not, as in code', () => {
  const file = load(
    'pipeline: mine\nextends: ips\nneeds: { given: { user: u32, item: u32, p: f32 } }\nsteps:\n  weights: { use: weights/inverse-propensity, in: { p: given } }\n',
  );
  const code = ips
    .as('mine', { needs: { given: Propensities } })
    .rewire('weights', inversePropensity, (up) => ({ p: up.given }));
  expect(plainOf(file)).toEqual(plainOf(code));
});

test('a new step finds the only learner by itself, and steps may be named before they are defined', () => {
  const file = load(`
pipeline: fresh
needs: [train, test, shape]
steps:
  scores: { use: scoring/score, in: { model: model.model, test: test } }
  model:
    in: { train: train, shape: shape, w: weights.w }
    method: { use: estimators/cross-entropy, parts: { weight: { use: weighting/outside } } }
  weights: { use: weights/inverse-propensity, in: { p: propensity.p } }
  propensity: { use: propensity/popularity, in: { train: train } }
`);
  const { node, wires } = file.graph.steps.model as (typeof file.graph.steps)[string];
  expect(carriesMethod(node) && methodJson(node.method)).toEqual(methodJson(crossEntropy.with({ weight: outside() })));
  expect(wires.w?.port).toBe(inversePropensity.out.w);
  expect(node.id).toBe(learner(crossEntropy).id);
});

test('settings for a data set are merged step by step', () => {
  const file = load(
    'pipeline: mine\nextends: ips\nsettings:\n  coat: { weights: { clip: 0.4 }, protocol: coat-x }\n  yahoo: { model: { epochs: 7 } }\n',
  );
  expect(file.graph.settings).toEqual({
    coat: { weights: { clip: 0.4 }, model: { epochs: 3 }, protocol: 'coat-x' },
    yahoo: { model: { epochs: 7 } },
  });
});

test('a file extends a file', () => {
  writeFileSync(join(folder, 'one.yaml'), 'pipeline: one\nextends: ips\nsteps: { weights: { with: { clip: 0.3 } } }');
  const two = load('pipeline: two\nextends: ./one.yaml\ndoc: Two.\n');
  expect(two.graph.steps.weights?.config).toEqual({ clip: 0.3 });
  expect(two.graph.doc).toBe('Two.');
});

test('reasons say why a need is read, are kept by variants, and belong to a need', () => {
  const first = load(
    'pipeline: a\nneeds: [train]\nreasons: { train: it learns }\nsteps: { p: { use: propensity/popularity, in: { train: train } } }\n',
  );
  expect(plainOf(first).needs.train).toMatchObject({ optional: false, reason: 'it learns' });
  expect(() => load('pipeline: a\nextends: ips\nreasons: { trian: it learns }\n')).toThrow(
    "there is no need 'trian' to give a reason for",
  );
});

test('needs name roles, spell out tables, and may be optional', () => {
  const file = load(`
pipeline: fresh
needs: { train: train, validation?: train, extra: { user: u32, time: i64? }, shape: shape }
steps:
  propensity: { use: propensity/factorised, in: { train: train, shape: shape } }
`);
  expect(plainOf(file).needs).toEqual({
    train: { port: { table: { user: 'u32', item: 'u32', rating: 'f32', time: 'i64?' } }, optional: false },
    validation: { port: { table: { user: 'u32', item: 'u32', rating: 'f32', time: 'i64?' } }, optional: true },
    extra: { port: { table: { user: 'u32', time: 'i64?' } }, optional: false },
    shape: { port: 'json', optional: false },
  });
});

test('a study names methods, files, a protocol, seeds and a grid', () => {
  writeFileSync(join(folder, 'one.yaml'), 'pipeline: one\nextends: ips\nsteps: { weights: { with: { clip: 0.3 } } }');
  const file = load<AnyStudy>(
    'study: s\nmethods: [mf, ips, ./one.yaml]\non: coat-x\nseeds: 1..4\ngrid: { weights: { clip: [0.1, 0.2] }, model: { epochs: [5] } }\n',
  );
  expect(file.methods.map(({ name }) => name)).toEqual(['mf', 'ips', 'one']);
  expect([file.kind, file.name, file.on.name, file.seeds]).toEqual(['study', 's', 'coat-x', [1, 2, 3, 4]]);
  expect(file.grid).toEqual({ weights: { clip: [0.1, 0.2] }, model: { epochs: [5] } });
});

test('a data card says which file plays which role', () => {
  const card = load<DataCard>('data: shop\nroles:\n  train: { file: a.csv, columns: { user: customer } }\n');
  expect(card).toEqual({
    kind: 'data',
    name: 'shop',
    folder,
    roles: { train: { file: 'a.csv', columns: { user: 'customer' } } },
  });
});

test('files that extend each other are refused with the circle', () => {
  writeFileSync(join(folder, 'egg.yaml'), 'pipeline: egg\nextends: ./hen.yaml\n');
  writeFileSync(join(folder, 'hen.yaml'), 'pipeline: hen\nextends: ./egg.yaml\n');
  expect(() => load('pipeline: test\nextends: ./egg.yaml\n')).toThrow(
    'these files extend each other: egg.yaml -> hen.yaml -> egg.yaml',
  );
});

test('a mistake in an extended file is said there, and a missing file is named', () => {
  writeFileSync(
    join(folder, 'wrong.yaml'),
    'pipeline: wrong\nextends: ips\nsteps: { weights: { with: { clop: 1 } } }\n',
  );
  expect(() => load('pipeline: test\nextends: ./wrong.yaml\n')).toThrow(
    expect.objectContaining({
      range: expect.objectContaining({ file: join(folder, 'wrong.yaml'), line: 3, column: 29 }),
    }),
  );
  expect(() => load('pipeline: test\nextends: ./nowhere.yaml\n')).toThrow("there is no file './nowhere.yaml'");
});

test('the first of several mistakes is thrown, and the hint counts the others', () => {
  expect(() => load('pipeline: a\nextends: ips\nsteps: { weights: { with: { clop: 1, clup: 2 } } }\n')).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('1 more problem in the file: `counterpoise validate') }),
  );
});
