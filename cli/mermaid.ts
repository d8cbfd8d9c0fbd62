/**
 * A graph as a Mermaid flowchart: what comes from the protocol in one box, a node a step, a line a pair of steps with the
 * ports that flow along it.
 */
import { type Graph, type RoleWires, splitAddress } from '../core/pipeline/graph.ts';

export interface DrawOptions {
  /** Of a protocol: which output plays which role. */
  readonly roles?: Readonly<Record<string, { readonly from: string }>> | RoleWires;
}

export function mermaid(graph: Graph, { roles = {} }: DrawOptions = {}): string {
  const ids = new Map<string, string>();
  const idOf = (name: string) => {
    const held = ids.get(name);
    if (held !== undefined) return held;
    const plain = name.replace(/\W+/g, '_');
    const taken = new Set(ids.values());
    const id = taken.has(plain) || reserved.has(plain) ? `${plain}_${ids.size}` : plain;
    ids.set(name, id);
    return id;
  };
  const needs = Object.keys(graph.needs);
  const names = Object.keys(graph.steps);
  const data = names.filter((name) => name.startsWith('data.'));
  const own = names.filter((name) => !name.startsWith('data.'));
  const box = (name: string) =>
    `${idOf(name)}["${quoted(name.replace(/^data\./, ''))}<br/><i>${quoted(graph.steps[name]?.node.id ?? '')}</i>"]`;
  const lines = ['flowchart TD'];
  if (needs.length > 0)
    lines.push(
      ...subgraph(
        'needs',
        'what a protocol gives',
        needs.map((need) => `${idOf(need)}(["${quoted(need)}${graph.mayLack.includes(need) ? '?' : ''}"])`),
      ),
    );
  if (data.length > 0) lines.push(...subgraph('data', `protocol ${quoted(graph.protocol ?? '')}`, data.map(box)));
  lines.push(...own.map((name) => `  ${box(name)}`));
  for (const [name, { wires }] of Object.entries(graph.steps))
    for (const [from, labels] of wiresBetween(graph, wires))
      lines.push(`  ${idOf(from)} -->|"${quoted(labels.join(', '))}"| ${idOf(name)}`);
  for (const [role, { from }] of Object.entries(roles)) {
    const [step, port] = splitAddress(from);
    lines.push(`  ${idOf(step)} -->|"${quoted(port)}"| ${idOf(`role ${role}`)}(["${quoted(role)}"])`);
  }
  return lines.join('\n');
}

/** Words that Mermaid reads as its own. */
const reserved = new Set(['end', 'graph', 'subgraph', 'flowchart', 'style', 'class', 'click', 'needs', 'data']);

/** By the step or need that a wire comes from: the output, and the input where it is called otherwise. */
function wiresBetween(graph: Graph, wires: Readonly<Record<string, { readonly from: string }>>) {
  const between = new Map<string, string[]>();
  for (const [input, { from }] of Object.entries(wires)) {
    const [step, port] = from in graph.needs ? [from, from] : splitAddress(from);
    const label = port === input ? input : from in graph.needs ? `as ${input}` : `${port} as ${input}`;
    between.set(step, [...(between.get(step) ?? []), label]);
  }
  return between;
}

const subgraph = (id: string, title: string, lines: readonly string[]): string[] => [
  `  subgraph ${id} ["${title}"]`,
  ...lines.map((line) => `    ${line}`),
  '  end',
];

/** Mermaid's own way to write what would end a text. */
const quoted = (text: string): string => text.replaceAll('"', '#quot;').replaceAll('<', '#lt;').replaceAll('>', '#gt;');
