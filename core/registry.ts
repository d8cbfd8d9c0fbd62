/** What can be named: nodes, methods, parts, pipelines, protocols and studies, each with the module that exports it. */
import { distance } from 'fastest-levenshtein';
import { Problem } from './errors.ts';
import type { AnyMethod, AnyPartDefinition, MethodLookup } from './method.ts';
import type { AnyNode } from './node.ts';
import type { AnyPipeline } from './pipeline/pipeline.ts';
import type { AnyProtocol } from './pipeline/protocol.ts';
import type { AnyStudy } from './pipeline/study.ts';

/** Where a definition comes from, so that its code can be digested and a worker can load it. */
export interface Origin {
  /** `nodes` for what ships with the tool, else the plugin's file. */
  readonly from: 'nodes' | 'pipelines' | { readonly plugin: string };
  /** Path of the module below its root, without extension: `weights/inverse-propensity`. */
  readonly module: string;
  readonly export: string;
}
export interface Entry<T> {
  readonly value: T;
  readonly origin: Origin;
}
/** Modules by path below their root: what `nodes/index.ts` and a loaded plugin offer. */
export type Catalogue = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
export interface Source {
  readonly from: Origin['from'];
  readonly modules: Catalogue;
}

export class Registry implements MethodLookup {
  readonly nodes = new Map<string, Entry<AnyNode>>();
  readonly methods = new Map<string, Entry<AnyMethod>>();
  readonly parts = new Map<string, Entry<AnyPartDefinition>>();
  readonly pipelines = new Map<string, Entry<AnyPipeline>>();
  readonly protocols = new Map<string, Entry<AnyProtocol>>();
  readonly studies = new Map<string, Entry<AnyStudy>>();

  /** @throws Problem bad-plugin when an id is defined twice; both places are named */
  constructor(sources: readonly Source[]) {
    for (const { from, modules } of sources)
      for (const [module, exports] of Object.entries(modules))
        for (const [name, value] of Object.entries(exports)) this.#add(value, { from, module, export: name });
  }

  #add(value: unknown, origin: Origin) {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || !('kind' in value)) return;
    const named = value as { kind: unknown; id?: string; name?: string };
    if (named.kind === 'node') add(this.nodes, 'node', named.id, value as AnyNode, origin);
    else if (named.kind === 'method') {
      // variants made by `.with` share their method's id; the definition is the export of its own module
      if (origin.from !== 'nodes' || named.id === origin.module)
        if (!this.methods.has(named.id as string)) add(this.methods, 'method', named.id, value as AnyMethod, origin);
    } else if (named.kind === 'part') add(this.parts, 'part', named.id, value as AnyPartDefinition, origin);
    else if (named.kind === 'open') add(this.pipelines, 'pipeline', named.name, value as AnyPipeline, origin);
    else if (named.kind === 'protocol') add(this.protocols, 'protocol', named.name, value as AnyProtocol, origin);
    else if (named.kind === 'study') add(this.studies, 'study', named.name, value as AnyStudy, origin);
  }

  node = (id: string): AnyNode => find(this.nodes, 'node', id);
  method = (id: string): AnyMethod => find(this.methods, 'method', id);
  part = (id: string): AnyPartDefinition => find(this.parts, 'part', id);
  pipeline = (name: string): AnyPipeline => find(this.pipelines, 'pipeline', name);
  protocol = (name: string): AnyProtocol => find(this.protocols, 'protocol', name);
  study = (name: string): AnyStudy => find(this.studies, 'study', name);
}

const place = ({ from, module, export: name }: Origin) =>
  `${typeof from === 'string' ? `${from}/${module}` : from.plugin} (${name})`;

function add<T>(to: Map<string, Entry<T>>, what: string, id: string | undefined, value: T, origin: Origin) {
  if (id === undefined) return;
  const known = to.get(id);
  if (known?.value === value) return; // the same value exported under a second name
  if (known)
    throw new Problem('bad-plugin', `two ${what}s are called '${id}': ${place(known.origin)} and ${place(origin)}`, {
      hint: 'rename one of them',
    });
  to.set(id, { value, origin });
}

function find<T>(among: ReadonlyMap<string, Entry<T>>, what: string, id: string): T {
  const entry = among.get(id);
  if (entry) return entry.value;
  throw new Problem('unknown-name', `there is no ${what} '${id}'`, {
    hint: `${didYouMean(id, among.keys())}\`counterpoise list ${what}s\` lists them`,
  });
}

/** Names near `given`, nearest first, at most three. */
export function nearest(given: string, known: Iterable<string>): readonly string[] {
  return [...known]
    .map((name) => ({ name, far: name.includes(given) ? 1 : distance(given, name) }))
    .filter(({ name, far }) => far <= Math.max(2, Math.floor(Math.max(given.length, name.length) / 3)))
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}
/** `Did you mean 'clip'? ` or the empty text. */
export const didYouMean = (given: string, known: Iterable<string>): string => {
  const near = nearest(given, known);
  return near.length === 0 ? '' : `did you mean ${near.map((name) => `'${name}'`).join(' or ')}? `;
};
