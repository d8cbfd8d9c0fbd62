import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { checkGraph } from '../../../core/pipeline/check.ts';
import { normalisedPipeline } from '../../../core/pipeline/normalise.ts';
import type { AnyPipeline } from '../../../core/pipeline/pipeline.ts';
import { type Catalogue, Registry } from '../../../core/registry.ts';
import { fileSchemas, loadPipelineFile, pipelineToYaml } from '../../../core/yaml/index.ts';
import { catalogue as nodes } from '../../../nodes/index.ts';
import { catalogue as pipelines } from '../../../pipelines/index.ts';

const registry = new Registry([
  { from: 'nodes', modules: nodes as Catalogue },
  { from: 'pipelines', modules: pipelines as Catalogue },
]);
const shipped = [...registry.pipelines.values()].map(({ value }) => value);

test('every shipped pipeline and protocol passes the checks of files', () => {
  for (const { graph } of shipped) expect(checkGraph(graph), graph.name).toEqual([]);
  for (const { value } of registry.protocols.values()) expect(checkGraph(value.graph), value.name).toEqual([]);
});

test('every shipped pipeline can be written as a file that reads back as the same pipeline', () => {
  for (const made of shipped) {
    const file = pipelineToYaml(made, { registry });
    const read = loadPipelineFile(file, `${made.name}.yaml`, registry) as AnyPipeline;
    expect(normalisedPipeline(read.graph), made.name).toEqual(normalisedPipeline(made.graph));
  }
});

test('the published schema accepts every shipped pipeline', () => {
  const accepts = new Ajv2020({ strict: false, allErrors: true }).compile(fileSchemas(registry).pipeline);
  for (const made of shipped) {
    const valid = accepts(parse(pipelineToYaml(made, { registry })));
    expect(valid, `${made.name}: ${JSON.stringify(accepts.errors?.slice(0, 3))}`).toBe(true);
  }
});
