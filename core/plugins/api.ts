/**
 * What a plugin imports from us is what is already running: its `import { node } from 'counterpoise'` reads the running
 * instance from one global place, so that a plugin shares our core whether we run from source, from dist or in a worker.
 */
export const specifiers = [
  'counterpoise',
  'counterpoise/nodes',
  'counterpoise/pipelines',
  'counterpoise/testing',
  'zod',
] as const;
export type Specifier = (typeof specifiers)[number];
/** Loads the running instance; called only when a plugin imports it. */
export type PluginApi = Readonly<Partial<Record<Specifier, () => Promise<object>>>>;

const place = Symbol.for('counterpoise/api');
interface Provided {
  readonly sources: PluginApi;
  /** Filled as plugins ask. */
  readonly modules: Partial<Record<Specifier, Readonly<Record<string, unknown>>>>;
}
type Holder = { [place]?: Provided };

/** Says what plugins of this thread get; zod needs no mention. Call it once, before the first plugin is loaded. */
export function provideApi(sources: PluginApi): void {
  (globalThis as Holder)[place] = { sources: { zod: () => import('zod'), ...sources }, modules: {} };
}

/** The running instance of `specifier`, or undefined when this process does not offer it. */
export async function providedModule(specifier: Specifier): Promise<Readonly<Record<string, unknown>> | undefined> {
  const provided = (globalThis as Holder)[place];
  const held = provided?.modules[specifier];
  if (held) return held;
  const source = provided?.sources[specifier];
  if (!provided || !source) return undefined;
  const module = (await source()) as Readonly<Record<string, unknown>>;
  provided.modules[specifier] = module;
  return module;
}

export const isSpecifier = (path: string): path is Specifier => (specifiers as readonly string[]).includes(path);

/** An ES module that hands the running instance on, name by name, so that a misspelt name is a compile error. */
export function handOver(specifier: Specifier, names: readonly string[]): string {
  const lines = names.map((name, n) => `const v${n} = api[${JSON.stringify(name)}];\nexport { v${n} as ${name} };`);
  return [
    `const api = globalThis[Symbol.for('counterpoise/api')].modules[${JSON.stringify(specifier)}];`,
    ...lines,
  ].join('\n');
}
