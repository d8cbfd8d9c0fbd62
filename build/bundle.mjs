/** Bundles the entries into ESM files that share chunks, so that a start loads few files and the library shares the core. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const entries = {
  index: 'index.ts',
  nodes: 'nodes/index.ts',
  pipelines: 'pipelines/index.ts',
  storage: 'storage/index.ts',
  testing: 'core/testing/index.ts',
  cli: 'cli/main.ts',
  worker: 'worker.ts',
  thread: 'thread.ts',
};

/** Packages with a binary of their own stay outside; all others are bundled. */
export const external = ['@duckdb/node-api', '@tensorflow/*', 'esbuild'];

/** Zod exports the messages of forty languages as a namespace, which no bundler can shake off; we speak English. */
const englishOnly = {
  name: 'english-only',
  setup(build) {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
      loader: 'js',
    }));
  },
};

/**
 * @param {string} root the checkout
 * @param {string} out the folder of the bundles
 * @returns {Promise<readonly string[]>} entries that do not exist
 */
export async function bundle(root, out) {
  const there = Object.entries(entries).filter(([, file]) => existsSync(join(root, file)));
  await build({
    entryPoints: Object.fromEntries(there.map(([name, file]) => [name, join(root, file)])),
    absWorkingDir: root,
    outdir: out,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external,
    plugins: [englishOnly],
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: false,
    sourcemap: false,
    legalComments: 'none',
    logLevel: 'warning',
    // Chunks lie beside the entries: code that looks for its neighbours by import.meta.url finds them from any chunk.
    chunkNames: 'chunk-[hash]',
    // CommonJS packages in the bundle ask for Node's modules with require
    banner: {
      js: "import{createRequire as __makeRequire}from'node:module';const require=__makeRequire(import.meta.url);",
    },
  });
  return Object.entries(entries)
    .filter(([, file]) => !existsSync(join(root, file)))
    .map(([, file]) => file);
}
