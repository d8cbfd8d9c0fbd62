/** One operation with a gradient of its own: on the tape it is a single entry, whatever happens inside. */
import type { Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from './backend.ts';

export interface Fused<T extends Tensor> {
  readonly value: T;
  /** The gradients of the inputs, in their order, from that of the value; `kept` are the tensors that `keep` was given. */
  readonly back: (d: T, kept: readonly Tensor[]) => Tensor[];
}

/**
 * @param run computes the value; whatever `back` needs of it must go through `keep`, since other tensors are gone by then
 */
export function fused<T extends Tensor, const I extends readonly Tensor[]>(
  tf: TensorFlow,
  inputs: I,
  run: (inputs: I, keep: (...tensors: Tensor[]) => void) => Fused<T>,
): T {
  type Save = (tensors: Tensor[]) => void;
  const operation = tf.customGrad(((...given: readonly unknown[]) => {
    const save = given.at(-1) as Save;
    const { value, back } = run(given.slice(0, -1) as unknown as I, (...tensors) => save(tensors));
    return { value, gradFunc: back };
  }) as never);
  return operation(...inputs) as T;
}
