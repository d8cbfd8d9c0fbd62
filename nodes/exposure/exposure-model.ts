/** The parameters of ExpoMF and their closed-form updates, on the engine's kernels. */
import { Problem } from '../../core/index.ts';
import { groupBy, type Random } from '../../core/numeric/index.ts';
import type { NumericEngine } from '../learning/kernels/numeric.ts';
import { Layout, strideOf } from '../learning/machine/memory.ts';
import type { Shape } from '../ports.ts';
import { solvePositiveDefinite } from '../statistics/positive-definite.ts';

interface Settings {
  readonly width: number;
  readonly mu: number;
  readonly lambdaY: number;
  readonly lambda: number;
  readonly a: number;
  readonly b: number;
  readonly sd: number;
}
interface Clicks {
  readonly user: Uint32Array;
  readonly item: Uint32Array;
}

/** Entries of p that are made at once: well under a millisecond. */
const atOnce = 4096;

export function exposureModel(
  clicks: Clicks,
  { users, items }: Shape,
  { width, mu: firstMu, lambdaY, lambda, a, b, sd }: Settings,
  random: Random,
  numeric: NumericEngine,
) {
  const layout = new Layout();
  const stride = strideOf(width);
  const longest = Math.max(users, items);
  const theta = layout.takeFloats(users * stride);
  const beta = layout.takeFloats(items * stride);
  const mu = layout.takeFloats(items);
  const unseen = layout.takeFloats(items);
  const all = layout.takeIds(longest);
  const one = layout.takeIds(longest);
  const [score, p, normal] = [layout.takeFloats(longest), layout.takeFloats(longest), layout.takeFloats(longest)];
  const gram = layout.takeFloats(width * stride);
  const arena = numeric.arena(layout.bytes);
  const memory = layout.build(arena.buffer);
  const kernels = arena.kernels(memory);
  const { floats, ids } = memory;
  const fill = (table: string, at: number, rows: number) => {
    const draws = random.for(`init/${table}`);
    for (let r = 0; r < rows; r++) for (let k = 0; k < width; k++) floats[at + r * stride + k] = sd * draws.normal();
  };
  fill('theta', theta, users);
  fill('beta', beta, items);
  for (let r = 0; r < longest; r++) ids[all + r] = r;
  const setMu = (i: number, value: number) => {
    floats[mu + i] = value;
    floats[unseen + i] = 1 - (floats[mu + i] as number);
  };
  for (let i = 0; i < items; i++) setMu(i, firstMu);

  const density = Math.sqrt(lambdaY / (2 * Math.PI));
  const ofUser = { ...groupBy(clicks.user, users), other: clicks.item };
  const ofItem = { ...groupBy(clicks.item, items), other: clicks.user };
  const matrix = new Float64Array(width * width);
  const right = new Float64Array(width);

  /**
   * Writes to `p` how likely the pairs of row `id` with all rows of the other side were seen, clicks apart: there it is 1. `normal`
   * then holds the density of no click.
   */
  function expect(side: 'user' | 'item', id: number): number {
    const [mine, others, count] = side === 'user' ? [theta, beta, items] : [beta, theta, users];
    for (let from = 0; from < count; from += atOnce) {
      const n = Math.min(atOnce, count - from);
      ids.fill(id, one, one + n);
      kernels.gatherDot(mine, one, others, all + from, stride, score + from, n);
      kernels.mul(score + from, score + from, normal + from, n);
      kernels.affine(normal + from, -lambdaY / 2, 0, normal + from, n);
      kernels.exp(normal + from, normal + from, n);
      kernels.affine(normal + from, density, 0, normal + from, n);
      if (side === 'user') {
        kernels.mul(normal + from, mu + from, normal + from, n);
        kernels.add(normal + from, unseen + from, p + from, n);
      } else {
        kernels.affine(normal + from, floats[mu + id] as number, 0, normal + from, n);
        kernels.affine(normal + from, 1, floats[unseen + id] as number, p + from, n);
      }
      kernels.div(normal + from, p + from, p + from, n);
    }
    const { start, rows, other } = side === 'user' ? ofUser : ofItem;
    for (let at = start[id]!; at < start[id + 1]!; at++) floats[p + other[rows[at]!]!] = 1;
    return count;
  }

  function update(side: 'user' | 'item', alive: () => void): void {
    const [mine, others, rowsOfSide] = side === 'user' ? [theta, beta, users] : [beta, theta, items];
    const { start, rows, other } = side === 'user' ? ofUser : ofItem;
    for (let id = 0; id < rowsOfSide; id++) {
      if ((id & 127) === 0) alive();
      const count = expect(side, id);
      matrix.fill(0);
      for (let from = 0; from < count; from += atOnce) {
        const n = Math.min(atOnce, count - from);
        kernels.crossGram(others, width, stride, others, stride, all + from, p + from, gram, n);
        for (let j = 0; j < width; j++)
          for (let k = 0; k < width; k++)
            matrix[j * width + k] = matrix[j * width + k]! + lambdaY * (floats[gram + j * stride + k] as number);
      }
      for (let j = 0; j < width; j++) matrix[j * width + j] = matrix[j * width + j]! + lambda;
      right.fill(0);
      for (let at = start[id]!; at < start[id + 1]!; at++) {
        const row = others + other[rows[at]!]! * stride;
        for (let k = 0; k < width; k++) right[k] = right[k]! + lambdaY * (floats[row + k] as number);
      }
      const next = solvePositiveDefinite(matrix, right);
      if (next === undefined)
        throw new Problem('step-failed', `the vector of ${side} ${id} has no solution: numbers are no longer finite`, {
          hint: 'choose a larger `lambda`, or a smaller `sd`',
        });
      for (let k = 0; k < width; k++) floats[mine + id * stride + k] = next[k] as number;
    }
  }

  return {
    updateUsers: (alive: () => void) => update('user', alive),
    updateItems: (alive: () => void) => update('item', alive),
    /** @returns the log posterior of the parameters as they were before mu moved */
    updateExposure(alive: () => void): number {
      let posterior = (-lambda / 2) * (squares(theta, users) + squares(beta, items));
      for (let i = 0; i < items; i++) {
        if ((i & 127) === 0) alive();
        const count = expect('item', i);
        const before = floats[mu + i] as number;
        posterior += (a - 1) * Math.log(before) + (b - 1) * Math.log(1 - before);
        // log(mu f + 1 - mu) of all pairs, and for clicks what they say instead
        kernels.affine(normal, 1, floats[unseen + i] as number, normal, count);
        kernels.log(normal, 0, score, count);
        posterior += kernels.sum(score, count);
        const { start, rows, other } = ofItem;
        for (let at = start[i]!; at < start[i + 1]!; at++) {
          const user = other[rows[at]!]!;
          const z = dot(theta + user * stride, beta + i * stride);
          posterior += Math.log(before * density) - (lambdaY / 2) * (1 - z) ** 2 - (floats[score + user] as number);
        }
        setMu(i, (a + kernels.sum(p, count) - 1) / (a + b + count - 2));
      }
      return posterior;
    },
    /** @param saved values of `tensors`, each of its length */
    goOn(saved: Readonly<Record<'theta' | 'beta' | 'mu', ArrayLike<number>>>): void {
      for (const [from, to, rows] of [
        [saved.theta, theta, users],
        [saved.beta, beta, items],
      ] as const)
        for (let r = 0; r < rows; r++)
          for (let k = 0; k < width; k++) floats[to + r * stride + k] = from[r * width + k] as number;
      for (let i = 0; i < items; i++) setMu(i, saved.mu[i] as number);
    },
    tensors: () => ({
      theta: table(theta, users, width, stride),
      beta: table(beta, items, width, stride),
      mu: table(mu, items, 1, 1),
    }),
  };

  function squares(at: number, rows: number): number {
    return kernels.sumSquares(at, rows * stride);
  }
  function dot(x: number, y: number): number {
    let sum = 0;
    for (let k = 0; k < width; k++) sum += (floats[x + k] as number) * (floats[y + k] as number);
    return sum;
  }
  function table(at: number, rows: number, wide: number, step: number) {
    const data = Float32Array.from({ length: rows * wide }, (_, n) => {
      return floats[at + Math.floor(n / wide) * step + (n % wide)] as number;
    });
    return { shape: [rows, wide], data };
  }
}
