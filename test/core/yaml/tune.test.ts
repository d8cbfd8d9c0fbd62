import { expect, test } from 'vitest';
import type { AnyPipeline } from '../../../core/pipeline/pipeline.ts';
import { type AnyStudy, anyStudy } from '../../../core/pipeline/study.ts';
import { checkFile, loadPipelineFile, pipelineToYaml } from '../../../core/yaml/index.ts';
import { coatX, ips, mf, registry } from './fixture.ts';

const load = <T>(text: string) => loadPipelineFile(text, 'test.yaml', registry) as T;
const problems = (text: string) =>
  checkFile(text, 'test.yaml', registry).problems.map(({ message, range }) => `${range?.line}: ${message}`);
const study = (more: string) => `study: mine\nmethods: [mf, ips]\non: coat-x\nseeds: 1..3\n${more}`;

test('a study file may say how settings are chosen, and what it leaves out has a usual value', () => {
  expect(load<AnyStudy>(study('tune: {}\n')).tune).toEqual({ budget: 20, on: 'validation', metric: 'auc', spaces: {} });
  const text = study(`tune:
  budget: 8
  on: snips
  metric: logloss
  spaces:
    weights: { clip: { from: 0.01, to: 0.5, scale: log }, norm: [none, mean] }
    propensity: { width: { times: [0.5, 2] } }
`);
  expect(load<AnyStudy>(text).tune).toEqual({
    budget: 8,
    on: 'snips',
    metric: 'logloss',
    spaces: {
      weights: { clip: { from: 0.01, to: 0.5, scale: 'log' }, norm: ['none', 'mean'] },
      propensity: { width: { times: [0.5, 2] } },
    },
  });
});

test('what cannot be searched is refused where it stands', () => {
  expect(problems(study('tune:\n  spaces:\n    weihgts: { clip: [0.1] }\n'))).toEqual([
    "7: no method has a step 'weihgts'",
  ]);
  expect(problems(study('tune:\n  spaces:\n    weights: { clp: [0.1] }\n'))).toEqual([
    "7: step 'weights' of no method has a setting 'clp'",
  ]);
  expect(problems(study('tune:\n  spaces:\n    weights:\n      norm: [none, max]\n'))[0]).toMatch(/^8: setting 'norm'/);
  expect(problems(study('tune:\n  spaces:\n    weights:\n      clip: { from: -1, to: 1 }\n'))[0]).toMatch(
    /^8: setting 'clip'/,
  );
  expect(problems(study('tune:\n  spaces:\n    weights:\n      clip: { from: 2, to: 1 }\n')).length).toBeGreaterThan(0);
  expect(problems(study('tune: { budget: 0 }\n')).length).toBeGreaterThan(0);
  expect(problems(study('tune: { on: test }\n')).length).toBeGreaterThan(0);
  expect(problems(study('tune: { metric: NDCG }\n')).length).toBeGreaterThan(0);
});

test('a tuned study has no grid, in a file or in code', () => {
  expect(problems(study('grid: { weights: { clip: [0.1] } }\ntune: {}\n'))).toEqual(['5: a tuned study has no grid']);
  expect(() =>
    anyStudy({ name: 'x', methods: [mf, ips], on: coatX, seeds: [1], grid: { weights: { clip: [1] } }, tune: {} }),
  ).toThrow("study 'x' has a grid and is tuned");
});

test('a pipeline file declares spaces, its variant adds to them, and they are written back', () => {
  const mine = load<AnyPipeline>('pipeline: mine\nextends: ips\nspaces:\n  weights: { clip: [0.1, 0.2] }\n');
  expect(mine.graph.spaces).toEqual({ weights: { clip: [0.1, 0.2] } });
  expect(load<AnyPipeline>(pipelineToYaml(mine, { registry })).graph.spaces).toEqual(mine.graph.spaces);
  expect(problems('pipeline: mine\nextends: ips\nspaces:\n  weights: { clp: [0.1] }\n')).toEqual([
    "4: step 'weights' of no method has a setting 'clp'",
  ]);
});
