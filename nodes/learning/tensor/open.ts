/** Loads TensorFlow.js with the backend that was chosen. Nothing is loaded before a node asks. */
import { Problem } from '../../../core/index.ts';
import type { BackendName, TensorBackend, TensorFlow } from './backend.ts';
import { mendWasm } from './wasm-kernels.ts';

/** @param name chosen when the process started: a step's key holds it, so that there is no falling back when loading fails */
export function openTensors(name: BackendName): TensorBackend {
  let opened: Promise<TensorFlow> | undefined;
  return {
    name,
    open: () => {
      opened ??= load(name);
      return opened;
    },
  };
}

async function load(name: BackendName): Promise<TensorFlow> {
  try {
    const tf = name === 'wasm' ? await loadWasm() : await loadNative();
    await tf.ready();
    return tf;
  } catch (cause) {
    throw new Problem('bad-installation', `the tensor backend '${name}' does not load: ${(cause as Error).message}`, {
      hint:
        name === 'wasm'
          ? 'run `npm ci` again'
          : 'run `counterpoise backend install tensorflow` again, or choose `--backend wasm`',
      cause,
    });
  }
}

async function loadWasm(): Promise<TensorFlow> {
  const tf = moduleOf<TensorFlow>(await import('@tensorflow/tfjs'));
  await import('@tensorflow/tfjs-backend-wasm');
  tf.enableProdMode();
  if (!(await tf.setBackend('wasm'))) throw new Error('this processor or Node cannot run it');
  mendWasm(tf);
  return tf;
}

async function loadNative(): Promise<TensorFlow> {
  await mendNode();
  // a name that compilers do not follow: the package is optional, and so are its types
  const name: string = '@tensorflow/tfjs-node';
  const tf = moduleOf<TensorFlow>(await import(name));
  tf.enableProdMode();
  return tf;
}

/** tfjs-node 4.22 calls two functions that Node 23 removed. */
async function mendNode(): Promise<void> {
  const util = ((await import('node:util')) as unknown as { default: Record<string, unknown> }).default;
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}

/** CommonJS seen from a module: all exports are under `default`. */
const moduleOf = <T>(loaded: object): T => ('default' in loaded ? loaded.default : loaded) as T;
