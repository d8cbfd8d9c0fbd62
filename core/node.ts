/** A node: a reusable definition of ports, config, services and code. Its type keeps only what wiring needs. */
import { z } from 'zod';
import { type Declared, declare, type PortDeclarations, type Schema, type Views } from './ports/ports.ts';
import type { Stream } from './seeds.ts';
import type { Services, Tokens } from './tokens.ts';

/** Where a step may run: heavy ones on a worker thread (the default), light ones where the runner stands. */
export type Weight = 'heavy' | 'light';

export interface Node<In, Out, Config, Use> {
  readonly kind: 'node';
  /** `folder/file` of the definition. */
  readonly id: string;
  readonly doc: string;
  readonly source: string | undefined;
  readonly in: In;
  readonly out: Out;
  readonly use: Use;
  /** Inputs that may stay unwired. */
  readonly mayLack: readonly string[];
  /** Outputs that a run may leave out. */
  readonly mayOmit: readonly string[];
  /** Set on nodes that draw random numbers: which of the run's seeds they follow. */
  readonly stream: Stream | undefined;
  readonly weight: Weight;
  /** Checks a config and fills in its defaults. */
  readonly configure: (config: unknown) => unknown;
  readonly schema: Schema;
  readonly body: (inputs: never, config: never, use: never) => unknown;
  /** The files that the config names, so that their content can enter the key. */
  readonly reads: ((config: never) => readonly FileRead[]) | undefined;
  /** Config keys that only say where files lie: no part of the key. */
  readonly places: readonly string[];
  readonly config?: Config; // phantom: what a caller may write, before defaults
}
export type AnyNode = Node<object, object, object, object>;
export type ConfigOf<D> = D extends { readonly config?: infer C } ? Exclude<C, undefined> : never;
/** The config argument of a step; it may be left out when every key has a default. */
export type ConfigArgument<D> = {} extends ConfigOf<D> ? [config?: ConfigOf<D>] : [config: ConfigOf<D>];

/**
 * A file that a source node reads. Its path is not part of the key, its content is.
 * `path` is resolved by the runner: absolute, or below the data folder of the run.
 */
export interface FileRead {
  readonly name: string;
  readonly path: string;
  /** The digest that the catalogue expects; a file that differs is refused. */
  readonly sha256?: string;
  readonly optional?: boolean;
}

interface ConfigSchema extends Schema {
  readonly _zod: { readonly input: object; readonly output: object };
}
interface Unset extends ConfigSchema {
  readonly _zod: { readonly input: Record<string, never>; readonly output: {} };
}

export interface NodeSpec<I extends PortDeclarations, O extends PortDeclarations, C extends ConfigSchema, U> {
  /** One or two sentences for `list nodes` and `show`. */
  doc: string;
  /** Paper and equation, or the standard that the node follows. */
  source?: string;
  in: I;
  out: O;
  config?: C;
  use?: U;
  /** Which seed a random node follows; `train` unless said. */
  stream?: Stream;
  weight?: Weight;
  reads?: (config: C['_zod']['output']) => readonly FileRead[];
  /**
   * Config keys that only say where files lie. They stay out of the key, so that a file may be moved or copied; `reads` must
   * name every file that they lead to, and nothing else about a place may change a result: not its ending, not its name.
   */
  places?: readonly (keyof C['_zod']['output'] & string)[];
  run(
    inputs: Views<Declared<I>>,
    config: C['_zod']['output'],
    use: Services<U>,
  ): Views<Declared<O>> | Promise<Views<Declared<O>>>;
}

/**
 * Defines a node. `run` must be pure: it sees its ports, its config and the services it declares, nothing else.
 * @param id `folder/file` of the definition, or `plugin-name/node` in a plugin.
 * @throws TypeError when it has places and no `reads`
 */
export function node<
  I extends PortDeclarations,
  O extends PortDeclarations,
  C extends ConfigSchema = Unset,
  U extends Tokens = {},
>(id: string, spec: NodeSpec<I, O, C, U>): Node<Declared<I>, Declared<O>, C['_zod']['input'], U> {
  const inputs = declare(spec.in);
  const outputs = declare(spec.out);
  const config: ConfigSchema = spec.config ?? z.strictObject({});
  if (spec.places && !spec.reads)
    throw new TypeError(`node '${id}' has places and reads no files: what lies there would never enter its key`);
  const random = Object.values(spec.use ?? {}).some((service) => service.id === 'rng');
  return {
    kind: 'node',
    id,
    doc: spec.doc,
    source: spec.source,
    in: inputs.ports as Declared<I>,
    mayLack: inputs.mayLack,
    out: outputs.ports as Declared<O>,
    mayOmit: outputs.mayLack,
    use: spec.use ?? ({} as U),
    stream: random ? (spec.stream ?? 'train') : undefined,
    weight: spec.weight ?? 'heavy',
    schema: config,
    configure: (given) => config.parse(given ?? {}),
    reads: spec.reads as AnyNode['reads'],
    places: spec.places ?? [],
    body: (given, settings, services) => spec.run(given, settings, services),
  };
}
