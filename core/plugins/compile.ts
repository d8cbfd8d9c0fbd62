/** Compiles a plugin and what it imports by relative path into one module that Node can import. */
import { createHash } from 'node:crypto';
import { isBuiltin } from 'node:module';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildFailure, Message, Plugin } from 'esbuild';
import { Problem } from '../errors.ts';
import { handOver, isSpecifier, providedModule, type Specifier } from './api.ts';

export interface Compiled {
  readonly code: string;
  /** Absolute paths of the files that went in. */
  readonly files: readonly string[];
  /** What it takes from the running instance. */
  readonly uses: readonly Specifier[];
}

/** @throws Problem bad-plugin with file, line and column when the plugin does not compile */
export async function compilePlugin(file: string): Promise<Compiled> {
  const { build } = await import('esbuild');
  const uses = new Set<Specifier>();
  const folder = dirname(file);
  try {
    const result = await build({
      entryPoints: [file],
      absWorkingDir: folder,
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: 'inline',
      tsconfigRaw: '{}',
      logLevel: 'silent',
      define: { 'import.meta.url': JSON.stringify(pathToFileURL(file).href) },
      plugins: [running(uses), installed()],
    });
    const code = result.outputFiles[0]?.text ?? '';
    const files = Object.keys(result.metafile.inputs).filter((path) => !path.startsWith('running:'));
    return { code, files: files.map((path) => resolve(folder, path)).sort(), uses: [...uses].sort() };
  } catch (error) {
    throw compileProblem(error, file);
  }
}

/** Our own packages and zod come from the running process. */
const running = (uses: Set<Specifier>): Plugin => ({
  name: 'running',
  setup(build) {
    build.onResolve({ filter: /^(counterpoise(\/.*)?|zod)$/ }, async ({ path }) => {
      if (isSpecifier(path) && (await providedModule(path))) return { path, namespace: 'running' };
      return { errors: [{ text: `'${path}' is not something that a plugin can import` }] };
    });
    build.onLoad({ filter: /.*/, namespace: 'running' }, async ({ path }) => {
      uses.add(path as Specifier);
      const names = Object.keys((await providedModule(path as Specifier)) ?? {});
      return { contents: handOver(path as Specifier, names), loader: 'js' };
    });
  },
});

/** Other packages are found from the plugin's own folder, since the compiled file lies elsewhere. */
const installed = (): Plugin => ({
  name: 'installed',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, importer, pluginData }) => {
      if (kind === 'entry-point' || pluginData === asked || isSpecifier(path)) return undefined;
      if (isBuiltin(path)) return { path, external: true };
      const found = await build.resolve(path, { kind, resolveDir, importer, pluginData: asked });
      if (found.errors.length > 0) return { errors: found.errors };
      return { path: pathToFileURL(found.path).href, external: true };
    });
  },
});
const asked = Symbol('asked');

/** The first message of a failed build as a problem with its place; any other error as it is. */
export function compileProblem(error: unknown, file: string): unknown {
  const errors = (error as Partial<BuildFailure>).errors;
  const first = errors?.[0];
  if (!errors || !first) return error;
  const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
  const at = first.location;
  return new Problem('bad-plugin', `${first.text}${more}`, {
    where: at ? resolve(dirname(file), at.file) : file,
    hint: 'mend the plugin file; its imports may be relative files, installed packages, zod, and counterpoise with /nodes, /pipelines or /testing',
    ...(at && { range: rangeOf(at, resolve(dirname(file), at.file)) }),
  });
}

/** esbuild counts columns in bytes from 0; a range counts characters from 1. */
function rangeOf(at: NonNullable<Message['location']>, file: string) {
  const bytes = Buffer.from(at.lineText);
  const before = bytes.subarray(0, at.column).toString();
  const under = bytes.subarray(at.column, at.column + at.length).toString();
  return {
    file,
    line: at.line,
    column: before.length + 1,
    length: Math.max(1, under.length),
    text: at.lineText,
  };
}

export const contentName = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
