/** Which build of the engine's kernels this process runs: the one that every machine rounds alike, or the faster one. */
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Problem } from './core/errors.ts';

/**
 * `strict`: products and sums are rounded one by one, so that every processor gives the same bytes. `fast`: relaxed SIMD, where
 * the runtime has it; a product and its sum may be rounded once, as the processor likes.
 */
export const numericModes = ['strict', 'fast'] as const;
export type NumericMode = (typeof numericModes)[number];

export interface ChosenKernels {
  readonly binary: Uint8Array<ArrayBuffer>;
  /** What was chosen in fact: part of the key of every step that trains or scores. */
  readonly variant: 'strict' | 'relaxed';
  /** Why it is another one than was asked for. */
  readonly note?: { readonly message: string; readonly hint: string };
}

/** Node has it, its types without those of browsers do not. */
const { WebAssembly } = globalThis as unknown as { WebAssembly: { validate(bytes: Uint8Array): boolean } };

/** @throws Problem usage for another mode, internal when the kernels were not built */
export async function chooseKernels(asked: string = 'strict'): Promise<ChosenKernels> {
  if (!numericModes.includes(asked as NumericMode))
    throw new Problem('usage', `--numeric takes ${numericModes.join(' or ')}, and not '${asked}'`);
  if (asked === 'strict') return { binary: await kernels('kernels.wasm'), variant: 'strict' };
  const binary = await kernels('kernels.relaxed.wasm');
  if (WebAssembly.validate(binary)) return { binary, variant: 'relaxed' };
  return {
    binary: await kernels('kernels.wasm'),
    variant: 'strict',
    note: {
      message: `--numeric fast: this Node (${process.versions.node}) has no relaxed SIMD, so the strict kernels run`,
      hint: 'results and keys are those of a run without --numeric; Node 22 and later have relaxed SIMD',
    },
  };
}

/** Those of the build; from source, those of the sources as they are now. */
async function kernels(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const folder = import.meta.url.endsWith('.ts') ? await compiled() : new URL('./kernels/', import.meta.url);
  const file = new URL(name, folder);
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
