export { fileSchemas, type JsonSchema } from './json-schema.ts';
export { type CheckedFile, checkFile, type DataCard, type Loaded, loadPipelineFile } from './load.ts';
export { type RenderOptions, renderProblem } from './render.ts';
export { pipelineToYaml, type WriteOptions } from './write.ts';
