/** A pipeline as plain data after defaults: what run records and plans hold, `show --expand` prints and `diff` compares. */
import { carriesMethod, type MethodJson, methodJson } from '../method.ts';
import { configured } from '../plan/resolve.ts';
import { columnsOf, type PortJson, portJson } from '../ports/describe.ts';
import type { Port } from '../ports/ports.ts';
import { type Graph, type PlacedStep, type SettingsByDataset, splitAddress } from './graph.ts';
import type { Evaluation } from './protocol.ts';

export interface NormalisedStep {
  readonly use: string;
  /** `step.port` or a need, by input; an optional input that is not wired is left out. */
  readonly in: Readonly<Record<string, string>>;
  /** Columns that flow, by input, where a need lets fewer through than the output gives. */
  readonly narrowed?: Readonly<Record<string, readonly string[]>>;
  /** After defaults. */
  readonly with: Readonly<Record<string, unknown>>;
  readonly method?: MethodJson;
}
export interface NormalisedNeed {
  readonly port: PortJson;
  readonly optional: boolean;
  /** Why it is read, where the pipeline says so. */
  readonly reason?: string;
}
export interface NormalisedPipeline {
  readonly pipeline: string;
  readonly doc: string | null;
  readonly usesTestLabels: boolean;
  /** Null while the pipeline is open. */
  readonly protocol: string | null;
  readonly evaluation: Evaluation | null;
  readonly needs: Readonly<Record<string, NormalisedNeed>>;
  /** In the order in which they were added. */
  readonly steps: Readonly<Record<string, NormalisedStep>>;
  /** By data set; once a pipeline is closed, its data set's settings are in the steps. */
  readonly settings: SettingsByDataset;
}

/**
 * @param set values by step and key that win over everything else (`--set`)
 * @throws Problem bad-config for a config that its node refuses
 */
export function normalisedPipeline(
  graph: Graph,
  set: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
): NormalisedPipeline {
  const forDataset = (graph.evaluation && graph.settings?.[graph.evaluation.dataset]) ?? {};
  return {
    pipeline: graph.name,
    doc: graph.doc ?? null,
    usesTestLabels: graph.usesTestLabels ?? false,
    protocol: graph.protocol ?? null,
    evaluation: graph.evaluation ?? null,
    needs: mapped(graph.needs, (port, name) => {
      const reason = graph.reasons?.[name];
      return {
        port: portJson(port),
        optional: graph.mayLack.includes(name),
        ...(reason !== undefined && { reason }),
      };
    }),
    steps: mapped(graph.steps, (step, name) =>
      normalisedStep(graph, name, step, { ...(forDataset[name] as object | undefined), ...set[name] }),
    ),
    settings: graph.protocol === undefined ? (graph.settings ?? {}) : {},
  };
}

function normalisedStep(graph: Graph, name: string, step: PlacedStep, over: object): NormalisedStep {
  const { node, wires } = step;
  const narrowed = Object.entries(wires).flatMap(([input, { from, port }]) => {
    const columns = narrowing(port, outputAt(graph, from));
    return columns === undefined ? [] : [[input, columns] as const];
  });
  return {
    use: node.id,
    in: mapped(wires, ({ from }) => from),
    ...(narrowed.length > 0 && { narrowed: Object.fromEntries(narrowed) }),
    with: configured(node, { ...step.config, ...over }, `${graph.name}.${name}`),
    ...(carriesMethod(node) && { method: methodJson(node.method) }),
  };
}

/** The port that a wire starts from, or undefined when the address leads nowhere. */
export function outputAt(graph: Graph, from: string): Port | undefined {
  if (from in graph.needs) return graph.needs[from];
  const [step, output] = splitAddress(from);
  return (graph.steps[step]?.node.out as Readonly<Record<string, Port>> | undefined)?.[output];
}

function narrowing(through: Port, given: Port | undefined): readonly string[] | undefined {
  if (through.port !== 'table' || given?.port !== 'table') return undefined;
  const columns = Object.keys(columnsOf(through)).sort();
  return Object.keys(columnsOf(given)).every((name) => columns.includes(name)) ? undefined : columns;
}

const mapped = <T, R>(
  of: Readonly<Record<string, T>>,
  change: (value: T, name: string) => R,
): Readonly<Record<string, R>> =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, change(value, name)]));
