/** One step of a pipeline file: which node, which wires, which config; on top of the step that it changes, if any. */
import { type AnyMethodNode, carriesMethod } from '../method.ts';
import type { AnyNode } from '../node.ts';
import type { PlacedStep, Source } from '../pipeline/graph.ts';
import { didYouMean } from '../registry.ts';
import type { Reading } from './context.ts';
import { readMethod } from './method-file.ts';
import type { StepShape } from './shape.ts';

/**
 * @param others names of the steps that the original has
 * @returns undefined when the step cannot be made; the problems are in `reading`
 */
export function readStep(
  name: string,
  given: StepShape,
  old: PlacedStep | undefined,
  others: readonly string[],
  reading: Reading,
): PlacedStep | undefined {
  const path = ['steps', name];
  const base = baseNode(name, given, old, others, reading);
  if (!base) return undefined;
  const node = given.method ? withMethod(base, given, old, path, reading) : base;
  if (!node) return undefined;
  const own = given.use !== undefined || !old;
  return {
    node,
    config: own ? given.with : given.with || old.config ? { ...old.config, ...given.with } : undefined,
    wires: given.in ? wiresOf(given.in) : kept(old?.wires ?? {}, node),
  };
}

/** Ports of wires are filled in when all steps are known. */
const wiresOf = (given: Readonly<Record<string, string>>): PlacedStep['wires'] =>
  Object.fromEntries(Object.entries(given).map(([input, from]) => [input, { from, port: unknownPort }]));
export const unknownPort: Source['port'] = { port: 'json', parse: (value) => value };
const kept = (wires: PlacedStep['wires'], node: AnyNode) =>
  Object.fromEntries(Object.entries(wires).filter(([input]) => Object.hasOwn(node.in, input)));

function baseNode(
  name: string,
  given: StepShape,
  old: PlacedStep | undefined,
  others: readonly string[],
  reading: Reading,
): AnyNode | undefined {
  const { nodes, methods, parts } = reading.registry;
  const path = ['steps', name];
  if (given.use !== undefined) {
    const known = nodes.get(given.use)?.value;
    if (known) return known;
    const hint = methods.has(given.use)
      ? `it is a method: write method: { use: ${given.use} }`
      : parts.has(given.use)
        ? 'it is a part of a method: name it under method: { parts: ... }'
        : `${didYouMean(given.use, nodes.keys())}\`counterpoise list nodes\` lists them`;
    return reading.at([...path, 'use'], `there is no node '${given.use}'`, hint);
  }
  if (old) return old.node;
  if (!given.method)
    return reading.atKey(
      path,
      `step '${name}' is new and does not say which node it uses`,
      `${didYouMean(name, others)}a new step says use: folder/file`,
    );
  const learners = [...nodes.values()].map(({ value }) => value).filter(carriesMethod);
  const [only] = learners;
  if (only && learners.length === 1) return only;
  return reading.atKey(
    path,
    `step '${name}' does not say which node trains its method`,
    `write use: ${learners.map(({ id }) => id).join(' or ')}`,
  );
}

function withMethod(
  node: AnyNode,
  given: StepShape,
  old: PlacedStep | undefined,
  path: readonly string[],
  reading: Reading,
) {
  if (!carriesMethod(node))
    return reading.atKey(
      [...path, 'method'],
      `${node.id} trains no method`,
      'leave `method` out, or name a learner with `use`',
    );
  const inherited = given.use === undefined && old && carriesMethod(old.node) ? old.node.method : undefined;
  const method = readMethod(given.method ?? {}, inherited, [...path, 'method'], reading);
  return method && (node as AnyMethodNode).remake(method);
}
