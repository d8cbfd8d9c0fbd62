/** Loads TensorFlow.js with the backend that was chosen. Nothing is loaded before a node asks. */
import { Problem } from '../../../core/index.ts';
import type { BackendName, TensorBackend, TensorFlow } from './backend.ts';
import { mendWasm } from './wasm-kernels.ts';

/** Loads a package: CommonJS ones as such, since `import` would first read them whole to learn the names of their exports. */
export type LoadPackage = (name: string) => unknown;

/**
 * @param name chosen when the process started: a step's key holds it, so that there is no falling back when loading fails
 */
export function openTensors(name: BackendName, load: LoadPackage): TensorBackend {
  let opened: Promise<TensorFlow> | undefined;
  return {
    name,
    open: async () => {
      opened ??= loaded(name, load);
      const tf = await opened;
      // one process has one library, which may know several backends
      if (tf.getBackend() !== name) await tf.setBackend(name);
      return tf;
    },
  };
}

async function loaded(name: BackendName, load: LoadPackage): Promise<TensorFlow> {
  try {
    if (name === 'tensorflow') await mendNode();
    const tf = load(name === 'wasm' ? '@tensorflow/tfjs' : '@tensorflow/tfjs-node') as TensorFlow;
    tf.enableProdMode();
    if (name === 'wasm') {
      load('@tensorflow/tfjs-backend-wasm');
      if (!(await tf.setBackend('wasm'))) throw new Error('this processor or Node cannot run it');
      mendWasm(tf);
    }
    await tf.ready();
    return tf;
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem('bad-installation', `the tensor backend '${name}' does not load: ${(cause as Error).message}`, {
      hint:
        name === 'wasm'
          ? 'run `npm ci` again'
          : 'run `counterpoise backend install tensorflow` again, or choose `--backend wasm`',
      cause,
    });
  }
}

/** tfjs-node 4.22 calls two functions that Node 23 removed. */
async function mendNode(): Promise<void> {
  const util = ((await import('node:util')) as unknown as { default: Record<string, unknown> }).default;
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}
