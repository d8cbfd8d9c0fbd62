/** Two memories with the same content, one under the compiled kernels and one under their plain twin. */
import { expect } from 'vitest';
import type { Kernels } from '../../../../nodes/learning/kernels/kernels.ts';
import { plainEngine } from '../../../../nodes/learning/kernels/numeric.ts';
import { wasmEngine } from '../../../../nodes/learning/kernels/wasm.ts';
import { Layout, type Memory } from '../../../../nodes/learning/machine/memory.ts';
import { serviceParts } from '../../../../services.ts';

export const compiledEngine = wasmEngine((await serviceParts(() => undefined)).numeric.binary);

export interface Twins {
  readonly compiled: Memory;
  readonly kernels: Kernels;
  /** The oracle's kernels and the compiled ones, on memories in the same order. */
  readonly both: readonly [Kernels, Kernels];
  readonly memories: readonly [Memory, Memory];
  /** Runs on both; compares what is returned, and then all of memory, so that a kernel that writes too far is found. */
  agree(operation: (kernels: Kernels) => unknown, tolerance: Tolerance): void;
}
export interface Tolerance {
  /** Of the larger of the two values. */
  readonly relative: number;
  readonly absolute: number;
}

/** @param fill writes the content into the first memory, which is then copied */
export function twins(layout: Layout, fill: (memory: Memory) => void): Twins {
  const [plainArena, arena] = [plainEngine, compiledEngine].map((engine) => engine.arena(layout.bytes));
  const plain = layout.build(plainArena!.buffer);
  const compiled = layout.build(arena!.buffer);
  fill(plain);
  compiled.ids.set(plain.ids);
  const oracle = plainArena!.kernels(plain);
  const kernels = arena!.kernels(compiled);
  return {
    compiled,
    kernels,
    both: [oracle, kernels],
    memories: [plain, compiled],
    agree(operation, { relative, absolute }) {
      const expected = operation(oracle);
      const got = operation(kernels);
      const close = (a: number, b: number) =>
        Object.is(a, b) || a === b || Math.abs(a - b) <= absolute + relative * Math.max(Math.abs(a), Math.abs(b));
      if (typeof expected === 'number' && !close(expected, got as number)) expect(got).toBe(expected);
      for (let i = 0; i < plain.floats.length; i++)
        if (!close(plain.floats[i]!, compiled.floats[i]!))
          expect({ at: i, value: compiled.floats[i] }).toEqual({ at: i, value: plain.floats[i] });
    },
  };
}

/** Floats of ordinary sizes, both signs and 0, from a seed. */
export function numbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const draw = (state >>> 8) / 2 ** 24;
    return draw < 0.02 ? 0 : Math.fround((draw - 0.5) * 6);
  };
}
export { Layout };
