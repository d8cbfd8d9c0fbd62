/** Loads a user's plugin: the only door through which code that does not ship with the tool gets in. */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Problem } from '../errors.ts';
import type { Source } from '../registry.ts';
import { providedModule, type Specifier } from './api.ts';
import { compilePlugin, contentName } from './compile.ts';

export interface LoadOptions {
  /** Where compiled plugins are kept; a folder that cannot be written is replaced by one in the system's temporary folder. */
  readonly cacheFolder: string;
}
/** Kept beside the compiled file: it is up to date while every file has its stamp and we offer the same names. */
interface Compilation {
  readonly stamps: Readonly<Record<string, string>>;
  readonly uses: Readonly<Partial<Record<Specifier, string>>>;
  readonly output: string;
}

/**
 * Compiles (or recalls) and imports a plugin. `provideApi` must have been called on this thread.
 * @returns its exports as a source of a registry
 * @throws Problem bad-plugin when the file is absent, does not compile or throws while it is loaded
 */
export async function loadPlugin(file: string, options: LoadOptions): Promise<Source> {
  const path = resolve(file);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile())
    throw new Problem('bad-plugin', `there is no plugin file '${file}'`, {
      where: path,
      hint: 'a path in counterpoise.config.json is meant from the folder of that file, --plugin from the working folder',
    });
  if (!extensions.includes(extname(path)))
    throw new Problem('bad-plugin', `'${file}' is not a TypeScript or JavaScript file`, {
      where: path,
      hint: `a plugin ends in ${extensions.join(', ')}`,
    });
  const output = await compiled(path, options.cacheFolder);
  const name = basename(path, extname(path));
  try {
    const exports = (await import(/* @vite-ignore */ pathToFileURL(output).href)) as Readonly<Record<string, unknown>>;
    return { from: { plugin: path }, modules: { [name]: exports } };
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('bad-plugin', `plugin '${name}' failed while it was loaded: ${(error as Error).message}`, {
      where: path,
      hint: 'a plugin only defines and exports nodes, parts, methods, pipelines and studies when it is loaded',
      cause: error,
    });
  }
}
const extensions = ['.ts', '.mts', '.js', '.mjs'];

async function compiled(path: string, folder: string): Promise<string> {
  const index = `${contentName(path)}.json`;
  for (const at of [folder, fallback]) {
    const output = await recall(join(at, index), at);
    if (output !== undefined) return output;
  }
  const { code, files, uses } = await compilePlugin(path);
  const output = `${basename(path, extname(path))}-${contentName(code)}.mjs`;
  const names = await Promise.all(uses.map(async (use) => [use, await namesOf(use)] as const));
  const note: Compilation = {
    stamps: Object.fromEntries(files.map((file) => [file, stamp(file)])),
    uses: Object.fromEntries(names),
    output,
  };
  for (const at of [folder, fallback])
    try {
      mkdirSync(at, { recursive: true });
      publish(join(at, output), code);
      publish(join(at, index), JSON.stringify(note));
      return join(at, output);
    } catch (error) {
      if (at === fallback) throw error;
    }
  throw new Error('unreachable');
}

const fallback = join(tmpdir(), `counterpoise-plugins-${process.getuid?.() ?? 'user'}`);

/** Also brings the running instances that the plugin uses into place, as compiling does. */
async function recall(index: string, folder: string): Promise<string | undefined> {
  try {
    const note = JSON.parse(readFileSync(index, 'utf8')) as Compilation;
    const output = join(folder, note.output);
    if (!statSync(output, { throwIfNoEntry: false })) return undefined;
    for (const [file, held] of Object.entries(note.stamps)) if (stamp(file) !== held) return undefined;
    for (const [use, held] of Object.entries(note.uses))
      if ((await namesOf(use as Specifier)) !== held) return undefined;
    return output;
  } catch {
    return undefined; // absent or torn: compile again
  }
}

const namesOf = async (use: Specifier) => contentName(Object.keys((await providedModule(use)) ?? {}).join());

function stamp(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? 'absent' : `${stat.size}-${stat.mtimeNs}-${stat.ctimeNs}`;
}

/** Workers may publish the same file at the same time; a rename never shows half of it. */
function publish(path: string, text: string) {
  const draft = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}
