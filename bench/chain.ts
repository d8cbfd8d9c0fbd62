/** Pipelines of any length, and a workshop around a store, for the benchmarks of the engine itself. */
import { z } from 'zod';
import { f32, node, pipeline, protocol, table } from '../core/index.ts';
import type { Graph } from '../core/pipeline/graph.ts';
import { type AnyClosed, closePipeline, openPipeline } from '../core/pipeline/pipeline.ts';
import { inProcess } from '../core/run/in-process.ts';
import type { Workshop } from '../core/run/run.ts';
import { compose } from '../core/services/container.ts';
import type { Store } from '../core/store.ts';

const Xs = table({ x: f32 });
const source = node('bench/source', {
  doc: 'Numbers.',
  in: {},
  out: { xs: Xs },
  run: () => ({ xs: { x: new Float32Array(16) } }),
});
export const add = node('bench/add', {
  doc: 'Adds.',
  in: { xs: Xs },
  out: { xs: Xs },
  config: z.strictObject({ by: z.number(), mode: z.enum(['a', 'b']).default('a') }),
  run: ({ xs }, { by }) => ({ xs: { x: xs.x.map((v) => v + by) } }),
});
const data = protocol('bench', { dataset: 'bench', evaluation: 'none', floors: [] })
  .step('raw', source, () => ({}))
  .gives((up) => ({ xs: up.raw.xs }));

/** A chain of `length` steps, each reading the one before; built as a graph, since the chain's types are not the subject. */
export function chain(length: number): AnyClosed {
  const { graph } = pipeline('chain', { needs: { xs: Xs } }).step('s0', add, (up) => ({ xs: up.xs }), { by: 0 });
  const steps: Record<string, Graph['steps'][string]> = { ...graph.steps };
  for (let i = 1; i < length; i++)
    steps[`s${i}`] = { node: add, config: { by: i }, wires: { xs: { from: `s${i - 1}.xs`, port: Xs } } };
  return closePipeline(openPipeline({ ...graph, steps }), data);
}

export function workshop(store: Store): Workshop {
  const inline = inProcess();
  return {
    version: 'bench',
    store,
    services: compose([]),
    digests: { node: () => ({ code: 'bench', packages: {} }), module: () => undefined },
    dataFolder: undefined,
    executor: inline,
    inline,
    reporters: [],
  };
}
