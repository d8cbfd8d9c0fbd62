/**
 * Digests of everything that a registry names, from where they are cheapest: the file that the build wrote for what ships
 * with the tool, source for plugins and in development.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { carriesMethod } from '../../method.ts';
import type { AnyNode } from '../../node.ts';
import type { Entry, Origin, Registry } from '../../registry.ts';
import type { Hints } from '../../store.ts';
import { digestExports } from './digest.ts';
import { type CodeDigest, type ExportOf, sha256 } from './recipe.ts';

/** What a plan asks for. Undefined means that no loaded module exports the definition: such a step is never cached. */
export interface CodeDigests {
  node(node: AnyNode): CodeDigest | undefined;
  /** Of the module that defines a method or a part, by registry id. */
  module(id: string): CodeDigest | undefined;
  /** Of the module that implements a service that ships with the tool, by the service's id. */
  service(id: string): CodeDigest | undefined;
}

/** `dist/digests.json`: digests by registry id, written by the build. */
export interface ShippedDigests {
  readonly format: 1;
  /** Of core/numeric: what an import of `counterpoise` means to a plugin. */
  readonly numeric: CodeDigest;
  readonly nodes: Readonly<Record<string, CodeDigest>>;
  readonly modules: Readonly<Record<string, CodeDigest>>;
  readonly services?: Readonly<Record<string, CodeDigest>>;
}
/** What implements the services that ship, by service id; files are meant from the root. */
export type ServiceSources = Readonly<Record<string, ExportOf>>;

export interface CodeDigestsOptions {
  readonly registry: Registry;
  readonly hints?: Hints;
  /** The checkout to digest sources of; by default the one that this code runs from. */
  readonly root?: string;
  /** Digests of what ships; by default those beside the running bundle, and none when we run from source. */
  readonly shipped?: ShippedDigests;
  readonly services?: ServiceSources;
}

/** Computes (or recalls) the digests of all that `registry` names. */
export async function codeDigests(options: CodeDigestsOptions): Promise<CodeDigests> {
  const { registry, hints } = options;
  const root = options.root ?? sourceRoot();
  const shipped =
    options.shipped ??
    (options.root === undefined ? readShipped() : undefined) ??
    (await sourceDigests(registry, root, hints, options.services));
  const plugins = await pluginDigests(registry, root, shipped, hints);
  const nodes = { ...shipped.nodes, ...plugins.nodes };
  const modules = { ...shipped.modules, ...plugins.modules };
  return {
    node: (node) => (isRegistered(node, registry) ? nodes[node.id] : undefined),
    module: (id) => modules[id],
    service: (id) => shipped.services?.[id],
  };
}

/** Whether this very definition is what a loaded module exports under its id: only then does the id speak for its code. */
export function isRegistered(node: AnyNode, registry: Registry): boolean {
  const known = registry.nodes.get(node.id)?.value;
  if (known === undefined) return false;
  if (!carriesMethod(node)) return known === node;
  // a learner is remade for each method: its own code is that of the registered node of its id
  const method = registry.methods.get(node.method.id)?.value;
  return (
    carriesMethod(known) &&
    method?.build === node.method.build &&
    Object.values(node.method.parts).every(({ id }) => registry.parts.has(id))
  );
}

type Asked = readonly [into: 'nodes' | 'modules' | 'services', id: string, of: ExportOf];

function asked(registry: Registry, wanted: (origin: Origin) => string | undefined): readonly Asked[] {
  const all = (into: Asked[0], entries: ReadonlyMap<string, Entry<unknown>>): Asked[] =>
    [...entries].flatMap(([id, { origin }]) => {
      const file = wanted(origin);
      return file === undefined ? [] : [[into, id, { file, name: origin.export }]];
    });
  return [...all('nodes', registry.nodes), ...all('modules', registry.methods), ...all('modules', registry.parts)];
}
const named = (asks: readonly Asked[], digests: readonly CodeDigest[], into: Asked[0]) =>
  Object.fromEntries(asks.flatMap(([at, id], n) => (at === into ? [[id, digests[n] as CodeDigest]] : [])));

/** Digests of all that ships, taken of the sources below `root`; the build writes them to `dist/digests.json`. */
export async function sourceDigests(
  registry: Registry,
  root: string,
  hints?: Hints,
  services: ServiceSources = {},
): Promise<ShippedDigests> {
  const asks = [
    ...asked(registry, ({ from, module }) => (typeof from === 'string' ? join(root, from, `${module}.ts`) : undefined)),
    ...Object.entries(services).map(
      ([id, { file, name }]): Asked => ['services', id, { file: join(root, file), name }],
    ),
  ];
  const numeric = { file: join(root, 'core/numeric/index.ts'), name: '*' };
  const [own, ...rest] = await digestExports([numeric, ...asks.map(([, , of]) => of)], { root, hints });
  return {
    format: 1,
    numeric: own as CodeDigest,
    nodes: named(asks, rest, 'nodes'),
    modules: named(asks, rest, 'modules'),
    services: named(asks, rest, 'services'),
  };
}

async function pluginDigests(registry: Registry, root: string, shipped: ShippedDigests, hints: Hints | undefined) {
  const asks = asked(registry, ({ from }) => (typeof from === 'string' ? undefined : from.plugin));
  if (asks.length === 0) return { nodes: {}, modules: {} };
  let whole: string | undefined;
  const ours = (path: string) => {
    if (path === 'counterpoise') return shipped.numeric.code;
    // a helper of ours may reach any of our code, so any change there counts
    whole ??= sha256(JSON.stringify(shipped));
    return whole;
  };
  const digests = await digestExports(
    asks.map(([, , of]) => of),
    { root, hints, ours },
  );
  return { nodes: named(asks, digests, 'nodes'), modules: named(asks, digests, 'modules') };
}

const fromSource = import.meta.url.endsWith('.ts');
const here = dirname(fileURLToPath(import.meta.url));
/** Sources ship with the package, so the root is there in both cases: above core/keys/digest, or above dist. */
export const sourceRoot = () => resolve(here, fromSource ? '../../..' : '..');

function readShipped(): ShippedDigests | undefined {
  if (fromSource) return undefined;
  return JSON.parse(readFileSync(join(here, 'digests.json'), 'utf8')) as ShippedDigests;
}
