/** Writes the digests of everything that ships, so that an installed tool needs neither esbuild nor sources to know its code. */
import { writeFileSync } from 'node:fs';
import { sourceDigests } from '../core/keys/digest/index.ts';
import { Registry } from '../core/registry.ts';
import { catalogue as nodes } from '../nodes/index.ts';
import { catalogue as pipelines } from '../pipelines/index.ts';
import { serviceSources } from '../services.ts';

export async function writeDigests(root: string, file: string): Promise<number> {
  const registry = new Registry([
    { from: 'nodes', modules: nodes },
    { from: 'pipelines', modules: pipelines },
  ]);
  const digests = await sourceDigests(registry, root, undefined, serviceSources);
  writeFileSync(file, `${JSON.stringify(digests, null, 1)}\n`);
  return Object.keys(digests.nodes).length + Object.keys(digests.modules).length;
}
