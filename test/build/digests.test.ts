import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { type ShippedDigests, sourceDigests } from '../../core/keys/digest/index.ts';
import { type Catalogue, Registry } from '../../core/registry.ts';
import { catalogue as nodes } from '../../nodes/index.ts';
import { catalogue as pipelines } from '../../pipelines/index.ts';
import { serviceSources } from '../../services.ts';

const root = join(import.meta.dirname, '../..');
const registry = new Registry([
  { from: 'nodes', modules: nodes as Catalogue },
  { from: 'pipelines', modules: pipelines as Catalogue },
]);

test('what the build writes is what the sources give', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'counterpoise-digests-'));
  // below the checkout, so that packages are found
  const outfile = join(root, 'node_modules/.cache/counterpoise', `digests-test-${process.pid}.mjs`);
  try {
    await build({
      entryPoints: [join(root, 'build/digests.ts')],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
    });
    const { writeDigests } = (await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as {
      writeDigests: (root: string, file: string) => Promise<number>;
    };
    const count = await writeDigests(root, join(folder, 'digests.json'));
    const written = JSON.parse(readFileSync(join(folder, 'digests.json'), 'utf8')) as ShippedDigests;
    expect(written).toEqual(await sourceDigests(registry, root, undefined, serviceSources));
    expect(count).toBe(registry.nodes.size + registry.methods.size + registry.parts.size);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(outfile, { force: true });
  }
});

test('the digests of a built dist are those of the sources', async (context) => {
  const file = join(root, 'dist/digests.json');
  const built = statSync(file, { throwIfNoEntry: false });
  if (!built) return context.skip('there is no dist: run npm run build');
  const source = await sourceDigests(registry, root, undefined, serviceSources);
  const shipped = JSON.parse(readFileSync(file, 'utf8')) as ShippedDigests;
  if (['nodes', 'pipelines', 'core'].some((folder) => newest(join(root, folder)) > built.mtimeMs))
    return context.skip('dist is older than the sources: run npm run build');
  expect(shipped).toEqual(source);
});

function newest(folder: string): number {
  return Math.max(
    0,
    ...readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('index.ts'))
      .map((name) => statSync(join(folder, name)).mtimeMs),
  );
}
