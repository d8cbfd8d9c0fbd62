/** The service that computes: where memory comes from and which kernels work on it. */
import { type Cancellation, token } from '../../../core/index.ts';
import type { Memory } from '../machine/memory.ts';
import type { Kernels } from './kernels.ts';
import { plainKernels } from './plain.ts';

export interface NumericEngine {
  /**
   * Makes memory of at least `bytes` bytes, all 0, and the kernels that work on it.
   * @throws Problem bad-config when no memory of that size can be had
   */
  arena(bytes: number): Arena;
  /** Threads beside the calling one that can compute with the same kernels; absent where there are none. */
  readonly threads?: Threads;
}
/** Threads of this process that no step has. */
export interface Threads {
  /** Multiplications that are worth starting one. */
  readonly worth: number;
  /** Takes at most `most` of those that are idle now, for one call of `run`. */
  borrow(most: number): BorrowedThreads;
}
export interface BorrowedThreads {
  /** How many there are; 0 where every core is busy. */
  readonly count: number;
  /**
   * Computes `task` once for each of `count` inputs, each on a thread of its own, and gives the threads back, whatever happens.
   * Arrays on shared memory are not copied.
   * @param task by its name among `threadTasks`
   * @param report what the n-th input's task says of its progress
   * @throws Problem what the first task to fail has thrown; cancelled when asked to stop
   */
  run(
    task: string,
    inputs: readonly unknown[],
    cancel: Cancellation,
    report: (n: number, done: number) => void,
  ): Promise<readonly unknown[]>;
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
