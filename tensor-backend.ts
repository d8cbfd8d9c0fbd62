/** Which tensor backend this process uses, why, and what identifies it. Nothing of it is loaded here. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Problem } from './core/errors.ts';
import type { ServiceIdentity } from './core/tokens.ts';
import { type BackendName, backendNames } from './nodes/learning/tensor/backend.ts';

export const backendChoices = ['auto', ...backendNames] as const;
export type BackendChoice = (typeof backendChoices)[number];

export interface ChosenBackend {
  readonly name: BackendName;
  /** Why it was chosen, for `doctor`. */
  readonly why: string;
  readonly identity: ServiceIdentity;
}

const resolver = createRequire(import.meta.url);
export const loadPackage = (name: string): unknown => resolver(name);

/** The folder of a package, or undefined when it is not installed. */
export function packageFolder(name: string): string | undefined {
  try {
    return dirname(resolver.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}
const versionOf = (folder: string): string =>
  (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;

/** The native library, where it is installed: its package's folder, and every file that computes. */
export interface NativeLibrary {
  readonly folder: string;
  readonly files: readonly string[];
}
export const nativePackage = '@tensorflow/tfjs-node';
/** Written by the installer, last: what was installed, and the digest of it. */
export const nativeNote = 'deps/counterpoise.json';
export interface NativeNote {
  /** Version of TensorFlow. */
  readonly tensorflow: string;
  /** Where it came from. */
  readonly from: string;
  readonly sha256: string;
  /** Size and time by file: as long as they hold, the digest is not taken again. */
  readonly stamps: Readonly<Record<string, string>>;
}

export function findNative(): NativeLibrary | undefined {
  const folder = packageFolder(nativePackage);
  if (folder === undefined) return undefined;
  const suffixes = { linux: ['so'], darwin: ['dylib'], win32: ['dll'] }[process.platform as string] ?? [];
  const library = ['deps/lib/libtensorflow', 'deps/lib/tensorflow', 'lib/napi-v8/tensorflow']
    .flatMap((path) => suffixes.map((suffix) => `${path}.${suffix}`))
    .find((path) => existsSync(join(folder, path)));
  const framework = 'deps/lib/libtensorflow_framework';
  const files = [
    'lib/napi-v8/tfjs_binding.node',
    ...(library ? [library] : []),
    ...suffixes.map((suffix) => `${framework}.${suffix}`).filter((path) => existsSync(join(folder, path))),
  ];
  return library !== undefined && existsSync(join(folder, files[0] as string)) ? { folder, files } : undefined;
}

export function readNote({ folder }: { readonly folder: string }): NativeNote | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, nativeNote), 'utf8')) as NativeNote;
  } catch {
    return undefined;
  }
}
/** Takes the digest of a library and remembers it beside it, where that can be written. */
export function noteNative(library: NativeLibrary, known: Pick<NativeNote, 'tensorflow' | 'from'>): NativeNote {
  const hash = createHash('sha256');
  for (const file of library.files) hash.update(readFileSync(join(library.folder, file)));
  const note = { ...known, sha256: hash.digest('hex'), stamps: stampsOf(library) };
  try {
    writeFileSync(join(library.folder, nativeNote), `${JSON.stringify(note, null, 1)}\n`);
  } catch {
    // a folder that cannot be written only costs the next start a second
  }
  return note;
}
const stampsOf = ({ folder, files }: NativeLibrary) =>
  Object.fromEntries(
    files.map((file) => {
      const { size, mtimeMs } = statSync(join(folder, file));
      return [file, `${size}-${mtimeMs}`];
    }),
  );

function nativeIdentity(library: NativeLibrary, fast: boolean): Omit<ServiceIdentity, 'module'> {
  const held = readNote(library);
  const fresh = held !== undefined && JSON.stringify(held.stamps) === JSON.stringify(stampsOf(library));
  const note = fresh ? held : noteNative(library, held ?? { tensorflow: 'unknown', from: 'unknown' });
  return {
    name: 'tensorflow',
    binary: note.sha256,
    variant: `tfjs-node ${versionOf(library.folder)}, ${fast ? 'all threads, oneDNN on' : 'one thread, oneDNN off'}`,
  };
}

/**
 * How the native library has to be started so that it adds in the same order each time; read by it from the environment when
 * it is loaded. Worker threads of Node have an environment of their own that C does not see, so this is set on the main one.
 */
const repeatable = { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1', TF_ENABLE_ONEDNN_OPTS: '0' };

function wasmIdentity(): Omit<ServiceIdentity, 'module'> {
  const folder = packageFolder('@tensorflow/tfjs-backend-wasm');
  if (folder === undefined)
    throw new Problem('bad-installation', 'TensorFlow.js is not installed', { hint: 'run `npm ci` again' });
  const binary = readFileSync(join(folder, 'dist/tfjs-backend-wasm-simd.wasm'));
  return {
    name: 'wasm',
    binary: createHash('sha256').update(binary).digest('hex'),
    variant: `tfjs ${versionOf(folder)}, SIMD, one thread`,
  };
}

/**
 * @param fast leaves the native library its threads and oneDNN, with which it does not promise to repeat bit for bit
 * @param asked `auto` takes the native library where it is installed, and WebAssembly elsewhere
 * @throws Problem usage for another word, bad-installation when what is asked for by name is not there
 */
export function chooseBackend(asked: string = 'auto', module?: string, fast = false): ChosenBackend {
  if (!backendChoices.includes(asked as BackendChoice))
    throw new Problem('usage', `--backend takes ${backendChoices.join(', ')}, and not '${asked}'`);
  const native = asked === 'wasm' ? undefined : findNative();
  if (native) {
    process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
    if (!fast) Object.assign(process.env, repeatable);
    return chosen('tensorflow', asked === 'auto' ? 'the native library is installed' : 'as asked', module, () =>
      nativeIdentity(native, fast),
    );
  }
  if (asked === 'tensorflow')
    throw new Problem('bad-installation', 'the native library of TensorFlow is not installed', {
      hint: 'install it with `counterpoise backend install tensorflow`, or leave --backend out',
    });
  return chosen('wasm', asked === 'auto' ? 'the native library is not installed' : 'as asked', module, wasmIdentity);
}

function chosen(
  name: BackendName,
  why: string,
  module: string | undefined,
  identity: () => Omit<ServiceIdentity, 'module'>,
): ChosenBackend {
  return { name, why, identity: { ...(module !== undefined && { module }), ...identity() } };
}
