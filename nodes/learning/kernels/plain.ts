/** The kernels in plain TypeScript: the oracle of every other implementation, and what runs where there is none. */
import type { Memory } from '../machine/memory.ts';
import * as elementary from './elementary.ts';
import { adamEps, beta1, beta2, type Kernels } from './kernels.ts';

export function plainKernels({ floats, ids }: Memory): Kernels {
  const f = floats as Float32Array; // 64-bit floats run through the same code when gradients are checked
  const u = ids;
  // local names: some loaders turn an import into a call, which an inner loop would feel
  const { exp, log, sigmoid, softplus, tanh } = elementary;
  const [b1, c1, b2, c2, eps] = [beta1, 1 - beta1, beta2, 1 - beta2, adamEps];
  return {
    fill(out, n, value) {
      for (let i = 0; i < n; i++) f[out + i] = value;
    },
    affine(a, scale, shift, out, n) {
      for (let i = 0; i < n; i++) f[out + i] = scale * f[a + i]! + shift;
    },
    add(a, b, out, n) {
      for (let i = 0; i < n; i++) f[out + i] = f[a + i]! + f[b + i]!;
    },
    sub(a, b, out, n) {
      for (let i = 0; i < n; i++) f[out + i] = f[a + i]! - f[b + i]!;
    },
    mul(a, b, out, n) {
      for (let i = 0; i < n; i++) f[out + i] = f[a + i]! * f[b + i]!;
    },
    div(a, b, out, n) {
      for (let i = 0; i < n; i++) f[out + i] = f[a + i]! / f[b + i]!;
    },
    under(a, value, out, n) {
      for (let i = 0; i < n; i++) f[out + i] = value / f[a + i]!;
    },
    exp(a, out, n) {
      for (let i = 0; i < n; i++) f[out + i] = exp(f[a + i]!);
    },
    log(a, shift, out, n) {
      for (let i = 0; i < n; i++) f[out + i] = log(f[a + i]! + shift);
    },
    sigmoid(a, out, n) {
      for (let i = 0; i < n; i++) f[out + i] = sigmoid(f[a + i]!);
    },
    softplus(a, out, n) {
      for (let i = 0; i < n; i++) f[out + i] = softplus(f[a + i]!);
    },
    tanh(a, out, n) {
      for (let i = 0; i < n; i++) f[out + i] = tanh(f[a + i]!);
    },
    clip(a, low, high, out, n) {
      for (let i = 0; i < n; i++) {
        const x = f[a + i]!;
        f[out + i] = x < low ? low : x > high ? high : x;
      }
    },
    inside(a, low, high, out, n) {
      for (let i = 0; i < n; i++) {
        const x = f[a + i]!;
        f[out + i] = x >= low && x <= high ? 1 : 0;
      }
    },
    where(condition, yes, no, out, n) {
      for (let i = 0; i < n; i++) f[out + i] = f[condition + i] !== 0 ? f[yes + i]! : f[no + i]!;
    },
    chebyshevMoments(a, n, center, scale, count, out) {
      const totals = new Float64Array(count);
      for (let r = 0; r < n; r++) {
        const x = Math.min(1, Math.max(-1, (f[a + r]! - center) * scale));
        let [before, now] = [1, x];
        for (let j = 0; j < count; j++) {
          totals[j] = totals[j]! + before;
          const next = 2 * x * now - before;
          before = now;
          now = next;
        }
      }
      for (let j = 0; j < count; j++) f[out + j] = totals[j]!;
    },
    chebyshevSums(a, n, center, scale, coefficients, count, out) {
      for (let r = 0; r < n; r++) {
        const x = Math.min(1, Math.max(-1, (f[a + r]! - center) * scale));
        let [one, two] = [0, 0];
        for (let j = count - 1; j > 0; j--) {
          const held = one;
          one = 2 * x * one - two + f[coefficients + j]!;
          two = held;
        }
        f[out + r] = x * one - two + f[coefficients]!;
      }
    },
    softplusSums(a, n, factors, weights, count, values, slopes, out) {
      for (let r = 0; r < n; r++) f[out + r] = 0;
      for (let k = 0; k < count; k++) {
        const factor = f[factors + k]!;
        const weight = f[weights + k]!;
        let [value, slope] = [0, 0];
        for (let r = 0; r < n; r++) {
          const s = f[a + r]!;
          const share = sigmoid(factor * s);
          value += softplus(factor * s);
          slope += s * share;
          f[out + r] = f[out + r]! + weight * share;
        }
        f[values + k] = value;
        f[slopes + k] = slope;
      }
    },
    sum(a, n) {
      let total = 0;
      for (let i = 0; i < n; i++) total += f[a + i]!;
      return total;
    },
    max(a, n) {
      let most = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < n; i++) if (f[a + i]! > most) most = f[a + i]!;
      return most;
    },

    gatherDot(a, aIds, b, bIds, stride, out, n) {
      for (let r = 0; r < n; r++) {
        const at = a + u[aIds + r]! * stride;
        const bt = b + u[bIds + r]! * stride;
        let dot = 0;
        for (let k = 0; k < stride; k++) dot += f[at + k]! * f[bt + k]!;
        f[out + r] = dot;
      }
    },
    scatterDot(a, ga, aIds, b, gb, bIds, stride, d, n) {
      for (let r = 0; r < n; r++) {
        const x = f[d + r]!;
        if (x === 0) continue;
        const i = u[aIds + r]! * stride;
        const j = u[bIds + r]! * stride;
        if (ga >= 0) for (let k = 0; k < stride; k++) f[ga + i + k] = f[ga + i + k]! + x * f[b + j + k]!;
        if (gb >= 0) for (let k = 0; k < stride; k++) f[gb + j + k] = f[gb + j + k]! + x * f[a + i + k]!;
      }
    },
    gather(a, aIds, stride, out, n) {
      for (let r = 0; r < n; r++) f[out + r] = f[a + u[aIds + r]! * stride]!;
    },
    scatter(ga, aIds, stride, d, n) {
      for (let r = 0; r < n; r++) {
        const at = ga + u[aIds + r]! * stride;
        f[at] = f[at]! + f[d + r]!;
      }
    },
    gatherRows(a, at, width, stride, out, outStride, n) {
      for (let r = 0; r < n; r++) {
        const from = a + u[at + r]! * stride;
        const to = out + r * outStride;
        for (let k = 0; k < width; k++) f[to + k] = f[from + k]!;
      }
    },
    scatterRows(ga, at, width, stride, d, dStride, n) {
      for (let r = 0; r < n; r++) {
        const to = ga + u[at + r]! * stride;
        const from = d + r * dStride;
        for (let k = 0; k < width; k++) f[to + k] = f[to + k]! + f[from + k]!;
      }
    },
    dense(x, w, stride, bias, outputs, relu, y, yStride, n) {
      for (let r = 0; r < n; r++)
        for (let j = 0; j < outputs; j++) {
          const row = x + r * stride;
          const column = w + j * stride;
          let dot = bias < 0 ? 0 : f[bias + j]!;
          for (let k = 0; k < stride; k++) dot += f[row + k]! * f[column + k]!;
          f[y + r * yStride + j] = relu && dot < 0 ? 0 : dot;
        }
    },
    denseBack(x, gx, w, gw, stride, gBias, outputs, y, d, dStride, n) {
      for (let r = 0; r < n; r++) {
        const row = r * stride;
        for (let k = 0; k < stride; k++) f[gx + row + k] = 0;
        for (let j = 0; j < outputs; j++) {
          const slope = f[d + r * dStride + j]!;
          if (slope === 0 || (y >= 0 && f[y + r * dStride + j]! <= 0)) continue;
          const column = j * stride;
          for (let k = 0; k < stride; k++) f[gx + row + k] = f[gx + row + k]! + slope * f[w + column + k]!;
          if (gw >= 0)
            for (let k = 0; k < stride; k++) f[gw + column + k] = f[gw + column + k]! + slope * f[x + row + k]!;
          if (gBias >= 0) f[gBias + j] = f[gBias + j]! + slope;
        }
      }
    },
    tally(at, n, slots, list, counts, have) {
      for (let r = 0; r < n; r++) {
        const id = u[at + r]!;
        const place = u[slots + id]!;
        if (place !== 0) f[counts + place - 1] = f[counts + place - 1]! + 1;
        else {
          u[list + have] = id;
          f[counts + have] = 1;
          u[slots + id] = ++have;
        }
      }
      return have;
    },
    untally(slots, list, n) {
      for (let r = 0; r < n; r++) u[slots + u[list + r]!] = 0;
    },
    crossGram(a, wa, strideA, b, strideB, at, counts, c, n) {
      for (let i = 0; i < wa * strideB; i++) f[c + i] = 0;
      for (let r = 0; r < n; r++) {
        const id = u[at + r]!;
        const x = a + id * strideA;
        const y = b + id * strideB;
        for (let i = 0; i < wa; i++) {
          const xi = f[counts + r]! * f[x + i]!;
          const row = c + i * strideB;
          for (let j = 0; j < strideB; j++) f[row + j] = f[row + j]! + xi * f[y + j]!;
        }
      }
    },
    scatterCrossGram(a, ga, wa, strideA, b, gb, strideB, at, counts, c, scale, n) {
      for (let r = 0; r < n; r++) {
        const id = u[at + r]!;
        const share = scale * f[counts + r]!;
        const x = id * strideA;
        const y = id * strideB;
        for (let i = 0; i < wa; i++) {
          const row = c + i * strideB;
          const xi = share * f[a + x + i]!;
          let dot = 0;
          for (let j = 0; j < strideB; j++) {
            const cij = f[row + j]!;
            dot += cij * f[b + y + j]!;
            if (gb >= 0) f[gb + y + j] = f[gb + y + j]! + cij * xi;
          }
          if (ga >= 0) f[ga + x + i] = f[ga + x + i]! + share * dot;
        }
      }
    },
    sparse(starts, columns, values, x, base, out, stride, scale, adds, from, n) {
      for (let r = from; r < from + n; r++)
        for (let k = 0; k < stride; k++) {
          let total = base < 0 ? 0 : f[base + r * stride + k]!;
          for (let j = u[starts + r]!; j < u[starts + r + 1]!; j++)
            total += f[values + j]! * f[x + u[columns + j]! * stride + k]!;
          const to = out + r * stride + k;
          f[to] = (adds ? f[to]! : 0) + scale * total;
        }
    },
    sparseAt(starts, columns, values, x, base, out, stride, scale, at, n) {
      for (let i = 0; i < n; i++)
        this.sparse(starts, columns, values, x, base, out, stride, scale, false, u[at + i]!, 1);
    },
    sparseBack(starts, columns, values, x, out, stride, scale, at, n) {
      for (let i = 0; i < n; i++) this.sparseBackRows(starts, columns, values, x, out, stride, scale, u[at + i]!, 1);
    },
    sparseBackRows(starts, columns, values, x, out, stride, scale, from, n) {
      for (let r = from; r < from + n; r++)
        for (let j = u[starts + r]!; j < u[starts + r + 1]!; j++) {
          const to = out + u[columns + j]! * stride;
          const share = scale * f[values + j]!;
          for (let k = 0; k < stride; k++) f[to + k] = f[to + k]! + share * f[x + r * stride + k]!;
        }
    },
    copy(a, out, n) {
      f.copyWithin(out, a, a + n);
    },
    addRowsAt(a, out, stride, scale, at, n) {
      for (let i = 0; i < n; i++) {
        const r = u[at + i]! * stride;
        for (let k = 0; k < stride; k++) f[out + r + k] = f[out + r + k]! + scale * f[a + r + k]!;
      }
    },
    clearRowsAt(a, stride, at, n) {
      for (let i = 0; i < n; i++) {
        const r = a + u[at + i]! * stride;
        f.fill(0, r, r + stride);
      }
    },
    sumSquaresAt(a, stride, at, counts, n) {
      let total = 0;
      for (let r = 0; r < n; r++) {
        const x = a + u[at + r]! * stride;
        for (let k = 0; k < stride; k++) total += f[counts + r]! * f[x + k]! * f[x + k]!;
      }
      return total;
    },
    scatterSquares(a, ga, stride, at, counts, scale, n) {
      for (let r = 0; r < n; r++) {
        const x = u[at + r]! * stride;
        for (let k = 0; k < stride; k++) f[ga + x + k] = f[ga + x + k]! + scale * f[counts + r]! * f[a + x + k]!;
      }
    },
    sumSquares(a, n) {
      let total = 0;
      for (let i = 0; i < n; i++) total += f[a + i]! * f[a + i]!;
      return total;
    },

    adam(p, g, m, v, n, l2, step, rootCorrection, last) {
      const inverse = 1 / rootCorrection;
      for (let i = 0; i < n; i++) {
        const old = f[p + i]!;
        const grad = f[g + i]! + l2 * old;
        const first = b1 * f[m + i]! + c1 * grad;
        const second = b2 * f[v + i]! + c2 * grad * grad;
        f[m + i] = first;
        f[v + i] = second;
        f[p + i] = old - (step * first) / (Math.sqrt(second) * inverse + eps);
      }
      if (last) f.fill(0, g, g + n);
    },
    adamRows(p, g, m, v, stride, at, n, l2, step, rootCorrection, last) {
      for (let r = 0; r < n; r++) {
        const row = u[at + r]! * stride;
        this.adam(p + row, g + row, m + row, v + row, stride, l2, step, rootCorrection, last);
      }
    },
    sgd(p, g, m, n, l2, rate, momentum, last) {
      for (let i = 0; i < n; i++) {
        const velocity = momentum * f[m + i]! + f[g + i]! + l2 * f[p + i]!;
        f[m + i] = velocity;
        f[p + i] = f[p + i]! - rate * velocity;
      }
      if (last) f.fill(0, g, g + n);
    },

    // sketches are for speed alone
    sketchUsers() {},
    sketchItems() {},
    rankDots(users, _u, stride, n, items, _i, _n, from, to, shift, scale, known, cursors, ends, best, bestIds, top) {
      for (let r = 0; r < n; r++) {
        const leftOut = known < 0 ? undefined : knownItems(known, cursors + r, u[ends + r]!);
        for (let i = from; i < to; i++) {
          let score = 0;
          for (let k = 0; k < stride; k++) score += f[users + r * stride + k]! * f[items + i * stride + k]!;
          if (shift >= 0) score += f[shift + i]!;
          if (scale >= 0) score *= f[scale + i]!;
          if (leftOut?.(i)) continue;
          if (!placed(Math.fround(score), i, best + r * top, bestIds + r * top, top)) return false;
        }
      }
      return true;
    },
    rankScores(scores, stride, n, from, to, known, cursors, ends, best, bestIds, top) {
      for (let r = 0; r < n; r++) {
        const mine = scores + r * stride - from;
        const leftOut = known < 0 ? undefined : knownItems(known, cursors + r, u[ends + r]!);
        for (let i = from; i < to; i++) {
          if (leftOut?.(i)) f[mine + i] = Number.NEGATIVE_INFINITY;
          if (!placed(f[mine + i]!, i, best + r * top, bestIds + r * top, top)) return false;
        }
      }
      return true;
    },
  };

  /** Whether an item is in a list that ascends, asked in ascending order; the cursor stays at the first one not yet passed. */
  function knownItems(known: number, cursor: number, end: number) {
    return (item: number): boolean => {
      while (u[cursor]! < end && u[known + u[cursor]!]! < item) u[cursor]!++;
      return u[cursor]! < end && u[known + u[cursor]!] === item;
    };
  }
  /** Puts a score into a descending list if it is above the last one, behind equal ones. @returns whether it is a number */
  function placed(score: number, item: number, list: number, items: number, top: number): boolean {
    if (Number.isNaN(score)) return false;
    if (score <= f[list + top - 1]!) return true;
    let place = top - 1;
    for (; place > 0 && f[list + place - 1]! < score; place--) {
      f[list + place] = f[list + place - 1]!;
      u[items + place] = u[items + place - 1]!;
    }
    f[list + place] = score;
    u[items + place] = item;
    return true;
  }
}
