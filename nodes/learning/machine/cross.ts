/**
 * A mean over all pairs of gates and scores of a batch, (1/B^2) sum_a sum_b softplus(sign g_a s_b), in O(nodes B) instead of
 * O(B^2). For fixed scores the inner sum is a smooth function of the gate; it is computed at Chebyshev nodes between the smallest
 * and the largest gate and interpolated, and so is its slope. The slope in a score needs no more than how much each node weighs:
 * W_k = sum_a l_k(g_a), with the Lagrange polynomials l_k.
 *
 * In the gate the sum is analytic up to +-i pi / max|s|. From the smallest ellipse around the interval that reaches there follows
 * how many nodes make the error about e^-17 relative: fewer than 40 for scores in -32 .. 20 whatever the gates, and 8 to 16 in the
 * middle of training. At most 256 are taken, which is enough for gates anywhere and scores up to 1000.
 */
import type { Kernels } from '../kernels/kernels.ts';
import type { Layout, Memory } from './memory.ts';

const [fewestNodes, mostNodes] = [4, 256];

/** Positions of what a `cross` computes beside its value. */
export interface CrossRoom {
  readonly size: number;
  /** d(mean)/d(gate) and d(mean)/d(score) of each row. */
  readonly gates: number;
  readonly scores: number;
  /** One number a node: sign x node, its weight, values, slopes, moments. */
  readonly factors: number;
  readonly weights: number;
  readonly values: number;
  readonly slopes: number;
  readonly moments: number;
}

export function crossRoom(size: number, layout: Layout): CrossRoom {
  const [gates, scores] = [layout.takeFloats(size), layout.takeFloats(size)];
  const [factors, weights, values, slopes, moments] = Array.from({ length: 5 }, () => layout.takeFloats(mostNodes)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return { size, gates, scores, factors, weights, values, slopes, moments };
}

/** @returns what computes the mean, and leaves its slopes in the room */
export function crossOperation(
  room: CrossRoom,
  gate: number,
  score: number,
  sign: 1 | -1,
  kernels: Kernels,
  { floats }: Memory,
): () => number {
  const { size, gates, scores, factors, weights, values, slopes, moments } = room;
  const pairs = size * size;
  return () => {
    kernels.affine(gate, -1, 0, gates, size);
    kernels.affine(score, -1, 0, scores, size);
    const [low, high] = [-kernels.max(gates, size), kernels.max(gate, size)];
    const steepest = Math.max(kernels.max(score, size), kernels.max(scores, size));
    const [center, half] = [(low + high) / 2, (high - low) / 2];
    const count = nodesFor(center, half, steepest);
    const scale = half > 0 ? 1 / half : 0;
    const basis = basisOf(count);
    kernels.chebyshevMoments(gate, size, center, scale, count, moments);
    for (let k = 0; k < count; k++) {
      let weight = 0;
      for (let j = 0; j < count; j++)
        weight += (floats[moments + j] as number) * norm(j, count) * basis[j * count + k]!;
      const node = center + half * basis[count + k]!;
      floats[factors + k] = sign * node;
      floats[weights + k] = (weight * sign * node) / pairs;
      nodeWeights[k] = weight;
    }
    kernels.softplusSums(score, size, factors, weights, count, values, slopes, scores);
    let total = 0;
    for (let k = 0; k < count; k++) total += nodeWeights[k]! * (floats[values + k] as number);
    // the moments have served; their place takes the coefficients of the slope in the gate
    for (let j = 0; j < count; j++) {
      let sum = 0;
      for (let k = 0; k < count; k++) sum += (floats[slopes + k] as number) * basis[j * count + k]!;
      floats[moments + j] = (sign * sum * norm(j, count)) / pairs;
    }
    kernels.chebyshevSums(gate, size, center, scale, moments, count, gates);
    return total / pairs;
  };
}
const nodeWeights = new Float64Array(mostNodes);
const norm = (j: number, count: number): number => (j === 0 ? 1 : 2) / count;

/** How many nodes an interval around `center` asks for, where the nearest singularities are +-i pi / steepest. */
function nodesFor(center: number, half: number, steepest: number): number {
  if (!(half > 0 && steepest > 0)) return fewestNodes;
  const [real, imaginary] = [center / half, Math.PI / (steepest * half)];
  const axis = (Math.hypot(real - 1, imaginary) + Math.hypot(real + 1, imaginary)) / 2;
  const wanted = Math.ceil(17 / Math.log(axis + Math.sqrt(axis * axis - 1)));
  return Math.min(mostNodes, Math.max(fewestNodes, wanted));
}

const bases = new Map<number, Float64Array>();
/** T_j at the k-th node, at [j count + k]; row 1 holds the nodes themselves. */
function basisOf(count: number): Float64Array {
  let basis = bases.get(count);
  if (basis === undefined) {
    basis = Float64Array.from({ length: count * count }, (_, at) => {
      const [j, k] = [Math.floor(at / count), at % count];
      return Math.cos((j * (2 * k + 1) * Math.PI) / (2 * count));
    });
    bases.set(count, basis);
  }
  return basis;
}
