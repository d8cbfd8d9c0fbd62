/** Bundles one export at a time, tree-shaken, with packages and core left outside: the text that a digest is taken of. */

import { readFile } from 'node:fs/promises';
import { dirname, extname, relative, resolve, sep } from 'node:path';
import type { Loader, Metafile, Plugin } from 'esbuild';
import { type ExportOf, nameOf } from './recipe.ts';
import { type Origin, withoutTexts } from './texts.ts';

export interface Bundled {
  /** Minified, identifiers included; what is outside is still imported by name. */
  readonly text: string;
  /** Every source file that can reach the text, absolute. */
  readonly files: readonly string[];
  /** Packages that the text imports, without Node's own. */
  readonly packages: readonly string[];
  /** Our own packages that it imports (a plugin does): `counterpoise`, `counterpoise/nodes`. */
  readonly ours: readonly string[];
}

const own = 'counterpoise';
const isOurs = (path: string) => path === own || path.startsWith(`${own}/`);
const fixed = {
  format: 'esm',
  platform: 'neutral',
  target: 'es2023',
  charset: 'utf8',
  legalComments: 'none',
  // the reader's own tsconfig must not change a digest
  tsconfigRaw: '{}',
  logLevel: 'silent',
} as const;

/**
 * @param root the folder that holds `core/`; what lies in it, but for `core/numeric`, stays outside every bundle
 * @returns one bundle for each export, in their order
 * @throws the build failure of esbuild, with places
 */
export async function bundleExports(exports: readonly ExportOf[], root: string): Promise<readonly Bundled[]> {
  const { build, transform } = await import('esbuild');
  const result = await build({
    ...fixed,
    entryPoints: exports.map((_, n) => ({ in: `export:${n}`, out: String(n) })),
    absWorkingDir: root,
    outdir: root,
    bundle: true,
    write: false,
    metafile: true,
    treeShaking: true,
    minifySyntax: true,
    minifyWhitespace: true,
    plugins: [entries(exports), sources(root)],
  });
  return Promise.all(
    exports.map(async (_, n) => {
      const output = result.outputFiles[n];
      if (output === undefined) throw new Error(`esbuild gave no bundle for ${nameOf(exports[n] as ExportOf)}`);
      // Later passes name identifiers by how often the *kept* text uses them; in the first, dropped code would count too. The
      // bundle still imports names that only dropped code used: a pass of its own removes them before letters are counted.
      const kept = await transform(output.text, { ...fixed, loader: 'js', minifySyntax: true });
      const { code } = await transform(kept.code, { ...fixed, loader: 'js', minify: true });
      return { text: code, ...reached(result.metafile, n, root) };
    }),
  );
}

/** A virtual entry a export, so that tree shaking keeps what that export needs and no more. */
const entries = (exports: readonly ExportOf[]): Plugin => ({
  name: 'entries',
  setup(build) {
    build.onResolve({ filter: /^export:\d+$/ }, ({ path }) => ({ path, namespace: 'export' }));
    build.onLoad({ filter: /.*/, namespace: 'export' }, ({ path }) => {
      const { file, name } = exports[Number(path.slice('export:'.length))] as ExportOf;
      const what = name === '*' ? '*' : name === 'default' ? '{ default }' : `{ ${name} }`;
      return { contents: `export ${what} from ${JSON.stringify(file)};`, resolveDir: dirname(file), loader: 'js' };
    });
  },
});

const sources = (root: string): Plugin => {
  const core = resolve(root, 'core') + sep;
  const numeric = resolve(root, 'core/numeric') + sep;
  const outside = (path: string) => path.startsWith(core) && !path.startsWith(numeric);
  return {
    name: 'sources',
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, kind, resolveDir }) => {
        if (kind === 'entry-point' || path.startsWith('/')) return undefined;
        if (!path.startsWith('.')) return { path, external: true, sideEffects: false };
        const at = resolve(resolveDir, path);
        // by its place below the root, so that the text does not depend on where the checkout lies
        return outside(at)
          ? { path: `${own}:${relative(root, at).split(sep).join('/')}`, external: true, sideEffects: false }
          : undefined;
      });
      build.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: 'file' }, async ({ path }) => {
        const loader = loaders[extname(path)] ?? 'js';
        const { code } = await build.esbuild.transform(await readFile(path, 'utf8'), {
          ...fixed,
          loader,
          sourcefile: path,
        });
        const origin = (from: string): Origin => {
          if (from === own || (from.startsWith('.') && outside(resolve(dirname(path), from)))) return 'core';
          return isOurs(from) || from === 'zod' || from.startsWith('zod/') ? 'definitions' : 'elsewhere';
        };
        return { contents: withoutTexts(code, origin), loader: 'js' };
      });
    },
  };
};
const loaders: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.jsx': 'jsx',
};

/** What an entry reaches: files whether or not any of their text was kept, since an edit could make them count. */
function reached(metafile: Metafile, n: number, root: string): Omit<Bundled, 'text'> {
  const files = new Set<string>();
  const queue = [`export:export:${n}`];
  for (let at = queue.pop(); at !== undefined; at = queue.pop())
    for (const { path, external } of metafile.inputs[at]?.imports ?? []) {
      if (external || files.has(path)) continue;
      files.add(path);
      queue.push(path);
    }
  const output = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint === `export:export:${n}`);
  const outer = new Set((output?.imports ?? []).filter(({ external }) => external).map(({ path }) => path));
  const names = [...outer].filter((path) => !path.startsWith('node:') && !path.startsWith(`${own}:`));
  return {
    files: [...files].map((path) => resolve(root, path)).sort(),
    packages: [...new Set(names.filter((path) => !isOurs(path)).map(packageOf))].sort(),
    ours: names.filter(isOurs).sort(),
  };
}
/** `@scope/name/file` and `name/file` belong to `@scope/name` and `name`. */
const packageOf = (path: string) =>
  path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');
