/** Runs one node outside of any pipeline, with real services: the quickest way to test a node of your own. */
import type { Node } from '../node.ts';
import { type ColumnValues, frameOf } from '../numeric/frame.ts';
import type { Port, TensorBundle, Views } from '../ports/ports.ts';
import type { Say, StepMessage } from '../run/executor.ts';
import { computeStep } from '../run/in-process.ts';
import { stopFlag } from '../run/step-services.ts';
import type { Value } from '../run/values.ts';
import { viewOf } from '../run/views.ts';
import type { Seed } from '../seeds.ts';
import type { Binding, Token } from '../tokens.ts';

export interface RunNodeOptions {
  readonly seed?: string;
  /** Files by the name that the node gives them, as absolute paths. */
  readonly files?: Readonly<Record<string, string>>;
  readonly use?: readonly Binding<string>[];
  /** Receives log lines, progress and epochs. */
  readonly say?: (message: StepMessage) => void;
}

/** Inputs as arrays by column, outputs as views; checks what the runner checks. */
export async function runNode<In, Out, Config>(
  node: Node<In, Out, Config, object>,
  inputs: Views<In>,
  config?: Config,
  options: RunNodeOptions = {},
): Promise<Views<Out>> {
  const ports = node.in as Readonly<Record<string, Port>>;
  const given = inputs as Readonly<Record<string, unknown>>;
  const say: Say = options.say ?? (() => {});
  const outputs = await computeStep(
    {
      pipeline: 'test',
      step: node.id,
      node: node as never,
      method: undefined,
      config: node.configure(config ?? {}) as Readonly<Record<string, unknown>>,
      inputs: Object.fromEntries(
        Object.entries(ports).flatMap(([name, port]) =>
          given[name] === undefined ? [] : [[name, { port, source: port, value: asValue(port, given[name]) }]],
        ),
      ),
      seed: (options.seed ?? 'test') as Seed,
      files: Object.entries(options.files ?? {}).map(([name, path]) => ({ name, path, sha256: '' })),
      services: Object.fromEntries(
        Object.entries(node.use as Readonly<Record<string, Token<string, unknown>>>).map(([name, token]) => [
          name,
          options.use?.find(({ key }) => key === token.key)?.value,
        ]),
      ),
    },
    say,
    stopFlag(),
  );
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => {
      const port = (node.out as Readonly<Record<string, Port>>)[name] as Port;
      return [name, viewOf(`${node.id}.${name}`, port, port, value)];
    }),
  ) as Views<Out>;
}

/** A value as a port holds it: arrays become a frame, tensors a bundle. */
export function asValue(port: Port, given: unknown): Value {
  if (port.port === 'json') return { port: 'json', json: given };
  if (port.port === 'tensors') return { port: 'tensors', bundle: given as TensorBundle<unknown> };
  return { port: 'table', frame: frameOf({ ...(given as ColumnValues) }) };
}
