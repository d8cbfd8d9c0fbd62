/** Nodes, methods, parts, protocols, studies and presets, as data and as text. */
import { type AnyMethod, type AnyPartDefinition, carriesMethod, methodJson } from '../../core/method.ts';
import type { AnyNode } from '../../core/node.ts';
import type { AnyProtocol } from '../../core/pipeline/protocol.ts';
import type { AnyStudy } from '../../core/pipeline/study.ts';
import { configured } from '../../core/plan/resolve.ts';
import { portJson } from '../../core/ports/describe.ts';
import type { Port } from '../../core/ports/ports.ts';
import type { Entry } from '../../core/registry.ts';
import type { Token } from '../../core/tokens.ts';
import { presets } from '../../nodes/evaluation/presets.ts';
import { plainTable } from '../tables.ts';
import { fromText } from './origin.ts';
import { portEntries, portLines } from './ports.ts';
import { presetDoc } from './presets.ts';
import { settingsOf, settingsText } from './settings.ts';

export interface Shown {
  readonly json: Readonly<Record<string, unknown>>;
  readonly text: () => string;
}

const paragraphs = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join('\n\n');
const heading = (name: string, kind: string, doc: string | null | undefined, source?: string | null) =>
  [`${name}  (${kind})`, ...(doc ? [doc] : []), ...(source ? [`source: ${source}`] : [])].join('\n');

export function showNode({ value: node, origin }: Entry<AnyNode>, width?: number): Shown {
  const inputs = portEntries(node.in, node.mayLack);
  const outputs = portEntries(node.out, node.mayOmit);
  const config = settingsOf(node.schema);
  const services = Object.values(node.use as Readonly<Record<string, Token<string, unknown>>>).map(({ id }) => id);
  const method = carriesMethod(node) ? methodJson(node.method) : undefined;
  const random =
    node.stream === undefined
      ? undefined
      : `random: follows the seed of ${node.stream === 'data' ? '--data-seed' : '--seed'}`;
  return {
    json: {
      kind: 'node',
      name: node.id,
      doc: node.doc,
      source: node.source ?? null,
      from: fromText(origin),
      in: inputs,
      out: outputs,
      config,
      services,
      stream: node.stream ?? null,
      ...(method && { method }),
    },
    text: () =>
      paragraphs(
        heading(node.id, 'node', node.doc, node.source),
        portLines('in', inputs),
        portLines('out', outputs),
        settingsText(config, width),
        method && `method: ${method.use}`,
        services.length === 0 ? undefined : `services: ${services.join(', ')}`,
        random,
        `from: ${fromText(origin)}`,
      ),
  };
}

export function showMethod({ value: method, origin }: Entry<AnyMethod>, width?: number): Shown {
  const parts = Object.fromEntries(Object.entries(method.parts).map(([slot, part]) => [slot, part.id]));
  return recipe('method', method, method.settings, parts, fromText(origin), width);
}
export const showPart = ({ value, origin }: Entry<AnyPartDefinition>, width?: number): Shown =>
  recipe('part', value, undefined, {}, fromText(origin), width);

function recipe(
  kind: 'method' | 'part',
  of: AnyMethod | AnyPartDefinition,
  defaults: object | undefined,
  parts: Readonly<Record<string, string>>,
  from: string,
  width: number | undefined,
): Shown {
  const reads = Object.fromEntries(Object.entries(of.in).map(([name, port]) => [name, portJson(port as Port)]));
  const own = defaults as Readonly<Record<string, unknown>> | undefined;
  const config = settingsOf(of.schema).map((setting) =>
    own && setting.key in own ? { ...setting, default: own[setting.key], required: false } : setting,
  );
  const slot = 'slot' in of ? of.slot : null;
  return {
    json: { kind, name: of.id, doc: of.doc, source: of.source ?? null, from, slot, in: reads, config, parts },
    text: () =>
      paragraphs(
        heading(of.id, slot === null ? kind : `${kind} for slot '${slot}'`, of.doc, of.source),
        portLines('reads', portEntries(of.in, [])),
        settingsText(config, width),
        Object.keys(parts).length === 0
          ? undefined
          : ['parts:', ...Object.entries(parts).map(([at, id]) => `  ${at}: ${id}`)].join('\n'),
        `from: ${from}`,
      ),
  };
}

export function showProtocol(protocol: AnyProtocol, width?: number): Shown {
  const { name, evaluation, graph, roles } = protocol;
  const gives = Object.fromEntries(Object.entries(roles).map(([role, wire]) => [role, wire.from]));
  const steps = Object.fromEntries(
    Object.entries(graph.steps).map(([step, { node, wires, config }]) => [
      step,
      {
        use: node.id,
        in: Object.fromEntries(Object.entries(wires).map(([input, wire]) => [input, wire.from])),
        with: configured(node, config ?? {}, `${name}.${step}`),
      },
    ]),
  );
  return {
    json: {
      kind: 'protocol',
      name,
      doc: evaluation.doc ?? null,
      dataset: evaluation.dataset,
      definition: evaluation.evaluation,
      floors: [...evaluation.floors],
      gives,
      steps,
    },
    text: () =>
      paragraphs(
        heading(name, 'protocol', evaluation.doc),
        `data set: ${evaluation.dataset}; metrics: ${evaluation.evaluation}; floors: ${evaluation.floors.join(', ') || 'none'}`,
        plainTable(
          ['step', 'node', 'reads', 'settings'],
          Object.entries(steps).map(([step, of]) => [step, of.use, wiresText(of.in), settingText(of.with)]),
          width === undefined ? {} : { width },
        ),
        ['gives:', ...Object.entries(gives).map(([role, from]) => `  ${role}: ${from}`)].join('\n'),
      ),
  };
}

/** `train: data.split.train`, and only `train` where both are called the same. */
export const wiresText = (wires: Readonly<Record<string, string>>): string =>
  Object.entries(wires)
    .map(([input, from]) => (from === input ? input : `${input}: ${from}`))
    .join(', ');
export const settingText = (config: Readonly<Record<string, unknown>>): string =>
  Object.entries(config)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');

export function showStudy(study: AnyStudy): Shown {
  const { name, doc, methods, on, seeds, grid } = study;
  const axes = Object.entries(grid).flatMap(([step, keys]) =>
    Object.entries(keys).map(([key, values]) => `  ${step}.${key}: ${values.map((v) => JSON.stringify(v)).join(', ')}`),
  );
  return {
    json: {
      kind: 'study',
      name,
      doc: doc ?? null,
      methods: methods.map((m) => m.name),
      protocol: on.name,
      seeds: [...seeds],
      grid,
    },
    text: () =>
      paragraphs(
        heading(name, 'study', doc),
        `methods: ${methods.map((m) => m.name).join(', ')}\nprotocol: ${on.name}\nseeds: ${seeds.join(', ')}`,
        axes.length === 0 ? undefined : `grid:\n${axes.join('\n')}`,
      ),
  };
}

export function showPreset(name: keyof typeof presets): Shown {
  const definition = presets[name];
  const doc = presetDoc(definition);
  return {
    json: { kind: 'preset', name, doc, definition },
    text: () =>
      paragraphs(
        heading(name, 'metric definitions', null),
        plainTable(
          ['choice', 'value'],
          Object.entries(definition).map(([key, value]) => [
            key,
            typeof value === 'string' ? value : JSON.stringify(value),
          ]),
          { align: ['left', 'left'] },
        ),
      ),
  };
}
