/** A pipeline as the text of a file that reads back as the same pipeline. */
import { stringify } from 'yaml';
import { Problem } from '../errors.ts';
import { carriesMethod, methodJson } from '../method.ts';
import type { Graph, PlacedStep } from '../pipeline/graph.ts';
import type { AnyPipeline } from '../pipeline/pipeline.ts';
import { portJson, samePort } from '../ports/describe.ts';
import type { Port } from '../ports/ports.ts';
import type { Registry } from '../registry.ts';
import { rolePorts } from './needs.ts';

export interface WriteOptions {
  /** Where roles are looked up, so that needs can be named. */
  readonly registry: Registry;
  /** Write configs after defaults, not only what was given. */
  readonly expand?: boolean;
}

/**
 * The full form, without `extends`.
 * @throws Problem bad-pipeline-file for a closed pipeline or a need that no role stands for
 */
export function pipelineToYaml(pipeline: AnyPipeline, options: WriteOptions): string {
  const { graph } = pipeline;
  const data = {
    pipeline: graph.name,
    ...(graph.doc !== undefined && { doc: graph.doc }),
    ...(graph.usesTestLabels !== undefined && { usesTestLabels: graph.usesTestLabels }),
    needs: needsOf(graph, options.registry),
    ...(graph.reasons && Object.keys(graph.reasons).length > 0 && { reasons: graph.reasons }),
    steps: Object.fromEntries(Object.entries(graph.steps).map(([name, step]) => [name, stepOf(step, options)])),
    ...(graph.settings && Object.keys(graph.settings).length > 0 && { settings: graph.settings }),
    ...(graph.spaces && Object.keys(graph.spaces).length > 0 && { spaces: graph.spaces }),
  };
  return stringify(data, {
    lineWidth: 0,
    flowCollectionPadding: true,
    aliasDuplicateObjects: false,
    version: '1.2',
    schema: 'core',
  });
}

function stepOf({ node, wires, config }: PlacedStep, { expand }: WriteOptions) {
  const given = expand ? (node.configure(config ?? {}) as object) : (config ?? {});
  return {
    use: node.id,
    ...(Object.keys(wires).length > 0 && {
      in: Object.fromEntries(Object.entries(wires).map(([input, { from }]) => [input, from])),
    }),
    ...(Object.keys(given).length > 0 && { with: given }),
    ...(carriesMethod(node) && { method: methodJson(node.method) }),
  };
}

/** A list when every need is the role of its name, else a map that spells out the others. */
function needsOf(graph: Graph, registry: Registry) {
  const roles = rolePorts(registry);
  const written = Object.entries(graph.needs).map(([name, port]) => {
    const key = graph.mayLack.includes(name) ? `${name}?` : name;
    return [key, needOf(graph, name, port, roles)] as const;
  });
  return written.every(([key, of]) => of === key.replace(/\?$/, ''))
    ? written.map(([key]) => key)
    : Object.fromEntries(written);
}

function needOf(graph: Graph, name: string, port: Port, roles: ReadonlyMap<string, readonly Port[]>) {
  const stands = (role: string) => {
    const [first] = roles.get(role) ?? [];
    return first !== undefined && samePort(first, port);
  };
  if (stands(name)) return name;
  const shape = portJson(port);
  if (typeof shape !== 'string') return shape.table;
  const role = [...roles.keys()].find(stands);
  if (role !== undefined) return role;
  throw new Problem('bad-pipeline-file', `need '${name}' of '${graph.name}' is a value that no known role stands for`, {
    hint: 'a protocol or a pipeline of the registry must name it',
  });
}
