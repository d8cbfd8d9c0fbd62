import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { fileSchemas, pipelineToYaml } from '../../../core/yaml/index.ts';
import { ips, mf, registry } from './fixture.ts';

const ajv = new Ajv2020({ strict: false, allErrors: true });
const { pipeline, study, data } = fileSchemas(registry);
const accepts = { pipeline: ajv.compile(pipeline), study: ajv.compile(study), data: ajv.compile(data) };

test('the schema accepts what pipelines are written as', () => {
  for (const made of [mf, ips]) {
    const file = parse(pipelineToYaml(made, { registry }));
    expect(accepts.pipeline(file), JSON.stringify(accepts.pipeline.errors)).toBe(true);
  }
});

test.each([
  ['pipeline: a\nextends: ips\nsteps: { weights: { with: { clip: 0.1 } } }', true],
  ['pipeline: a\nextends: ./b.yaml', true],
  ['pipeline: a\nextends: isp', false],
  ['pipeline: a\nextend: ips', false],
  ['pipeline: a\nextends: ips\nsteps: { weights: { use: weights/nothing } }', false],
  ['pipeline: a\nextends: ips\nsteps: { weights: { use: weights/inverse-propensity, with: { clip: 0.1 } } }', true],
  ['pipeline: a\nextends: ips\nsteps: { weights: { use: weights/inverse-propensity, with: { clipp: 0.1 } } }', false],
  ['pipeline: a\nextends: ips\nsteps: { weights: { use: weights/inverse-propensity, with: { norm: other } } }', false],
  ['pipeline: a\nextends: ips\nsteps: { weights: { use: weights/inverse-propensity, in: { q: a.b } } }', false],
  ['pipeline: a\nextends: ips\nsteps: { model: { method: { use: estimators/squared, with: { width: 3 } } } }', true],
  ['pipeline: a\nextends: ips\nsteps: { model: { method: { use: estimators/squared, with: { widht: 3 } } } }', false],
  ['pipeline: a\nextends: ips\nsteps: { model: { method: { parts: { weight: { use: weighting/nothing } } } } }', false],
  ['pipeline: a\nneeds: [train, shape?]\nsteps: { p: { use: propensity/popularity, in: { train: train } } }', true],
  [
    'pipeline: a\nneeds: { train: { user: u33 } }\nsteps: { p: { use: propensity/popularity, in: { train: train } } }',
    false,
  ],
])('%s: %s', (file, valid) => {
  expect(accepts.pipeline(parse(file))).toBe(valid);
});

test('studies and data cards have their schema too', () => {
  expect(accepts.study(parse('study: s\nmethods: [mf, ./x.yaml]\non: coat-x\nseeds: 1..3'))).toBe(true);
  expect(accepts.study(parse('study: s\nmethods: [mff]\non: coat-x\nseeds: 1..3'))).toBe(false);
  expect(accepts.study(parse('study: s\nmethods: [mf]\non: coat-y\nseeds: [1]'))).toBe(false);
  expect(accepts.data(parse('data: shop\nroles: { train: { file: a.csv } }'))).toBe(true);
  expect(accepts.data(parse('data: shop\nroles: { train: { fil: a.csv } }'))).toBe(false);
});
