/** The compiled kernels. Their exports are the interface itself: positions go in as they are, and nothing is wrapped. */
import { Problem } from '../../../core/index.ts';
import { reserved } from '../machine/memory.ts';
import type { Kernels } from './kernels.ts';
import type { NumericEngine, Threads } from './numeric.ts';

const pageBytes = 65_536;
const mostPages = 65_536;

type Exports = Kernels & { heapBase(): number };
interface PagedMemory {
  readonly buffer: ArrayBuffer;
}
/** What is used of WebAssembly here; Node's types leave it out. */
declare const WebAssembly: {
  readonly Module: new (binary: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: { env: { memory: PagedMemory } }) => { readonly exports: object };
  readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => PagedMemory;
};

/**
 * @param binary what the build made of nodes/learning/assembly; compiled when the first arena is asked for
 * @param threads idle threads that the engine may offer
 * @returns an engine whose arenas are WebAssembly memories of exactly the size that was asked for
 */
export function wasmEngine(binary: Uint8Array<ArrayBuffer>, threads?: Threads): NumericEngine {
  let compiled: object | undefined;
  return {
    ...(threads && { threads }),
    arena(bytes) {
      compiled ??= new WebAssembly.Module(binary);
      const memory = memoryOf(Math.ceil(bytes / pageBytes));
      const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
      const kernels = exports as unknown as Exports;
      if (kernels.heapBase() > reserved * 4)
        throw new Problem('internal', `the kernels keep ${kernels.heapBase()} bytes of constants, of ${reserved * 4}`);
      return { buffer: memory.buffer, kernels: () => kernels };
    },
  };
}

function memoryOf(pages: number): PagedMemory {
  const gigabytes = ((pages * pageBytes) / 2 ** 30).toFixed(1);
  const hint = 'choose a smaller width or batch; a table takes four numbers an entry, its optimiser included';
  if (pages > mostPages)
    throw new Problem('bad-config', `training this model takes ${gigabytes} GB, and 4 GB is the most it can have`, {
      hint,
    });
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (cause) {
    throw new Problem('bad-config', `there is no memory for this model: it takes ${gigabytes} GB`, { hint, cause });
  }
}
