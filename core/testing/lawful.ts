/** The laws that the cache leans on, checked for a node of your own. */
import type { Node } from '../node.ts';
import { columnHashes, jsonHash, tensorsHash } from '../numeric/hash.ts';
import type { Port, Views } from '../ports/ports.ts';
import { asValue, type RunNodeOptions, runNode } from './run-node.ts';

/**
 * Runs the node twice on the same inputs and compares.
 * @throws Error that names the first broken law: the node is not repeatable (which output), or it changed an input
 */
export async function lawful<In, Out, Config>(
  node: Node<In, Out, Config, object>,
  inputs: Views<In>,
  config?: Config,
  options: RunNodeOptions = {},
): Promise<void> {
  const before = hashes(node.in as never, inputs as never);
  const first = hashes(node.out as never, (await runNode(node, inputs, config, options)) as never);
  const second = hashes(node.out as never, (await runNode(node, inputs, config, options)) as never);
  const after = hashes(node.in as never, inputs as never);
  for (const [name, hash] of Object.entries(before))
    if (after[name] !== hash) throw new Error(`${node.id} changes its input '${name}'; copy it with .slice() first`);
  for (const [name, hash] of Object.entries(first))
    if (second[name] !== hash)
      throw new Error(
        `${node.id} gives other values on '${name}' when it runs again; randomness must come from the rng service`,
      );
}

function hashes(
  ports: Readonly<Record<string, Port>>,
  values: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, port] of Object.entries(ports)) {
    if (values[name] === undefined) continue;
    const value = asValue(port, values[name]);
    out[name] =
      value.port === 'table'
        ? JSON.stringify(columnHashes(value.frame))
        : value.port === 'json'
          ? jsonHash(value.json)
          : tensorsHash(value.bundle);
  }
  return out;
}
