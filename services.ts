/** The services that ship with the tool, beside those that core makes itself. Main thread and workers bind the same ones. */
import { createHash } from 'node:crypto';
import { type ChosenKernels, chooseKernels } from './compiled-kernels.ts';
import { type ServiceModule, serviceModule } from './core/services/container.ts';
import { bind, type ServiceIdentity } from './core/tokens.ts';
import { kernelThreads, type ThreadParts } from './kernel-threads.ts';
import { Numeric } from './nodes/learning/kernels/numeric.ts';
import { wasmEngine } from './nodes/learning/kernels/wasm.ts';
import { Tensors } from './nodes/learning/tensor/backend.ts';
import { openTensors } from './nodes/learning/tensor/open.ts';
import { type ChosenBackend, chooseBackend, packageLoader } from './tensor-backend.ts';

export type ShippedService = (typeof Numeric)['id'] | (typeof Tensors)['id'];
/** The modules that implement them, below the checkout: their digests are part of the services' identities. */
export const serviceSources = {
  numeric: { file: 'nodes/learning/kernels/wasm.ts', name: 'wasmEngine' },
  tensors: { file: 'nodes/learning/tensor/open.ts', name: 'openTensors' },
} as const satisfies Record<ShippedService, object>;

/** All that the services are made of, as plain data that travels to a worker. */
export interface ServiceParts {
  readonly numeric: ChosenKernels & { readonly identity: ServiceIdentity };
  readonly tensors: ChosenBackend;
  /** Absent where a step has its own thread alone. No part of an identity: it cannot change a result. */
  readonly threads?: ThreadParts | undefined;
}

/**
 * @param moduleDigest of the module that implements a service
 * @param backend as `--backend` takes it
 * @param mode as `--numeric` takes it
 * @throws as `chooseKernels` and `chooseBackend` do
 */
export async function serviceParts(
  moduleDigest: (id: ShippedService) => string | undefined,
  backend?: string,
  mode?: string,
): Promise<ServiceParts> {
  const chosen = await chooseKernels(mode);
  const module = moduleDigest('numeric');
  return {
    numeric: {
      ...chosen,
      identity: {
        name: 'wasm',
        ...(module !== undefined && { module }),
        binary: createHash('sha256').update(chosen.binary).digest('hex'),
        variant: chosen.variant,
      },
    },
    tensors: chooseBackend(backend, moduleDigest('tensors'), mode === 'fast'),
  };
}

export const shippedServices = ({ numeric, tensors, threads }: ServiceParts): readonly ServiceModule[] => [
  serviceModule('numeric', (to) => {
    to.bind(
      bind(Numeric, wasmEngine(numeric.binary, threads && kernelThreads(threads, numeric.binary)), numeric.identity),
    );
  }),
  serviceModule('tensors', (to) => {
    to.bind(bind(Tensors, openTensors(tensors.name, packageLoader(tensors)), tensors.identity));
  }),
];
/**
 * What a worker thread binds. The binding of the native library keeps state that threads of one process share unguarded, so
 * with it the steps that use tensors stay on the main thread.
 */
export const workerServices = (parts: ServiceParts): readonly ServiceModule[] =>
  shippedServices(parts).filter(({ name }) => name !== 'tensors' || parts.tensors.name !== 'tensorflow');
