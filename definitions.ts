/** Every definition that a process knows: what ships with the tool, then its plugins. Main thread and workers call this. */
import { loadPlugin, provideApi } from './core/plugins/index.ts';
import { Registry, type Source } from './core/registry.ts';
import * as nodes from './nodes/index.ts';
import * as pipelines from './pipelines/index.ts';

export interface Definitions {
  readonly registry: Registry;
  readonly sources: readonly Source[];
}

const shipped: readonly Source[] = [
  { from: 'nodes', modules: nodes.catalogue },
  { from: 'pipelines', modules: pipelines.catalogue },
];

/** @throws Problem bad-plugin when a plugin does not compile or defines a known id again */
export async function loadRegistry(plugins: readonly string[], cacheFolder: string): Promise<Definitions> {
  if (plugins.length === 0) return { registry: new Registry(shipped), sources: shipped };
  provideApi({
    counterpoise: () => import('./index.ts'),
    'counterpoise/nodes': async () => nodes,
    'counterpoise/pipelines': async () => pipelines,
    zod: () => import('zod'),
  });
  const sources = [...shipped];
  for (const file of plugins) sources.push(await loadPlugin(file, { cacheFolder }));
  return { registry: new Registry(sources), sources };
}
