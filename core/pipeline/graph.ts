/** The untyped graph behind the chain. A wire keeps the port declared where it starts, so a need narrows what flows through it. */
import type { AnyNode } from '../node.ts';
import type { Port } from '../ports/ports.ts';
import type { Evaluation } from './protocol.ts';
import type { AnySpaces } from './space.ts';

export interface Source {
  /** `step.port`, or the name of a need. */
  readonly from: string;
  readonly port: Port;
}
export interface PlacedStep {
  readonly node: AnyNode;
  readonly wires: Readonly<Record<string, Source>>;
  readonly config?: object | undefined;
}
export type SettingsByDataset = Readonly<Record<string, DatasetSettings>>;
/** Settings for one data set: configs by step, and optionally the protocol that the method names for it. */
export type DatasetSettings = Readonly<Record<string, unknown>>;
export interface Graph {
  readonly name: string;
  readonly doc?: string | undefined;
  readonly needs: Readonly<Record<string, Port>>;
  readonly mayLack: readonly string[];
  /** Why a need is read, by its name: said when a protocol does not serve it. */
  readonly reasons?: Readonly<Record<string, string>> | undefined;
  readonly steps: Readonly<Record<string, PlacedStep>>;
  readonly settings?: SettingsByDataset;
  /** Where a search for settings may look; no result depends on it. */
  readonly spaces?: AnySpaces | undefined;
  /** Set once the pipeline is closed. */
  readonly protocol?: string | undefined;
  readonly evaluation?: Evaluation | undefined;
  /** Marks that the method looks at test labels, shown in every table. */
  readonly usesTestLabels?: boolean | undefined;
}
export type RoleWires = Readonly<Record<string, Source>>;

export const emptyGraph = (name: string, doc?: string): Graph => ({ name, doc, needs: {}, mayLack: [], steps: {} });

/** Splits `step.port` at its last dot: step names of a protocol contain one. */
export function splitAddress(address: string): readonly [step: string, port: string] {
  const dot = address.lastIndexOf('.');
  return [address.slice(0, dot), address.slice(dot + 1)];
}

/** What a wiring function receives at run time: a handle for every need and every output so far. */
export function upOf(graph: Graph) {
  const needs = Object.entries(graph.needs).map(([name, port]) => [
    name,
    { from: name, port, when: graph.mayLack.includes(name) ? 'may be absent' : 'always there' },
  ]);
  const steps = Object.entries(graph.steps).map(([step, { node }]) => [
    step,
    Object.fromEntries(
      Object.entries(node.out).map(([port, of]) => [
        port,
        { from: `${step}.${port}`, port: of, when: node.mayOmit.includes(port) ? 'may be absent' : 'always there' },
      ]),
    ),
  ]);
  return Object.fromEntries([...needs, ...steps]);
}

export const withStep = (graph: Graph, name: string, node: AnyNode, wires: object, config?: object): Graph => {
  const placed = Object.fromEntries(
    Object.entries(wires as RoleWires).map(([port, wire]) => [port, { from: wire.from, port: wire.port }]),
  );
  const next = { ...graph, steps: { ...graph.steps, [name]: { node, config, wires: placed } } };
  return name in graph.steps ? carryOutputs(next, name, node) : next;
};

/** After a step got another node, its consumers see what that node gives: a column more may be one that they can use. */
function carryOutputs(graph: Graph, changed: string, { out }: AnyNode): Graph {
  const outputs = new Map(
    Object.entries(out as Readonly<Record<string, Port>>).map(([o, p]) => [`${changed}.${o}`, p]),
  );
  const steps = Object.entries(graph.steps).map(([name, step]) => {
    if (!Object.values(step.wires).some(({ from }) => outputs.has(from))) return [name, step];
    const wires = Object.entries(step.wires).map(([input, { from, port }]) => [
      input,
      { from, port: outputs.get(from) ?? port },
    ]);
    return [name, { ...step, wires: Object.fromEntries(wires) }];
  });
  return { ...graph, steps: Object.fromEntries(steps) };
}

export function edit(graph: Graph, name: string, change: Partial<PlacedStep>): Graph {
  const step = graph.steps[name];
  if (!step)
    throw new TypeError(
      `pipeline '${graph.name}' has no step '${name}'; it has ${Object.keys(graph.steps).join(', ')}`,
    );
  if (!change.node) return { ...graph, steps: { ...graph.steps, [name]: { ...step, ...change } } };
  const { node } = change;
  // a node that needs less leaves wires behind
  const wires = Object.fromEntries(Object.entries(step.wires).filter(([input]) => Object.hasOwn(node.in, input)));
  return carryOutputs({ ...graph, steps: { ...graph.steps, [name]: { ...step, wires, ...change } } }, name, node);
}

/**
 * What a variant says about a step wins over what the original says about it for a data set: those settings go.
 * @param keys the keys that the variant sets; all of them when the step got another node, with settings of its own
 */
export function dropSettings(graph: Graph, step: string, keys: readonly string[] | 'all'): Graph {
  if (!graph.settings) return graph;
  const settings = Object.entries(graph.settings).map(([dataset, of]) => {
    if (!Object.hasOwn(of, step)) return [dataset, of];
    const { [step]: own, ...others } = of;
    const left = Object.entries(own as object).filter(([key]) => keys !== 'all' && !keys.includes(key));
    return [dataset, left.length === 0 ? others : { ...others, [step]: Object.fromEntries(left) }];
  });
  return { ...graph, settings: Object.fromEntries(settings) };
}

/** Joins a method's graph to a protocol's: its steps become `data.*`, and each need is read from the role's wire. */
export function close(graph: Graph, data: Graph, roles: RoleWires, evaluation: Evaluation): Graph {
  const prefixed = (from: string) => `data.${from}`;
  const move = (wires: PlacedStep['wires'], to: (from: string) => string | undefined) =>
    Object.fromEntries(
      Object.entries(wires).flatMap(([name, { from, port }]) => {
        const at = to(from);
        return at === undefined ? [] : [[name, { from: at, port }]];
      }),
    );
  const roleOf = (from: string) => {
    if (!(from in graph.needs)) return from;
    const role = roles[from];
    return role && prefixed(role.from);
  };
  const dataSteps = Object.entries(data.steps).map(([name, step]) => [
    prefixed(name),
    { ...step, wires: move(step.wires, prefixed) },
  ]);
  const steps = Object.entries(graph.steps).map(([name, step]) => [name, { ...step, wires: move(step.wires, roleOf) }]);
  return {
    ...graph,
    needs: {},
    mayLack: [],
    protocol: data.name,
    evaluation,
    steps: Object.fromEntries([...dataSteps, ...steps]),
  };
}
