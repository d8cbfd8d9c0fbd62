/**
 * TensorFlow's own library out of the wheel that PyPI serves: where the package's download cannot be reached, this can be. Only
 * its headers and two shared libraries are kept; nothing of Python is needed afterwards.
 */
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../core/errors.ts';
import { lastLines, runProgram } from './process.ts';

/** What is installed: one wheel, known by its digest. */
export const wheel = {
  package: 'tensorflow-cpu',
  version: '2.15.1',
  file: 'tensorflow_cpu-2.15.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
  sha256: '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26',
} as const;
export const wheelFits = (): boolean => process.platform === 'linux' && process.arch === 'x64';

/** The names that the binding is linked against and the one that the package's own installer looks for. */
const links = {
  'libtensorflow.so': 'libtensorflow_cc.so.2',
  'libtensorflow.so.2.9.1': 'libtensorflow_cc.so.2',
  'libtensorflow_framework.so': 'libtensorflow_framework.so.2',
} as const;

const unpack = `import sys, zipfile
kept = ('tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2')
with zipfile.ZipFile(sys.argv[1]) as z:
    z.extractall(sys.argv[2], [n for n in z.namelist() if n.startswith('tensorflow/include/') or n in kept])
`;

/**
 * @param work an empty folder on the file system of the package
 * @param deps where headers (`include`) and libraries (`lib`) come to lie; made in one rename
 * @throws Problem bad-installation when pip cannot fetch the wheel, or it is another than expected
 */
export async function placeWheel(work: string, deps: string, note: (text: string) => void): Promise<void> {
  note(`fetching ${wheel.package} ${wheel.version} with pip (207 MB)`);
  const fetched = await runProgram(
    'python3',
    [
      ...['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:'],
      ...['--python-version', '3.11', '--platform', 'manylinux2014_x86_64', '--dest', work],
      `${wheel.package}==${wheel.version}`,
    ],
    { cwd: work, seconds: 900 }, // Python looks for modules where it is started
  );
  if (!fetched.ok || !readdirSync(work).includes(wheel.file))
    throw new Problem('bad-installation', `pip cannot fetch ${wheel.package} ${wheel.version}`, {
      where: lastLines(fetched.said),
      hint: 'it needs python3 with pip and a way to PyPI; neural nodes run in WebAssembly without it',
    });
  const file = join(work, wheel.file);
  const digest = await digestOf(file);
  if (digest !== wheel.sha256)
    throw new Problem('bad-installation', `the wheel has the SHA-256 ${digest}, and ${wheel.sha256} is expected`, {
      where: wheel.file,
      hint: 'whoever serves the wheel serves another one: nothing was installed',
    });
  note('unpacking the library');
  const script = join(work, 'unpack.py');
  writeFileSync(script, unpack);
  const unpacked = await runProgram('python3', [script, file, work], { cwd: work, seconds: 600 });
  if (!unpacked.ok)
    throw new Problem('bad-installation', 'the wheel cannot be unpacked', { where: lastLines(unpacked.said) });
  const from = join(work, 'tensorflow');
  const lib = join(work, 'deps', 'lib');
  mkdirSync(lib, { recursive: true });
  renameSync(join(from, 'include'), join(work, 'deps', 'include'));
  for (const name of new Set(Object.values(links))) renameSync(join(from, name), join(lib, name));
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(lib, name));
  renameSync(join(work, 'deps'), deps);
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
