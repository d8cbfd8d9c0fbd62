/**
 * What the WebAssembly backend of TensorFlow.js lacks or does slowly. Kernels read and write the backend's memory in place, and
 * add in a fixed order.
 */
import type { TensorFlow } from './backend.ts';

/** Of the backend: memory of a tensor as a view that the next allocation may invalidate. */
interface Wasm {
  makeOutput(shape: readonly number[], dtype: string): Info;
  typedArrayFromHeap(of: Info): Float32Array;
  disposeData(id: object): void;
}
interface Info {
  readonly dataId: object;
  readonly shape: readonly number[];
  readonly dtype: string;
}
interface Call<I extends string, A = object> {
  readonly inputs: Readonly<Record<I, Info>>;
  readonly attrs: A;
  readonly backend: Wasm;
}
type Kernel = (call: Call<string, never>) => Info;

const marked = new WeakSet<object>();

/** Registers them once in a process. */
export function mendWasm(tf: TensorFlow): void {
  if (marked.has(tf.registerKernel)) return;
  marked.add(tf.registerKernel);
  const add = (kernelName: string, kernelFunc: unknown, setupFunc?: unknown) =>
    tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc, setupFunc } as never);
  add('UnsortedSegmentSum', segmentSum);
  const product = tf.getKernel('BatchMatMul', 'wasm');
  if (product === undefined) throw new Error('the WebAssembly backend has no matrix product');
  tf.unregisterKernel('BatchMatMul', 'wasm');
  add('BatchMatMul', straightened(product.kernelFunc as never), product.setupFunc);
  for (const kernelName of ['Greater', 'GreaterEqual', 'Less', 'LessEqual', 'Equal', 'NotEqual'] as const)
    if (tf.getGradient(kernelName) === undefined)
      tf.registerGradient({
        kernelName,
        inputsToSave: ['a', 'b'],
        gradFunc: (_, saved) => {
          const [a, b] = saved as [Parameters<typeof tf.zerosLike>[0], Parameters<typeof tf.zerosLike>[0]];
          return { a: () => tf.zerosLike(a), b: () => tf.zerosLike(b) } as never;
        },
      });
}

/** The gradient of `gather`, which the backend has no kernel for. */
function segmentSum({ inputs, attrs, backend }: Call<'x' | 'segmentIds', { readonly numSegments: number }>): Info {
  const { x, segmentIds } = inputs;
  const tail = x.shape.slice(segmentIds.shape.length);
  const inner = tail.reduce((a, b) => a * b, 1);
  const out = backend.makeOutput([attrs.numSegments, ...tail], x.dtype);
  const sums = backend.typedArrayFromHeap(out).fill(0);
  const values = backend.typedArrayFromHeap(x);
  const ids = backend.typedArrayFromHeap(segmentIds);
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row] as number;
    if (id < 0 || id >= attrs.numSegments) continue;
    for (let j = 0; j < inner; j++) sums[id * inner + j]! += values[row * inner + j] as number;
  }
  return out;
}

/** Products with transposed sides take the backend's slow path: turning a side first is ten times as fast. */
function straightened(product: Kernel) {
  return ({
    inputs: { a, b },
    attrs: { transposeA, transposeB },
    backend,
  }: Call<'a' | 'b', { readonly transposeA: boolean; readonly transposeB: boolean }>): Info => {
    const left = transposeA ? transposed(a, backend) : a;
    const right = transposeB ? transposed(b, backend) : b;
    const attrs = { transposeA: false, transposeB: false };
    const out = product({ inputs: { a: left, b: right }, backend, attrs } as never);
    if (left !== a) backend.disposeData(left.dataId);
    if (right !== b) backend.disposeData(right.dataId);
    return out;
  };
}

/** Swaps the last two axes, in tiles that fit a cache. */
function transposed(of: Info, backend: Wasm): Info {
  const [rows, columns] = of.shape.slice(-2) as [number, number];
  const out = backend.makeOutput([...of.shape.slice(0, -2), columns, rows], of.dtype);
  const to = backend.typedArrayFromHeap(out);
  const from = backend.typedArrayFromHeap(of);
  const tile = 16;
  for (let base = 0; base < from.length; base += rows * columns)
    for (let top = 0; top < rows; top += tile)
      for (let left = 0; left < columns; left += tile) {
        const bottom = Math.min(rows, top + tile);
        const right = Math.min(columns, left + tile);
        for (let c = left; c < right; c++)
          for (let r = top; r < bottom; r++) to[base + c * rows + r] = from[base + r * columns + c] as number;
      }
  return out;
}
