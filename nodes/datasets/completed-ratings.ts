import { z } from 'zod';
import { Cancel, Log, node, Problem, Progress, Rng } from '../../core/index.ts';
import type { Random } from '../../core/numeric/index.ts';
import { History, Labels, Shape } from '../ports.ts';

/**
 * A rating for every pair, from matrix factorisation with biases: r(u, i) = p_u . q_i + b_u + b_i + c, not clipped.
 *
 * As the authors of the semi-synthetic data made theirs: every parameter starts from N(0, 1); a batch's loss is its mean
 * squared error plus `l2` times half the sum of the squares of *all* parameters; Adam in TensorFlow's form (epsilon outside
 * of the bias correction); batches in the order of the file, an incomplete last one dropped. The first `share` of the rows
 * train, the others are held out: training ends after `patience` epochs in a row without a better held-out error, and the
 * last parameters are used, not the best.
 *
 * `completed` lists all pairs, by user, then item.
 */
export const completedRatings = node('datasets/completed-ratings', {
  doc: 'Completes a rating matrix by matrix factorisation with biases: the start of semi-synthetic data.',
  source: 'code of Li et al. 2024 (ICDE), after Guo et al. 2021 (SIGIR)',
  in: { ratings: Labels, shape: Shape },
  out: { completed: Labels, history: History },
  config: z.strictObject({
    width: z.number().int().positive().default(64).describe('numbers in a vector'),
    l2: z.number().nonnegative().default(1e-3).describe('weight of half the sum of squares of all parameters'),
    rate: z.number().positive().default(1e-3).describe("Adam's learning rate"),
    batch: z.number().int().positive().default(1024).describe('rows a batch'),
    share: z.number().gt(0).lt(1).default(0.9).describe('share of the rows, from the first, that trains'),
    patience: z.number().int().positive().default(5).describe('epochs in a row that may not improve'),
    epochs: z.number().int().positive().default(1000).describe('largest number of epochs'),
  }),
  use: { rng: Rng, log: Log, progress: Progress, cancel: Cancel },
  stream: 'data',
  run({ ratings, shape }, config, { rng, log, progress, cancel }) {
    const rows = Math.floor(ratings.user.length * config.share);
    const steps = Math.floor(rows / config.batch);
    if (steps === 0)
      throw new Problem('bad-data', `${rows} rows to train on do not fill a batch of ${config.batch}`, {
        where: 'ratings',
        hint: 'choose a smaller `batch`',
      });
    const model = biasedFactors(shape, config.width, rng.for('init'));
    const errors: number[] = [];
    let best = Number.POSITIVE_INFINITY;
    for (let worse = 0; worse < config.patience && errors.length < config.epochs; ) {
      cancel.check();
      for (let step = 0; step < steps; step++)
        model.step(ratings, step * config.batch, (step + 1) * config.batch, config.rate, config.l2);
      const error = model.meanSquaredError(ratings, rows, ratings.user.length);
      worse = error < best ? 0 : worse + 1;
      best = Math.min(best, error);
      errors.push(error);
      progress.epoch(errors.length, { 'held-out mse': error });
      progress.report(errors.length, config.epochs, `held-out mse ${error.toFixed(4)}`);
    }
    log.info(`completed after ${errors.length} epochs, held-out mse ${errors.at(-1)?.toFixed(4)}`);
    return {
      completed: model.all(),
      history: {
        epoch: Uint32Array.from(errors, (_, n) => n + 1),
        quantity: errors.map(() => 'held-out mse'),
        value: Float64Array.from(errors),
      },
    };
  },
});

interface Rows {
  readonly user: Uint32Array;
  readonly item: Uint32Array;
  readonly rating: Float32Array;
}
const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

/** All parameters lie in one array, vectors of users, then of items, then biases, so that decay and Adam are one loop. */
function biasedFactors({ users, items }: { users: number; items: number }, width: number, rng: Random) {
  const q = users * width;
  const bu = q + items * width;
  const bi = bu + users;
  const c = bi + items;
  const theta = Float32Array.from({ length: c + 1 }, () => rng.normal());
  const gradient = new Float32Array(theta.length);
  const first = new Float32Array(theta.length);
  const second = new Float32Array(theta.length);
  let steps = 0;

  const predict = (user: number, item: number): number => {
    let sum = theta[bu + user]! + theta[bi + item]! + theta[c]!;
    const a = user * width;
    const b = q + item * width;
    for (let k = 0; k < width; k++) sum += theta[a + k]! * theta[b + k]!;
    return sum;
  };
  const move = (rate: number, l2: number) => {
    steps++;
    const size = (rate * Math.sqrt(1 - beta2 ** steps)) / (1 - beta1 ** steps);
    for (let n = 0; n < theta.length; n++) {
      const old = theta[n]!;
      const g = gradient[n]! + l2 * old;
      const m = beta1 * first[n]! + (1 - beta1) * g;
      const v = beta2 * second[n]! + (1 - beta2) * g * g;
      first[n] = m;
      second[n] = v;
      theta[n] = old - (size * m) / (Math.sqrt(v) + epsilon);
    }
    gradient.fill(0);
  };
  return {
    /** One step on rows `from .. to`. */
    step({ user, item, rating }: Rows, from: number, to: number, rate: number, l2: number) {
      const scale = 2 / (to - from);
      for (let row = from; row < to; row++) {
        const u = user[row]!;
        const i = item[row]!;
        const slope = scale * (predict(u, i) - rating[row]!);
        const a = u * width;
        const b = q + i * width;
        for (let k = 0; k < width; k++) {
          gradient[a + k]! += slope * theta[b + k]!;
          gradient[b + k]! += slope * theta[a + k]!;
        }
        gradient[bu + u]! += slope;
        gradient[bi + i]! += slope;
        gradient[c]! += slope;
      }
      move(rate, l2);
    },
    meanSquaredError({ user, item, rating }: Rows, from: number, to: number): number {
      let sum = 0;
      for (let row = from; row < to; row++) sum += (predict(user[row]!, item[row]!) - rating[row]!) ** 2;
      return sum / (to - from);
    },
    all(): Rows {
      const user = new Uint32Array(users * items);
      const item = new Uint32Array(user.length);
      const rating = new Float32Array(user.length);
      for (let u = 0, at = 0; u < users; u++)
        for (let i = 0; i < items; i++, at++) {
          user[at] = u;
          item[at] = i;
          rating[at] = predict(u, i);
        }
      return { user, item, rating };
    },
  };
}
