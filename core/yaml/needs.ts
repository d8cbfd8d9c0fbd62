/**
 * Needs in files. A need is the port of the role of its name, as the known protocols and pipelines have it; a table may also be
 * spelt out by columns, and another role's port may be named: `needs: [train, shape, uniform?]`,
 * `needs: { train: { user: u32, item: u32, rating: f32 }, validation: train }`.
 */
import { samePort } from '../ports/describe.ts';
import type { Kind } from '../ports/kinds.ts';
import { type Optional, optional, type Port, table } from '../ports/ports.ts';
import { didYouMean, type Registry } from '../registry.ts';
import type { Reading } from './context.ts';
import type { NeedsShape } from './shape.ts';

export interface Needs {
  readonly needs: Readonly<Record<string, Port>>;
  readonly mayLack: readonly string[];
}

/** The ports that a role has in the registry, in the order of their definition, each shape once. */
export function rolePorts(registry: Registry): ReadonlyMap<string, readonly Port[]> {
  const found = new Map<string, Port[]>();
  const add = (roles: Readonly<Record<string, Port>>) => {
    for (const [role, port] of Object.entries(roles)) {
      const known = found.get(role);
      if (!known) found.set(role, [port]);
      else if (!known.some((other) => samePort(other, port))) known.push(port);
    }
  };
  // needs first: they are what pipelines agree on, while a protocol may give more columns
  for (const { value } of registry.pipelines.values()) add(value.graph.needs);
  for (const { value } of registry.protocols.values()) add(value.gives as Readonly<Record<string, Port>>);
  return found;
}

export function readNeeds(given: NeedsShape, reading: Reading): Needs {
  const roles = rolePorts(reading.registry);
  const needs: Record<string, Port> = {};
  const mayLack: string[] = [];
  const entries = Array.isArray(given)
    ? given.map((word, n) => [word, bare(word), ['needs', String(n)]] as const)
    : Object.entries(given).map(([word, of]) => [word, of, ['needs', word]] as const);
  for (const [word, of, path] of entries) {
    const name = bare(word);
    if (Object.hasOwn(needs, name)) reading.at(path, `need '${name}' is named twice`);
    if (word.endsWith('?')) mayLack.push(name);
    const port = typeof of === 'string' ? rolePort(of, roles, reading, path) : tableOf(of, reading, path);
    if (port) needs[name] = port;
  }
  return { needs, mayLack };
}
const bare = (word: string) => word.replace(/\?$/, '');

function rolePort(
  role: string,
  roles: ReadonlyMap<string, readonly Port[]>,
  reading: Reading,
  path: readonly string[],
) {
  const [port] = roles.get(role) ?? [];
  if (port) return port;
  return reading.at(
    path,
    `there is no role '${role}'`,
    `${didYouMean(role, roles.keys())}known roles are ${[...roles.keys()].sort().join(', ')}; a table can be spelt out: { user: u32, item: u32 }`,
  );
}

function tableOf(
  columns: Readonly<Record<string, string>>,
  reading: Reading,
  path: readonly string[],
): Port | undefined {
  const declared: Record<string, Kind | Optional<Kind>> = {};
  for (const [name, kind] of Object.entries(columns))
    declared[name] = kind.endsWith('?') ? optional(bare(kind) as Kind) : (kind as Kind);
  try {
    return table(declared);
  } catch (error) {
    return reading.at(path, (error as Error).message);
  }
}
