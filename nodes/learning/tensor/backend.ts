/** The service behind neural parts: TensorFlow.js, on a native library or in WebAssembly. */
import type * as TensorFlowJs from '@tensorflow/tfjs';
import { token } from '../../../core/index.ts';

export type TensorFlow = typeof TensorFlowJs;
/** `tensorflow`: the native library of TensorFlow; `wasm`: TensorFlow.js in WebAssembly, which is always there. */
export const backendNames = ['tensorflow', 'wasm'] as const;
export type BackendName = (typeof backendNames)[number];

export interface TensorBackend {
  readonly name: BackendName;
  /**
   * The library, loaded at the first call and then the same. What is made outside of `tidy` must be disposed of by whoever made
   * it; nothing may be kept in a `startScope` over an `await`, since steps of one thread share the library.
   * @throws Problem bad-installation when it does not load
   */
  open(): Promise<TensorFlow>;
}

/**
 * Nodes with neural parts declare it in `use`. Its identity holds the backend and its binary, so that a result of one backend
 * is never taken for one of the other: they agree to float tolerance, and not to the bit.
 */
export const Tensors = token<TensorBackend>()('tensors');
