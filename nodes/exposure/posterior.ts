/** The posterior of every user under trained parameters. */
import type { Tensor2D } from '@tensorflow/tfjs';
import { divergences } from '../learning/tensor/layers.ts';
import { batchOf } from './data.ts';
import type { Posterior } from './latents.ts';
import { posterior, prior } from './network.ts';
import { namedBy, type Workplace } from './train.ts';

/** Users that are described at once: bounds the memory, and changes no number. */
const block = 2048;

/** @returns the laws, and the divergence of each user and dimension from the prior, in nats */
export function describe(at: Workplace): { readonly posterior: Posterior; readonly divergences: Float32Array } {
  const { tf, network, parameters, data } = at;
  const { users } = data;
  const { size } = network;
  const all = Uint32Array.from({ length: users }, (_, user) => user);
  const [mean, sd, away] = [0, 0, 0].map(() => new Float32Array(users * size)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  for (let from = 0; from < users; from += block)
    tf.tidy(() => {
      const batch = batchOf(tf, data, all.subarray(from, from + block));
      const named = namedBy(parameters, parameters.tensors(tf));
      const q = posterior(at, network, named, batch);
      const put = (into: Float32Array, tensor: Tensor2D) => into.set(tensor.dataSync<'float32'>(), from * size);
      put(mean, q.mean);
      put(sd, tf.exp(tf.mul(q.logVariance, 0.5)));
      put(away, divergences(tf, q, prior(at, network, named, batch)));
    });
  return { posterior: { users, size, mean, sd }, divergences: away };
}
