/** The parameters of a network in the engine's memory: the backend sees copies, the optimiser is the engine's own kernel. */
import type { Tensor } from '@tensorflow/tfjs';
import type { Random } from '../../../core/numeric/index.ts';
import { beta1, beta2, type Kernels } from '../kernels/kernels.ts';
import type { NumericEngine } from '../kernels/numeric.ts';
import { Layout, type Memory } from '../machine/memory.ts';
import type { TensorFlow } from './backend.ts';

export interface ParameterShape {
  readonly shape: readonly number[];
  /** Entries start uniform in -bound .. bound. */
  readonly bound: number;
}
interface Place {
  readonly name: string;
  readonly shape: readonly number[];
  readonly bound: number;
  readonly n: number;
  readonly value: number;
  readonly gradient: number;
  readonly first: number;
  readonly second: number;
}
export interface AdamSettings {
  readonly rate: number;
  /** Weight decay, coupled: the gradient grows by l2 times the parameter. */
  readonly l2: number;
  /** Weight of the sum over tensors of their Euclidean norms, not squared. */
  readonly norms: number;
}

export class Parameters {
  readonly #places: readonly Place[];
  readonly #memory: Memory;
  readonly #kernels: Kernels;
  #steps = 0;

  /** @throws Problem bad-config when there is no memory of that size */
  constructor(numeric: NumericEngine, shapes: Readonly<Record<string, ParameterShape>>) {
    const layout = new Layout();
    this.#places = Object.entries(shapes).map(([name, { shape, bound }]) => {
      const n = shape.reduce((a, b) => a * b, 1);
      const take = () => layout.takeFloats(n);
      return { name, shape, bound, n, value: take(), gradient: take(), first: take(), second: take() };
    });
    const arena = numeric.arena(layout.bytes);
    this.#memory = layout.build(arena.buffer);
    this.#kernels = arena.kernels(this.#memory);
  }

  #view = (at: number, n: number): Float32Array => (this.#memory.floats as Float32Array).subarray(at, at + n);

  /** Draws every entry anew, each tensor from a stream of its own name, and forgets the optimiser's state. */
  draw(rng: Random): void {
    this.#steps = 0;
    for (const { name, bound, n, value, first, second } of this.#places) {
      const stream = rng.for(name);
      const entries = this.#view(value, n);
      for (let i = 0; i < n; i++) entries[i] = (2 * stream.uniform() - 1) * bound;
      this.#view(first, n).fill(0);
      this.#view(second, n).fill(0);
    }
  }

  /** Tensors of the backend with the values of now, in a fixed order; the caller disposes of them. */
  tensors(tf: TensorFlow): readonly Tensor[] {
    return this.#places.map(({ shape, n, value }) => tf.tensor(this.#view(value, n), [...shape], 'float32'));
  }
  get names(): readonly string[] {
    return this.#places.map(({ name }) => name);
  }

  /** Sum over tensors of their Euclidean norms. */
  get norms(): number {
    return this.#places.reduce((sum, place) => sum + this.#norm(place), 0);
  }
  #norm = ({ value, n }: Place): number => Math.sqrt(this.#kernels.sumSquares(value, n));

  /** One step of Adam as PyTorch defines it. @param gradients in the order of `tensors` */
  step(gradients: readonly Tensor[], { rate, l2, norms }: AdamSettings): void {
    this.#steps++;
    const step = rate / (1 - beta1 ** this.#steps);
    const root = Math.sqrt(1 - beta2 ** this.#steps);
    for (const [at, place] of this.#places.entries()) {
      const { value, gradient, first, second, n } = place;
      this.#view(gradient, n).set((gradients[at] as Tensor).dataSync<'float32'>());
      // the gradient of a norm is the parameter over its norm: decay that differs from tensor to tensor
      const norm = norms === 0 ? 0 : this.#norm(place);
      this.#kernels.adam(value, gradient, first, second, n, norm > 0 ? l2 + norms / norm : l2, step, root, true);
    }
  }

  /** A copy of all values, for the best state. */
  copy(): Float32Array {
    const copied = new Float32Array(this.#places.reduce((sum, { n }) => sum + n, 0));
    let at = 0;
    for (const { value, n } of this.#places) {
      copied.set(this.#view(value, n), at);
      at += n;
    }
    return copied;
  }
  restore(copied: Float32Array): void {
    let at = 0;
    for (const { value, n } of this.#places) {
      this.#view(value, n).set(copied.subarray(at, at + n));
      at += n;
    }
  }
  /** Everything that a step changes, as it is in memory, and how many steps there were. */
  get moving(): { readonly steps: number; readonly arrays: Readonly<Record<string, Float32Array>> } {
    const parts = ['value', 'first', 'second'] as const;
    const arrays = this.#places.flatMap((place) =>
      parts.map((part) => [`${place.name}/${part}`, this.#view(place[part], place.n)] as const),
    );
    return { steps: this.#steps, arrays: Object.fromEntries(arrays) };
  }
  /** @param arrays those of `moving`, each of its length */
  goOn(steps: number, arrays: Readonly<Record<string, Float32Array>>): void {
    this.#steps = steps;
    for (const [name, values] of Object.entries(this.moving.arrays)) values.set(arrays[name] as Float32Array);
  }
  /** Copies by name, as an artifact holds them. */
  named(): Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }> {
    return Object.fromEntries(
      this.#places.map(({ name, shape, n, value }) => [name, { shape, data: this.#view(value, n).slice() }]),
    );
  }
}
