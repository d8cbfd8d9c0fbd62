/** Vectors for users that a model has not seen, from what they liked; nothing of the model moves. */
import { Problem } from '../../../core/index.ts';
import { solvePositiveDefinite } from '../../statistics/positive-definite.ts';
import { sigmoid, softplus } from '../kernels/elementary.ts';

export interface Frozen {
  readonly width: number;
  /** Row-major: users x width, items x width. */
  readonly users: Float32Array;
  readonly items: Float32Array;
}

/** Rounds of Newton's method; a strictly convex problem of this size needs about eight. */
const mostRounds = 50;

/**
 * The most probable vector given what a user liked: it minimises
 *
 *     sum over liked i of softplus(-s_i) + w sum over others j of softplus(s_j) + 1/2 sum over k of (p_k - mean_k)^2 / var_k
 *
 * with s_i = p . q_i + offset_i, mean and var those of the trained users' vectors, entry by entry, and w such that the others
 * weigh as much as the liked ones (0: without others). Strictly convex; solved by damped Newton steps in 64 bits.
 */
export function likelyVectors({ width, users, items }: Frozen, offset: Float32Array, others: number) {
  const prior = momentsOf(users, width);
  const count = items.length / width;
  const hessian = new Float64Array(width * width);
  const gradient = new Float64Array(width);
  const scoreOf = (p: Float64Array, i: number) => {
    let s = offset[i]!;
    for (let k = 0; k < width; k++) s += p[k]! * items[i * width + k]!;
    return s;
  };
  return (liked: Uint32Array): Float64Array => {
    const mine = new Set(liked);
    const rest = spread(count, others).filter((i) => !mine.has(i));
    const weight = rest.length === 0 ? 0 : liked.length / rest.length;
    const objective = (p: Float64Array) => {
      let sum = 0;
      for (const i of liked) sum += softplus(-scoreOf(p, i));
      for (const j of rest) sum += weight * softplus(scoreOf(p, j));
      for (let k = 0; k < width; k++) sum += (0.5 * (p[k]! - prior.mean[k]!) ** 2) / prior.variance[k]!;
      return sum;
    };
    const add = (p: Float64Array, i: number, target: number, w: number) => {
      const probability = sigmoid(scoreOf(p, i));
      const [slope, curve] = [w * (probability - target), w * probability * (1 - probability)];
      const row = i * width;
      for (let a = 0; a < width; a++) {
        const q = items[row + a]!;
        gradient[a]! += slope * q;
        for (let b = 0; b <= a; b++) hessian[a * width + b]! += curve * q * items[row + b]!;
      }
    };
    let p = Float64Array.from(prior.mean);
    let value = objective(p);
    for (let round = 0; round < mostRounds; round++) {
      hessian.fill(0);
      for (let k = 0; k < width; k++) {
        gradient[k] = (p[k]! - prior.mean[k]!) / prior.variance[k]!;
        hessian[k * width + k] = 1 / prior.variance[k]!;
      }
      for (const i of liked) add(p, i, 1, 1);
      for (const j of rest) add(p, j, 0, weight);
      const step = solvePositiveDefinite(hessian, gradient);
      if (step === undefined)
        throw new Problem('bad-data', 'the vectors of the model are not all finite numbers', { where: 'model' });
      let decrease = 0;
      for (let k = 0; k < width; k++) decrease += step[k]! * gradient[k]!;
      if (!(decrease > 1e-10 * (1 + Math.abs(value)))) break;
      let length = 1;
      let next = p;
      for (;;) {
        next = p.map((entry, k) => entry - length * step[k]!);
        const reached = objective(next);
        if (reached <= value - 1e-4 * length * decrease || length < 1e-9) {
          value = reached;
          break;
        }
        length /= 2;
      }
      p = next;
    }
    return p;
  };
}

/**
 * What propagation over the graph gives a new user: p = a sum over liked i of q_i / sqrt(|liked| n_i), n_i being the train rows
 * of item i. Where items' vectors are averages over layers this is the sum that a layer computes of them; the factor a makes the
 * same sums for the trained users fit their own vectors in least squares.
 */
export function propagatedVectors(
  { width, users, items }: Frozen,
  { start, item }: { readonly start: Uint32Array; readonly item: Uint32Array },
) {
  const rows = new Float64Array(items.length / width);
  for (const i of item) rows[i]!++;
  const summed = (liked: Uint32Array) => {
    const p = new Float64Array(width);
    for (const i of liked) {
      const factor = 1 / Math.sqrt(liked.length * Math.max(1, rows[i]!));
      for (let k = 0; k < width; k++) p[k]! += factor * items[i * width + k]!;
    }
    return p;
  };
  let [fit, square] = [0, 0];
  for (let u = 0; u + 1 < start.length; u++) {
    if (start[u] === start[u + 1]) continue;
    const p = summed(item.subarray(start[u]!, start[u + 1]!));
    for (let k = 0; k < width; k++) {
      fit += p[k]! * users[u * width + k]!;
      square += p[k]! * p[k]!;
    }
  }
  const factor = square > 0 && fit > 0 ? fit / square : 1;
  return (liked: Uint32Array): Float64Array => summed(liked).map((entry) => factor * entry);
}

/** Every item, or so many of them at equal distances. */
const spread = (count: number, most: number): readonly number[] =>
  Array.from({ length: Math.min(count, most) }, (_, n) => Math.floor((n * count) / Math.min(count, most)));

function momentsOf(rows: Float32Array, width: number) {
  const count = Math.max(1, rows.length / width);
  const mean = new Float64Array(width);
  const variance = new Float64Array(width);
  for (let at = 0; at < rows.length; at++) mean[at % width]! += rows[at]! / count;
  for (let at = 0; at < rows.length; at++) variance[at % width]! += (rows[at]! - mean[at % width]!) ** 2 / count;
  // an entry in which all users agree stays nearly where it is
  return { mean, variance: variance.map((value) => Math.max(value, 1e-8)) };
}
