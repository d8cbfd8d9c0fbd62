/** The native library of TensorFlow as it lies on disk: where it is, which files compute, what is known of them. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const resolver = createRequire(import.meta.url);

/** The folder of a package, or undefined when it is not installed. */
export function packageFolder(name: string): string | undefined {
  try {
    return dirname(resolver.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}
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
export const stampsOf = ({ folder, files }: NativeLibrary) =>
  Object.fromEntries(
    files.map((file) => {
      const { size, mtimeMs } = statSync(join(folder, file));
      return [file, `${size}-${mtimeMs}`];
    }),
  );
