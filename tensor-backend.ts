/** Which tensor backend this process uses, why, and what identifies it. Nothing of it is loaded here. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Problem } from './core/errors.ts';
import type { ServiceIdentity } from './core/tokens.ts';
import { findNative, type NativeLibrary, noteNative, packageFolder, readNote, stampsOf } from './native-library.ts';
import { type BackendName, backendNames } from './nodes/learning/tensor/backend.ts';

export const backendChoices = ['auto', ...backendNames] as const;
export type BackendChoice = (typeof backendChoices)[number];

export interface ChosenBackend {
  readonly name: BackendName;
  /** Why it was chosen, for `doctor`. */
  readonly why: string;
  /** Whether the native library keeps its threads and oneDNN. */
  readonly fast: boolean;
  readonly identity: ServiceIdentity;
}

const versionOf = (folder: string): string =>
  (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;

function nativeIdentity(library: NativeLibrary, fast: boolean): Omit<ServiceIdentity, 'module'> {
  const held = readNote(library);
  const set = Object.keys(repeatable).filter((name) => process.env[name] !== undefined);
  const manner = ['all threads, oneDNN on', ...set.map((name) => `${name}=${process.env[name]}`)];
  const fresh = held !== undefined && JSON.stringify(held.stamps) === JSON.stringify(stampsOf(library));
  const note = fresh ? held : noteNative(library, held ?? { tensorflow: 'unknown', from: 'unknown' });
  return {
    name: 'tensorflow',
    binary: note.sha256,
    variant: [`tfjs-node ${versionOf(library.folder)}`, ...(fast ? manner : ['one thread, oneDNN off'])].join(', '),
  };
}

/**
 * How the native library has to be started so that it adds in the same order each time; read by it from the environment when
 * it is loaded. Worker threads of Node have an environment of their own that C does not see, so this is set on the main one.
 */
const repeatable = { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1', TF_ENABLE_ONEDNN_OPTS: '0' };

/** How this process has started the native library, once it has: it reads its environment that one time. */
let startedFast: boolean | undefined;
function startNative(fast: boolean): void {
  if (startedFast !== undefined && startedFast !== fast)
    throw new Problem(
      'bad-config',
      `native TensorFlow runs in this process ${fast ? 'on one thread' : 'on all threads'} and cannot start anew ${fast ? 'on all threads' : 'on one thread'}`,
      { where: '--numeric', hint: 'run the two in processes of their own, or one of them on the backend `wasm`' },
    );
  startedFast = fast;
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  if (!fast) Object.assign(process.env, repeatable);
}

const resolver = createRequire(import.meta.url);
/**
 * What `openTensors` loads packages with: the native library is started the way that its identity says.
 * @throws Problem bad-config when the process has started it the other way
 */
export const packageLoader =
  ({ name, fast }: Pick<ChosenBackend, 'name' | 'fast'>) =>
  (packageName: string): unknown => {
    if (name === 'tensorflow') startNative(fast);
    return resolver(packageName);
  };

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
  const why = (there: string) => (asked === 'auto' ? `the native library is ${there}` : 'as asked');
  const made = (name: BackendName, reason: string, identity: Omit<ServiceIdentity, 'module'>): ChosenBackend => ({
    name,
    why: reason,
    fast,
    identity: { ...(module !== undefined && { module }), ...identity },
  });
  if (native) return made('tensorflow', why('installed'), nativeIdentity(native, fast));
  if (asked === 'tensorflow')
    throw new Problem('bad-installation', 'the native library of TensorFlow is not installed', {
      hint: 'install it with `counterpoise backend install tensorflow`, or leave --backend out',
    });
  return made('wasm', why('not installed'), wasmIdentity());
}
