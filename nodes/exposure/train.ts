/** Trains one network by Adam on the negative ELBO, with early stopping on users that it does not train on. */
import type { Tensor2D } from '@tensorflow/tfjs';
import { type Cancellation, Problem } from '../../core/index.ts';
import type { Random } from '../../core/numeric/index.ts';
import type { TensorFlow } from '../learning/tensor/backend.ts';
import { fillNormal } from '../learning/tensor/noise.ts';
import type { Parameters } from '../learning/tensor/parameters.ts';
import type { Tools } from '../learning/tensor/sparse-layers.ts';
import { batchOf, type ExposureData, release } from './data.ts';
import { type Batch, type Named, type NetworkSize, negativeElbo } from './network.ts';
import type { ExposureSettings } from './settings.ts';

export interface Workplace extends Tools {
  readonly network: NetworkSize;
  readonly parameters: Parameters;
  readonly data: ExposureData;
  readonly users: { readonly train: Uint32Array; readonly heldOut: Uint32Array };
  readonly settings: ExposureSettings;
  readonly cancel: Cancellation;
}
export type EpochValues = Readonly<Record<string, number>>;
export interface Training {
  readonly history: readonly EpochValues[];
  /** The smallest negative ELBO of the held-out users, of one sample a user, and the epoch that had it, from 1. */
  readonly best: number;
  readonly bestEpoch: number;
}

/** Where a training stands between two epochs, beside its parameters. */
export interface TrainingState {
  readonly history: EpochValues[];
  best: number;
  bestEpoch: number;
  /** The parameters of the best epoch. */
  kept: Float32Array;
  /** Steps so far. */
  steps: number;
}

/**
 * The parameters end at the best epoch's.
 * @param told hears of every epoch that is done
 * @param from where an earlier training was stopped, its parameters being in place
 * @throws Problem step-failed when the loss is not finite, cancelled
 */
export async function train(
  at: Workplace,
  rng: Random,
  told: (state: TrainingState) => void,
  from?: TrainingState,
): Promise<Training> {
  const { tf, parameters, users, settings } = at;
  if (from === undefined) parameters.draw(rng.for('init'));
  const watched = batchOf(tf, at.data, users.heldOut);
  const batches = batcher(at, rng);
  const warm = (settings.warmup * settings.epochs * users.train.length) / settings.batch;
  const state = from ?? {
    history: [],
    best: Number.POSITIVE_INFINITY,
    bestEpoch: 0,
    kept: parameters.copy(),
    steps: 0,
  };
  const { history } = state;
  try {
    while (history.length < settings.epochs && history.length + 1 - state.bestEpoch <= settings.patience) {
      const epoch = history.length + 1;
      const noise = rng.for(`noise/${epoch}`);
      const sums = { reconstruction: 0, divergence: 0 };
      let beta = 1;
      batches.each(epoch, (batch) => {
        beta = warm > 0 ? Math.min(1, state.steps / warm) : 1;
        const { reconstruction, divergence } = step(at, batch, beta, noise);
        if (!Number.isFinite(reconstruction + divergence)) throw diverged(epoch, reconstruction + divergence);
        sums.reconstruction += reconstruction * batch.target.rows;
        sums.divergence += divergence * batch.target.rows;
        state.steps++;
      });
      const heldOut = evaluate(at, watched, rng.for(`held-out/${epoch}`));
      if (!Number.isFinite(heldOut)) throw diverged(epoch, heldOut);
      history.push({
        reconstruction: sums.reconstruction / users.train.length,
        divergence: sums.divergence / users.train.length,
        beta,
        norms: parameters.norms,
        'held-out negative ELBO': heldOut,
      });
      if (heldOut < state.best) {
        state.best = heldOut;
        state.bestEpoch = epoch;
        state.kept = parameters.copy();
      }
      told(state);
      at.cancel.check();
      // lets the thread hear of an interrupt where steps run on the main one
      await tf.nextFrame();
    }
  } finally {
    batches.end();
    release(watched);
  }
  parameters.restore(state.kept);
  return { history, best: state.best, bestEpoch: state.bestEpoch };
}

/** Shuffles the training users each epoch; a single batch needs no order, and is made once. */
function batcher({ tf, data, users, settings }: Workplace, rng: Random) {
  const only = users.train.length <= settings.batch ? batchOf(tf, data, users.train) : undefined;
  return {
    each(epoch: number, visit: (batch: Batch) => void) {
      if (only) return visit(only);
      const order = rng.for(`order/${epoch}`).permutation(users.train.length);
      for (let from = 0; from < order.length; from += settings.batch) {
        const batch = batchOf(
          tf,
          data,
          order.subarray(from, from + settings.batch).map((n) => users.train[n] as number),
        );
        try {
          visit(batch);
        } finally {
          release(batch);
        }
      }
    },
    end() {
      if (only) release(only);
    },
  };
}

const noiseOf = (tf: TensorFlow, rows: number, size: number, rng: Random): Tensor2D =>
  tf.tensor2d(fillNormal(new Float32Array(rows * size), rng), [rows, size]);

/** One step of Adam; all tensors of it are gone afterwards. */
export function step(at: Workplace, batch: Batch, beta: number, rng: Random) {
  const { tf, network, parameters, settings } = at;
  return tf.tidy(() => {
    const noise = noiseOf(tf, batch.target.rows, network.size, rng);
    let parts = { reconstruction: Number.NaN, divergence: Number.NaN };
    const gradients = tf.grads((...given) => {
      const named = namedBy(parameters, given);
      const { reconstruction, divergence } = negativeElbo(at, network, named, batch, noise);
      parts = { reconstruction: numberOf(reconstruction), divergence: numberOf(divergence) };
      return tf.add(reconstruction, tf.mul(divergence, beta));
    })([...parameters.tensors(tf)]);
    parameters.step(gradients, settings);
    return parts as never;
  }) as unknown as { readonly reconstruction: number; readonly divergence: number };
}

/** The negative ELBO of a batch, of one sample a user. */
export function evaluate(at: Workplace, batch: Batch, rng: Random): number {
  const { tf, network, parameters } = at;
  return tf.tidy(() => {
    const noise = noiseOf(tf, batch.target.rows, network.size, rng);
    const named = namedBy(parameters, parameters.tensors(tf));
    const { reconstruction, divergence } = negativeElbo(at, network, named, batch, noise);
    return (numberOf(reconstruction) + numberOf(divergence)) as never;
  }) as unknown as number;
}

export const namedBy = ({ names }: Parameters, tensors: readonly Named[string][]): Named =>
  Object.fromEntries(names.map((name, at) => [name, tensors[at] as Named[string]]));

const numberOf = (scalar: { dataSync(): ArrayLike<number> }): number => scalar.dataSync()[0] as number;

const diverged = (epoch: number, loss: number) =>
  new Problem('step-failed', `training diverged: the negative ELBO became ${loss} in epoch ${epoch}`, {
    hint: 'choose a smaller rate',
  });
