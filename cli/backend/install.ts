/** Puts the native library of TensorFlow under the package that binds it, and takes it away again. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem } from '../../core/errors.ts';
import {
  findNative,
  type NativeLibrary,
  type NativeNote,
  nativePackage,
  noteNative,
  packageFolder,
  readNote,
} from '../../native-library.ts';
import { lastLines, runProgram } from './process.ts';
import { placeWheel, wheel, wheelFits } from './wheel.ts';

export interface Installed extends Pick<NativeNote, 'tensorflow' | 'from' | 'sha256'> {
  readonly folder: string;
  /** Whether it was there before. */
  readonly before: boolean;
}

/**
 * The package's own download first; where that cannot be reached, the library out of TensorFlow's wheel and the binding built
 * from its source. It counts as installed only once it has computed something.
 * @throws Problem bad-installation; what was there before is there again, and nothing else
 */
export async function installNative(force: boolean, note: (text: string) => void): Promise<Installed> {
  const there = findNative();
  const works = there !== undefined && (await computes()).ok;
  if (works && !force)
    return { ...(readNote(there) ?? noteNative(there, unknown)), folder: there.folder, before: true };
  const folder = packageFolder(nativePackage) ?? (await fetchPackage(note));
  for (const part of readdirSync(folder).filter((name) => name.startsWith(workPrefix)))
    rmSync(join(folder, part), { recursive: true, force: true }); // of an installation that was killed
  if (!works) clear(folder);
  const aside = setAside(folder);
  try {
    const known = (await ownDownload(folder, note)) ?? (await fromWheel(folder, note));
    const library = findNative();
    const trial = await computes();
    if (!library || !trial.ok)
      throw new Problem('bad-installation', 'the native library was placed, and does not compute', {
        where: lastLines(trial.said),
      });
    const installed = noteNative(library, known);
    aside.forget();
    return { ...installed, folder, before: false };
  } catch (error) {
    clear(folder);
    aside.restore();
    throw error;
  }
}
const workPrefix = 'install-';

/** Moves what is installed out of the way, until its successor has computed something. */
export function setAside(folder: string): { restore(): void; forget(): void } {
  const work = mkdtempSync(join(folder, workPrefix));
  const kept = libraryParts.filter((part) => existsSync(join(folder, part)));
  for (const part of kept) renameSync(join(folder, part), join(work, part));
  const forget = () => rmSync(work, { recursive: true, force: true });
  const restore = () => {
    for (const part of kept) renameSync(join(work, part), join(folder, part));
    forget();
  };
  return { restore, forget };
}
const unknown = { tensorflow: 'unknown', from: 'unknown' };

/** @returns whether there was anything to remove */
export function removeNative(): { readonly folder: string | null; readonly removed: boolean } {
  const folder = packageFolder(nativePackage);
  if (folder === undefined) return { folder: null, removed: false };
  const library: NativeLibrary | undefined = findNative();
  clear(folder);
  return { folder, removed: library !== undefined };
}

const libraryParts = ['deps', 'lib'];
const clear = (folder: string) => {
  for (const part of [...libraryParts, 'build', 'build-tmp-napi-v8'])
    rmSync(join(folder, part), { recursive: true, force: true });
};

/** npm before 11 tries the package's install script, and takes the optional package away when that fails. */
async function fetchPackage(note: (text: string) => void): Promise<string> {
  const ours = JSON.parse(readFileSync(join(root(), 'package.json'), 'utf8')) as {
    readonly optionalDependencies: Readonly<Record<string, string>>;
  };
  const wanted = `${nativePackage}@${ours.optionalDependencies[nativePackage]}`;
  note(`fetching ${wanted} with npm`);
  const ran = await runProgram('npm', [...fetchWords(home()), wanted], { cwd: home(), seconds: 600 });
  const folder = packageFolder(nativePackage);
  if (folder !== undefined) return folder;
  throw new Problem('bad-installation', `npm cannot fetch ${wanted}`, {
    where: lastLines(ran.said),
    hint: 'neural nodes run in WebAssembly without it',
  });
}

/**
 * How npm puts a package beside us. A folder without a package.json is npm's global one: a plain install there would take away
 * whatever else is installed, since nothing lists it.
 * @param home the folder whose node_modules holds us
 */
export function fetchWords(home: string): string[] {
  const words = ['install', '--no-save', '--ignore-scripts', '--include=optional', '--no-audit', '--no-fund'];
  if (existsSync(join(home, 'package.json'))) return words;
  return [...words, '--global', '--prefix', basename(home) === 'lib' ? dirname(home) : home];
}

/** The folder of our package.json: above `dist`, or above cli/ in a checkout. */
function root(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    try {
      const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string };
      if (name === 'counterpoise') return folder;
    } catch {
      if (folder === dirname(folder))
        throw new Problem('internal', 'the package.json of counterpoise is not above its code');
    }
  }
}
/** The project that has us installed, or our own checkout. */
const home = (): string => root().replace(/[/\\]node_modules[/\\]counterpoise$/, '');

/** What the package does by itself: the library and a binding from its authors' servers. */
async function ownDownload(folder: string, note: (text: string) => void) {
  note("trying the package's own download");
  const ran = await runProgram(process.execPath, ['scripts/install.js'], { cwd: folder, seconds: 900 });
  if (ran.ok && findNative()) return { tensorflow: '2.9.1', from: "the package's own download" };
  note(`it cannot be reached: ${lastLines(ran.said, 1)}`);
  clear(folder);
  return undefined;
}

async function fromWheel(folder: string, note: (text: string) => void) {
  if (!wheelFits())
    throw new Problem(
      'bad-installation',
      `there is no other source of the library for ${process.platform}-${process.arch}`,
      { hint: 'neural nodes run in WebAssembly without it' },
    );
  const work = mkdtempSync(join(folder, workPrefix));
  try {
    await placeWheel(work, join(folder, 'deps'), note);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  note('building the binding');
  const ran = await runProgram('npm', ['run', 'build-addon-from-source'], { cwd: folder, seconds: 900 });
  for (const part of ['build', 'build-tmp-napi-v8']) rmSync(join(folder, part), { recursive: true, force: true });
  if (!ran.ok)
    throw new Problem('bad-installation', 'the binding cannot be built', {
      where: lastLines(ran.said),
      hint: 'it needs make, a C++ compiler and the headers of Node',
    });
  return { tensorflow: wheel.version, from: `${wheel.package} ${wheel.version} on PyPI, SHA-256 ${wheel.sha256}` };
}

/** In a process of its own: a library that is broken may take its process along. */
const computes = () =>
  runProgram(
    process.execPath,
    [
      '-e',
      `const util = require('node:util');
util.isNullOrUndefined ??= (x) => x === null || x === undefined;
util.isArray ??= Array.isArray;
const tf = require(process.argv[1]);
const sum = tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).sum().dataSync()[0];
if (tf.getBackend() !== 'tensorflow' || sum !== 12) throw new Error('2 x 3 ones times 3 x 2 ones sum to ' + sum);`,
      packageFolder(nativePackage) ?? nativePackage,
    ],
    { env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' }, seconds: 120 },
  );
