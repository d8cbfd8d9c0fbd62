/**
 * A variational autoencoder of who was shown what: separate networks for the mean and the log-variance of the posterior, for
 * the decoder and, where there are proxies, for the prior. Each is `layers` linear layers of equal hidden width with
 * LeakyReLU (slope .2) between them and nothing behind the last.
 */
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import { dense, divergence, type Law, leaky, sample, shifted } from '../learning/tensor/layers.ts';
import type { MultiHot } from '../learning/tensor/multi-hot.ts';
import type { ParameterShape } from '../learning/tensor/parameters.ts';
import { bernoulliLoss, multiHotMatMul, type Tools } from '../learning/tensor/sparse-layers.ts';

const slope = 0.2;

export interface NetworkSize {
  /** Width of the encoder's input, proxies included. */
  readonly inputs: number;
  /** Width of the proxies; 0 leaves the prior at N(0, 1). */
  readonly proxies: number;
  readonly items: number;
  readonly size: number;
  readonly hidden: number;
  readonly layers: number;
  readonly priorMean: 'zero' | 'learned';
}
/** What a batch of users shows the network. */
export interface Batch {
  readonly input: MultiHot | Tensor2D;
  readonly proxies: MultiHot | undefined;
  readonly target: MultiHot;
}
export type Named = Readonly<Record<string, Tensor>>;

type Part = 'mean' | 'logVariance' | 'decoder' | 'priorMean' | 'priorLogVariance';
function ends(part: Part, { inputs, proxies, items, size }: NetworkSize): readonly [from: number, to: number] {
  if (part === 'decoder') return [size, items];
  return [part === 'mean' || part === 'logVariance' ? inputs : proxies, size];
}
const partsOf = ({ proxies, priorMean }: NetworkSize): readonly Part[] => [
  'mean',
  'logVariance',
  'decoder',
  ...(proxies > 0 ? (['priorLogVariance'] as const) : []),
  ...(proxies > 0 && priorMean === 'learned' ? (['priorMean'] as const) : []),
];

/** Weights and biases start uniform in -1/sqrt(inputs) .. 1/sqrt(inputs) of their layer, as PyTorch's linear layers do. */
export function parametersOf(of: NetworkSize): Record<string, ParameterShape> {
  const shapes: Record<string, ParameterShape> = {};
  for (const part of partsOf(of)) {
    const [from, to] = ends(part, of);
    for (let layer = 0; layer < of.layers; layer++) {
      const above = layer === 0 ? from : of.hidden;
      const below = layer === of.layers - 1 ? to : of.hidden;
      const bound = 1 / Math.sqrt(above);
      shapes[`${part}.${layer}.w`] = { shape: [above, below], bound };
      shapes[`${part}.${layer}.b`] = { shape: [below], bound };
    }
  }
  return shapes;
}

/** One of the networks, from its input to its output. */
function through(tools: Tools, part: Part, { layers }: NetworkSize, named: Named, input: MultiHot | Tensor2D) {
  const { tf } = tools;
  let x = input;
  for (let layer = 0; layer < layers; layer++) {
    const w = named[`${part}.${layer}.w`] as Tensor2D;
    const b = named[`${part}.${layer}.b`] as Tensor1D;
    const y = 'start' in x ? shifted(tf, multiHotMatMul(tools, x, w), b) : dense(tf, x, w, b);
    x = layer === layers - 1 ? y : leaky(tf, y, slope);
  }
  return x as Tensor2D;
}

/** q(C | input, proxies) of each row. */
export const posterior = (tools: Tools, of: NetworkSize, named: Named, { input }: Batch): Law => ({
  mean: through(tools, 'mean', of, named, input),
  logVariance: through(tools, 'logVariance', of, named, input),
});

/** p(C | proxies) of each row; what is missing is that of N(0, 1). */
export const prior = (tools: Tools, of: NetworkSize, named: Named, { proxies }: Batch): Partial<Law> =>
  proxies === undefined
    ? {}
    : {
        ...(of.priorMean === 'learned' && { mean: through(tools, 'priorMean', of, named, proxies) }),
        logVariance: through(tools, 'priorLogVariance', of, named, proxies),
      };

/** The two halves of the negative ELBO, meant over the rows of the batch, in nats; one sample a row, made of `noise`. */
export function negativeElbo(
  tools: Tools,
  of: NetworkSize,
  named: Named,
  batch: Batch,
  noise: Tensor2D,
): { reconstruction: Scalar; divergence: Scalar } {
  const q = posterior(tools, of, named, batch);
  const logits = through(tools, 'decoder', of, named, sample(tools.tf, q.mean, q.logVariance, noise));
  return {
    reconstruction: bernoulliLoss(tools, logits, batch.target),
    divergence: divergence(tools.tf, q, prior(tools, of, named, batch)),
  };
}
