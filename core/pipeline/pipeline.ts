/** The chain. `Steps` maps a step's name to its node's type; every edit returns a new value. */
import { type AnyMethod, carriesMethod, type Remade } from '../method.ts';
import type { AnyNode, ConfigArgument, ConfigOf } from '../node.ts';
import { samePort } from '../ports/describe.ts';
import { type Aside, type Declared, declare, type Port, type PortDeclarations } from '../ports/ports.ts';
import {
  close,
  dropSettings,
  edit,
  emptyGraph,
  type Graph,
  type RoleWires,
  type SettingsByDataset,
  upOf,
  withStep,
} from './graph.ts';
import type { PortsProblem } from './problems.ts';
import type { AnyProtocol } from './protocol.ts';
import { type AnySpaces, mergeSpaces, type Spaces } from './space.ts';
import type { Up, Wired } from './wires.ts';

export interface AnyPipeline {
  readonly kind: 'open';
  readonly name: string;
  readonly needs: object;
  readonly steps: object;
  readonly graph: Graph;
}
export interface AnyClosed {
  readonly kind: 'closed';
  readonly name: string;
  readonly steps: object;
  readonly graph: Graph;
}
export interface Closed<Name extends string, Steps> extends AnyClosed {
  readonly name: Name;
  readonly needs: {};
  readonly steps: Steps & object;
}

type FreshName<N, Taken> = N extends Taken
  ? `there is already a step or a need '${N & string}'`
  : N extends `data.${string}`
    ? `'data.' is kept for protocols`
    : N;
type NewName<N, Old> = N extends Old
  ? `a variant must have its own name, and '${N & string}' is the name of the original`
  : N;
type Swap<Steps, K, D> = { [P in keyof Steps]: P extends K ? D : Steps[P] };
type Problem<D, Text extends string> = [Text] extends [never] ? D : Text;
type WithoutAsides<Out> = { [K in keyof Out as Out[K] extends Aside<unknown> ? never : K]: Out[K] };
/** A new node that stands in for an old one gives no less, but for asides ... */
type GivesNoLess<D extends AnyNode, Old> = Old extends AnyNode
  ? Problem<D, `the new node's output ${PortsProblem<D['out'], WithoutAsides<Old['out']>>}, and the old node gave it`>
  : never;
/** ... and, when the wires stay, needs no more. */
type Fits<D extends AnyNode, Old> = Old extends AnyNode
  ? Problem<
      D,
      | `the new node's input ${PortsProblem<Old['in'], D['in']>} on the old wires; give new wires with .rewire`
      | `the new node's output ${PortsProblem<D['out'], WithoutAsides<Old['out']>>}, and the old node gave it`
    >
  : never;
type LearnerStep<Steps> = {
  [K in keyof Steps]: Steps[K] extends { readonly method: AnyMethod } ? K : never;
}[keyof Steps] &
  string;
type MethodAt<Steps, K extends keyof Steps> = Steps[K] extends { readonly method: infer M } ? M : never;
type MethodFits<M extends AnyMethod, Old> = Old extends AnyNode
  ? Problem<
      M,
      `the new method's input ${PortsProblem<Old['in'], M['in']>} on the old wires; give new wires with .rewire`
    >
  : never;
type RemadeAt<Old, M extends AnyMethod> = Old extends AnyNode ? Remade<Old, M> : never;
export type Settings<Steps> = { readonly [K in keyof Steps]?: Partial<ConfigOf<Steps[K]>> };
/** Settings for one data set; `protocol` names the protocol that the method asks for there. */
export type ForDataset<Steps> = Settings<Steps> & { readonly protocol?: string };
export type CloseProblem<
  Name extends string,
  Gives,
  Needs,
> = `pipeline '${Name}' needs a role that the protocol does not give: ${PortsProblem<Gives, Needs>}`;

type DataSteps<S> = { readonly [K in keyof S & string as `data.${K}`]: S[K] };

/** What a variant says of itself where it differs from the original. */
export interface About<D = {}, Needs extends string = string> {
  doc?: string;
  usesTestLabels?: boolean;
  /** Roles that only the variant reads; naming one that the original may lack makes it required. */
  needs?: D;
  /** Why the pipeline reads a role, in a sentence: printed where a protocol does not give it. Added to those of the original. */
  reasons?: { readonly [K in Needs]?: string };
}
type More<Needs, D> = {} extends D ? Needs : Omit<Needs, keyof D> & Declared<D>;

interface Chain<Name extends string, Needs extends object, Steps extends object> extends AnyPipeline {
  readonly name: Name;
  readonly needs: Needs;
  readonly steps: Steps;
  /** The only way to a variant: edits exist once a new name is given. */
  as<const N extends string, D extends PortDeclarations = {}>(
    name: NewName<N, Name>,
    about?: About<D, (keyof Needs & string) | (keyof D & string)>,
  ): Variant<N, More<Needs, D>, Steps>;
  /** Settings per data set, typed like `configure`. They come after all steps and are kept by variants. */
  settings(byDataset: Readonly<Record<string, ForDataset<Steps>>>): this;
  /** Where `study --tune` may look for settings of the steps, beside the usual ones; kept by variants. */
  spaces(spaces: Spaces<Steps>): this;
  /** Closes the pipeline: each need is read from the role of that name. */
  on<P extends AnyProtocol>(
    protocol: Problem<P, CloseProblem<Name, P['gives'], Needs>>,
  ): Closed<Name, Steps & DataSteps<P['steps']>>;
}
export interface Pipeline<Name extends string, Needs extends object, Steps extends object>
  extends Chain<Name, Needs, Steps> {
  /** Adds a step: its name, its node, its wires, its config. */
  step<const N extends string, D extends AnyNode, W extends string>(
    name: FreshName<N, keyof Needs | keyof Steps>,
    node: D,
    wires: (up: Up<Needs, Steps>) => Wired<D, W>,
    ...config: ConfigArgument<D>
  ): Pipeline<Name, Needs, Steps & { [K in N]: D }>;
}
export interface Variant<Name extends string, Needs extends object, Steps extends object>
  extends Chain<Name, Needs, Steps> {
  step<const N extends string, D extends AnyNode, W extends string>(
    name: FreshName<N, keyof Needs | keyof Steps>,
    node: D,
    wires: (up: Up<Needs, Steps>) => Wired<D, W>,
    ...config: ConfigArgument<D>
  ): Variant<Name, Needs, Steps & { [K in N]: D }>;
  /** Another node on the old wires: it needs no more and gives no less. Its config is its own. */
  replace<K extends keyof Steps & string, D extends AnyNode>(
    step: K,
    node: Fits<D, Steps[K]>,
    ...config: ConfigArgument<D>
  ): Variant<Name, Needs, Swap<Steps, K, D>>;
  /** Another node on new wires: it gives no less. */
  rewire<K extends keyof Steps & string, D extends AnyNode, W extends string>(
    step: K,
    node: GivesNoLess<D, Steps[K]>,
    wires: (up: Up<Needs, Steps>) => Wired<D, W>,
    ...config: ConfigArgument<D>
  ): Variant<Name, Needs, Swap<Steps, K, D>>;
  /** Changes configs, key by key. */
  configure(settings: Settings<Steps>): Variant<Name, Needs, Steps>;
  /** Changes the method inside a learner; the wires stay. */
  method<K extends LearnerStep<Steps>, M extends AnyMethod>(
    step: K,
    edit: (method: MethodAt<Steps, K>) => MethodFits<M, Steps[K]>,
  ): Variant<Name, Needs, Swap<Steps, K, RemadeAt<Steps[K], M>>>;
}

export interface PipelineSpec<D> {
  /** One sentence for `list` and `show`. */
  doc?: string;
  /** Marks a method that looks at labels of the test set; every table says so. */
  usesTestLabels?: boolean;
  needs: D;
  /** Why the pipeline reads a role, in a sentence: printed where a protocol does not give it. */
  reasons?: { readonly [K in keyof D]?: string };
}

/** Starts a pipeline: its name (`[a-z0-9-]+`) and the roles that it needs from a protocol. */
export const pipeline = <const N extends string, D extends PortDeclarations>(
  name: N,
  spec: PipelineSpec<D>,
): Pipeline<N, Declared<D>, {}> => {
  checkName(name);
  const { ports, mayLack } = declare(spec.needs);
  return chain({
    ...emptyGraph(name, spec.doc),
    needs: ports as Readonly<Record<string, Port>>,
    mayLack,
    ...(spec.reasons && { reasons: spec.reasons as Readonly<Record<string, string>> }),
    usesTestLabels: spec.usesTestLabels,
  }) as Pipeline<N, Declared<D>, {}>;
};

function checkName(name: string) {
  if (!/^[a-z0-9-]+$/.test(name))
    throw new TypeError(`a pipeline's name consists of lower-case letters, digits and hyphens, and '${name}' does not`);
}

/** Wraps a graph that came from a file, so that code and YAML meet in one value. */
export const openPipeline = (graph: Graph): AnyPipeline => chain(graph) as AnyPipeline;
/** Closes a pipeline at run time; the loader has checked the roles. */
export const closePipeline = (open: AnyPipeline, protocol: AnyProtocol): AnyClosed =>
  closed(close(open.graph, protocol.graph, protocol.roles as RoleWires, protocol.evaluation));

const closed = (graph: Graph): AnyClosed & { needs: {} } => ({
  kind: 'closed',
  name: graph.name,
  needs: {},
  steps: graph.steps,
  graph,
});

/** Wires that start at a need were made for its port, so a need may become required but not become another table. */
function withNeeds(graph: Graph, declared: PortDeclarations): Graph {
  const { ports, mayLack } = declare(declared) as { ports: Readonly<Record<string, Port>>; mayLack: string[] };
  for (const [name, port] of Object.entries(ports)) {
    const old = graph.needs[name];
    if (name in graph.steps || (old !== undefined && !samePort(old, port)))
      throw new TypeError(`pipeline '${graph.name}': there is already a step or another need '${name}'`);
  }
  return {
    ...graph,
    needs: { ...graph.needs, ...ports },
    mayLack: [...graph.mayLack.filter((name) => !(name in ports)), ...mayLack],
  };
}

/** One runtime value stands behind both faces; the types above say which calls are open. */
function chain(graph: Graph): unknown {
  const wired = (name: string, node: AnyNode, wires: (up: never) => object, config?: object) =>
    chain(withStep(graph, name, node, wires(upOf(graph) as never), config));
  const placed = (name: string, node: AnyNode, wires: (up: never) => object, config?: object) => {
    if (name in graph.steps || name in graph.needs)
      throw new TypeError(`pipeline '${graph.name}': there is already a step or a need '${name}'`);
    return wired(name, node, wires, config);
  };
  return {
    kind: 'open',
    name: graph.name,
    needs: graph.needs,
    steps: graph.steps,
    graph,
    step: placed,
    rewire: (name: string, node: AnyNode, wires: (up: never) => object, config?: object) =>
      chain(dropSettings(withStep(graph, name, node, wires(upOf(graph) as never), config), name, 'all')),
    spaces: (spaces: AnySpaces) => chain({ ...graph, spaces: mergeSpaces(graph.spaces ?? {}, spaces) }),
    settings: (byDataset: SettingsByDataset) => chain({ ...graph, settings: { ...graph.settings, ...byDataset } }),
    as: (name: string, { needs = {}, reasons, ...about }: About<PortDeclarations> = {}) => {
      checkName(name);
      if (name === graph.name)
        throw new TypeError(`a variant must have its own name, and '${name}' is the name of the original`);
      const why = reasons && { reasons: { ...graph.reasons, ...(reasons as Readonly<Record<string, string>>) } };
      return chain({ ...withNeeds(graph, needs), ...about, ...why, name });
    },
    on: (protocol: AnyProtocol) =>
      closed(close(graph, protocol.graph, protocol.roles as RoleWires, protocol.evaluation)),
    replace: (name: string, node: AnyNode, config?: object) =>
      chain(dropSettings(edit(graph, name, { node, config }), name, 'all')),
    configure: (settings: Record<string, object>) =>
      chain(
        Object.entries(settings).reduce(
          (g, [name, config]) =>
            dropSettings(edit(g, name, { config: { ...g.steps[name]?.config, ...config } }), name, Object.keys(config)),
          graph,
        ),
      ),
    method: (name: string, change: (method: AnyMethod) => AnyMethod) => {
      const node = graph.steps[name]?.node;
      if (!node || !carriesMethod(node))
        throw new TypeError(`step '${name}' of '${graph.name}' has no method to change`);
      return chain(edit(graph, name, { node: node.remake(change(node.method)) }));
    },
  };
}
