/** A protocol is a data pipeline that ends in `.gives`: the roles that a method may need. Its steps become `data.*`. */
import type { AnyNode, ConfigArgument } from '../node.ts';
import { emptyGraph, type Graph, upOf, withStep } from './graph.ts';
import type { Up, Wire, Wired } from './wires.ts';

export type RoleHandles = Readonly<Record<string, Wire<unknown, 'always there' | 'may be absent'>>>;
type Ports<W extends RoleHandles> = { readonly [K in keyof W]: W[K]['port'] };

/** How results under a protocol are measured, and against which floors. */
export interface Evaluation {
  /** The data set that the protocol divides: what a method's settings are looked up by. */
  readonly dataset: string;
  /** A named preset of metric definitions. */
  readonly evaluation: string;
  /** Which items of a user are ranked. */
  readonly candidates?: 'rated' | 'all';
  /** Marks the protocol that `--on DATASET` means. */
  readonly default?: boolean;
  /** Names of the floor pipelines that are run beside every method. */
  readonly floors: readonly string[];
  readonly doc?: string;
  /** What gives roles that this protocol lacks, where that is not another protocol: said to whoever asks for one. */
  readonly otherwise?: string;
}

export interface AnyProtocol {
  readonly kind: 'protocol';
  readonly name: string;
  readonly gives: object;
  readonly steps: object;
  readonly graph: Graph;
  readonly roles: RoleHandles;
  readonly evaluation: Evaluation;
}
export interface Protocol<Name extends string, Gives extends object, Steps extends object> extends AnyProtocol {
  readonly name: Name;
  readonly gives: Gives;
  readonly steps: Steps;
}

interface DataPipeline<Name extends string, Steps extends object> {
  step<const N extends string, D extends AnyNode, W extends string>(
    name: N extends keyof Steps ? `there is already a step '${N & string}'` : N,
    node: D,
    wires: (up: Up<{}, Steps>) => Wired<D, W>,
    ...config: ConfigArgument<D>
  ): DataPipeline<Name, Steps & { [K in N]: D }>;
  gives<W extends RoleHandles>(roles: (up: Up<{}, Steps>) => W): Protocol<Name, Ports<W>, Steps>;
}

/** Starts a protocol: add steps, then say with `.gives` which outputs play which role. */
export const protocol = <const N extends string>(name: N, evaluation: Evaluation): DataPipeline<N, {}> =>
  chain(emptyGraph(name, evaluation.doc), evaluation) as DataPipeline<N, {}>;

const chain = (graph: Graph, evaluation: Evaluation): unknown => ({
  step: (name: string, node: AnyNode, wires: (up: never) => object, config?: object) =>
    chain(withStep(graph, name, node, wires(upOf(graph) as never), config), evaluation),
  gives: (roles: (up: never) => RoleHandles): AnyProtocol => {
    const given = roles(upOf(graph) as never);
    return {
      kind: 'protocol',
      name: graph.name,
      evaluation,
      graph,
      roles: given,
      steps: graph.steps,
      gives: Object.fromEntries(Object.entries(given).map(([role, wire]) => [role, wire.port])),
    };
  },
});
