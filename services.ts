/** The services that ship with the tool, beside those that core makes itself. Main thread and workers bind the same ones. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Problem } from './core/errors.ts';
import { type ServiceModule, serviceModule } from './core/services/container.ts';
import { bind, type ServiceIdentity } from './core/tokens.ts';
import { Numeric } from './nodes/learning/kernels/numeric.ts';
import { wasmEngine } from './nodes/learning/kernels/wasm.ts';
import { Tensors } from './nodes/learning/tensor/backend.ts';
import { openTensors } from './nodes/learning/tensor/open.ts';
import { type ChosenBackend, chooseBackend, loadPackage } from './tensor-backend.ts';

export type ShippedService = (typeof Numeric)['id'] | (typeof Tensors)['id'];
/** The modules that implement them, below the checkout: their digests are part of the services' identities. */
export const serviceSources = {
  numeric: { file: 'nodes/learning/kernels/wasm.ts', name: 'wasmEngine' },
  tensors: { file: 'nodes/learning/tensor/open.ts', name: 'openTensors' },
} as const satisfies Record<ShippedService, object>;

/** All that the services are made of, as plain data that travels to a worker. */
export interface ServiceParts {
  readonly numeric: { readonly binary: Uint8Array<ArrayBuffer>; readonly identity: ServiceIdentity };
  readonly tensors: ChosenBackend;
}

/**
 * @param moduleDigest of the module that implements a service
 * @param backend as `--backend` takes it
 * @throws Problem internal when the kernels were not built; as `chooseBackend` does
 */
export async function serviceParts(
  moduleDigest: (id: ShippedService) => string | undefined,
  backend?: string,
): Promise<ServiceParts> {
  const binary = await kernels();
  const module = moduleDigest('numeric');
  return {
    numeric: {
      binary,
      identity: {
        name: 'wasm',
        ...(module !== undefined && { module }),
        binary: createHash('sha256').update(binary).digest('hex'),
        variant: 'strict',
      },
    },
    tensors: chooseBackend(backend, moduleDigest('tensors')),
  };
}

export const shippedServices = ({ numeric, tensors }: ServiceParts): readonly ServiceModule[] => [
  serviceModule('numeric', (to) => {
    to.bind(bind(Numeric, wasmEngine(numeric.binary), numeric.identity));
  }),
  serviceModule('tensors', (to) => {
    to.bind(bind(Tensors, openTensors(tensors.name, loadPackage), tensors.identity));
  }),
];
/**
 * What a worker thread binds. The binding of the native library keeps state that threads of one process share unguarded, so
 * with it the steps that use tensors stay on the main thread.
 */
export const workerServices = (parts: ServiceParts): readonly ServiceModule[] =>
  shippedServices(parts).filter(({ name }) => name !== 'tensors' || parts.tensors.name !== 'tensorflow');

/** Those of the build; from source, those of the sources as they are now. */
async function kernels(): Promise<Uint8Array<ArrayBuffer>> {
  const file = import.meta.url.endsWith('.ts') ? await compiled() : new URL('./kernels/kernels.wasm', import.meta.url);
  try {
    return new Uint8Array(readFileSync(file));
  } catch (cause) {
    throw new Problem('internal', 'the kernels of the learning engine are not there', {
      where: fileURLToPath(file),
      hint: 'run `npm run build` in the folder of the package',
      cause,
    });
  }
}

async function compiled(): Promise<URL> {
  // a name that bundlers do not follow: the compiler is no part of what ships
  const build = new URL('./build/kernels.mjs', import.meta.url).href;
  const { cachedKernels } = (await import(/* @vite-ignore */ build)) as { cachedKernels(): Promise<string> };
  return pathToFileURL(await cachedKernels());
}
