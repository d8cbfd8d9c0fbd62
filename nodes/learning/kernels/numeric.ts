/** The service that computes: where memory comes from and which kernels work on it. */
import { token } from '../../../core/index.ts';
import type { Memory } from '../machine/memory.ts';
import type { Kernels } from './kernels.ts';
import { plainKernels } from './plain.ts';

export interface NumericEngine {
  /**
   * Makes memory of at least `bytes` bytes, all 0, and the kernels that work on it.
   * @throws Problem bad-config when no memory of that size can be had
   */
  arena(bytes: number): Arena;
}
export interface Arena {
  readonly buffer: ArrayBuffer;
  kernels(memory: Memory): Kernels;
}

/** Nodes that train or score declare it in `use`: its identity, which holds the digest of the binary, then enters their keys. */
export const Numeric = token<NumericEngine>()('numeric');

/** The plain TypeScript twin of the compiled kernels. */
export const plainEngine: NumericEngine = {
  arena: (bytes) => ({ buffer: new ArrayBuffer(bytes), kernels: plainKernels }),
};
