/** From a closed pipeline to the list of steps that a plan or a run works on: configs merged, wires resolved, in wire order. */
import { Problem } from '../errors.ts';
import { type AnyMethod, carriesMethod } from '../method.ts';
import type { AnyNode } from '../node.ts';
import { assertWiring } from '../pipeline/check.ts';
import { type Graph, splitAddress } from '../pipeline/graph.ts';
import type { AnyClosed } from '../pipeline/pipeline.ts';
import type { Port } from '../ports/ports.ts';
import { didYouMean } from '../registry.ts';
import { type StreamSeeds, streamSeeds } from '../seeds.ts';

export interface ResolvedInput {
  readonly name: string;
  readonly port: Port;
  /** Undefined where an optional input is not wired. */
  readonly from: { readonly step: ResolvedStep; readonly output: string; readonly port: Port } | undefined;
}
export interface ResolvedStep {
  readonly name: string;
  readonly node: AnyNode;
  readonly method: AnyMethod | undefined;
  /** After defaults. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: readonly ResolvedInput[];
  /** Position in the trial, in an order that respects the wires. */
  readonly index: number;
}
export interface Trial {
  readonly pipeline: AnyClosed;
  readonly seeds: StreamSeeds;
  /** The seed as the user gave it, for tables. */
  readonly seed: number;
  readonly steps: readonly ResolvedStep[];
  /** Settings beyond those of the pipeline, by step. */
  readonly set: Overrides;
}
/** `--set`: values by step and key. */
export type Overrides = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface TrialOptions {
  readonly seed?: number;
  readonly dataSeed?: number;
  /** Seed of the `split` stream where it is not `seed`. */
  readonly splitSeed?: number;
  readonly set?: Overrides;
}

/**
 * @throws Problem bad-config for a config that its node refuses or an override that names no step or key,
 * bad-wiring for a cycle or a wire that leads nowhere
 */
export function trial(pipeline: AnyClosed, options: TrialOptions = {}): Trial {
  const seed = options.seed ?? 0;
  assertWiring(pipeline.graph);
  return {
    pipeline,
    seed,
    seeds: streamSeeds(seed, options.dataSeed, options.splitSeed),
    steps: resolveSteps(pipeline.graph, options.set ?? {}),
    set: options.set ?? {},
  };
}

export function resolveSteps(graph: Graph, set: Overrides): readonly ResolvedStep[] {
  const names = Object.keys(graph.steps);
  for (const step of Object.keys(set))
    if (!(step in graph.steps))
      throw new Problem('bad-config', `pipeline '${graph.name}' has no step '${step}'`, {
        hint: `${didYouMean(step, names)}its steps are ${names.join(', ')}`,
      });
  const forDataset = (graph.evaluation && graph.settings?.[graph.evaluation.dataset]) ?? {};
  const done = new Map<string, ResolvedStep>();
  for (const name of wireOrder(graph)) {
    const placed = graph.steps[name]!;
    const given = { ...placed.config, ...(forDataset[name] as object | undefined), ...set[name] };
    const config = configured(placed.node, given, `${graph.name}.${name}`);
    const inputs = Object.entries(placed.node.in as Readonly<Record<string, Port>>).map(([input, port]) => {
      const wire = placed.wires[input];
      if (wire === undefined) {
        if (!placed.node.mayLack.includes(input))
          throw new Problem('bad-wiring', `input '${input}' of step '${name}' (${placed.node.id}) is not wired`, {
            where: `pipeline '${graph.name}'`,
          });
        return { name: input, port, from: undefined };
      }
      const [step, output] = splitAddress(wire.from);
      return { name: input, port, from: { step: done.get(step)!, output, port: wire.port } };
    });
    done.set(name, {
      name,
      node: placed.node,
      method: carriesMethod(placed.node) ? placed.node.method : undefined,
      config,
      inputs,
      index: done.size,
    });
  }
  return [...done.values()];
}

interface Issue {
  readonly code?: string;
  readonly path?: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}
/** A node's config after defaults, or a Problem that names the key, says what the node takes and what was meant. */
export function configured(node: AnyNode, given: object, where: string): Readonly<Record<string, unknown>> {
  try {
    return node.configure(given) as Readonly<Record<string, unknown>>;
  } catch (error) {
    const issues = (error as { issues?: readonly Issue[] }).issues;
    if (!issues) throw error;
    const shape = (node.schema as { shape?: Readonly<Record<string, unknown>> }).shape ?? {};
    const first = issues[0] as Issue;
    const stranger = first.keys?.[0];
    const takes = Object.keys(shape);
    const hint = `${stranger === undefined ? '' : didYouMean(stranger, takes)}${node.id} takes ${takes.length === 0 ? 'no settings' : takes.join(', ')}`;
    const key = first.path?.join('.') ?? '';
    throw new Problem(
      'bad-config',
      stranger === undefined ? `setting '${key}': ${first.message}` : `${node.id} has no setting '${stranger}'`,
      { where, hint, cause: error },
    );
  }
}

/** Step names such that every step comes after what it reads; the order of definition breaks ties. O(steps + wires). */
function wireOrder(graph: Graph): readonly string[] {
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  for (const root of Object.keys(graph.steps)) {
    const stack: string[] = [root];
    while (stack.length > 0) {
      const name = stack[stack.length - 1] as string;
      if (state.get(name) === 'done') {
        stack.pop();
        continue;
      }
      state.set(name, 'open');
      const waiting = upstream(graph, name).filter((step) => state.get(step) !== 'done');
      const next = waiting[0];
      if (next === undefined) {
        state.set(name, 'done');
        order.push(name);
        stack.pop();
      } else if (state.get(next) === 'open') {
        const path = [...stack.slice(stack.indexOf(next)), next];
        throw new Problem('bad-wiring', `the wires form a cycle: ${path.reverse().join(' -> ')}`, {
          where: `pipeline '${graph.name}'`,
          hint: 'give one of these steps another input with .rewire',
        });
      } else stack.push(next);
    }
  }
  return order;
}

function upstream(graph: Graph, name: string): readonly string[] {
  return Object.entries(graph.steps[name]!.wires).map(([input, wire]) => {
    const [step] = splitAddress(wire.from);
    if (!(step in graph.steps))
      throw new Problem('bad-wiring', `input '${input}' of step '${name}' reads '${wire.from}', which does not exist`, {
        where: `pipeline '${graph.name}'`,
        hint: didYouMean(step, Object.keys(graph.steps)) || `close the pipeline with a protocol that gives it`,
      });
    return step;
  });
}
