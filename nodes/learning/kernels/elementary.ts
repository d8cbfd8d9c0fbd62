/**
 * exp and log made of additions and multiplications alone, so that no result depends on a JavaScript engine's own library.
 * Relative error below 1e-9, which is far under the rounding of 32-bit storage.
 */

const powersOfTwo = new Float64Array(2200);
for (let i = 0, p = 2 ** -1074; i < 2200 && Number.isFinite(p); i++, p *= 2) powersOfTwo[i] = p;
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;

/** e^x; 0 below -708, and clamped at e^709 above. NaN stays NaN. */
export function exp(x: number): number {
  if (!(x > -708)) return Number.isNaN(x) ? x : 0;
  if (x > 709) x = 709;
  const n = Math.floor(x * Math.LOG2E + 0.5);
  const r = x - n * ln2High - n * ln2Low;
  const tail =
    0.041666666666666664 +
    r *
      (0.008333333333333333 +
        r *
          (0.001388888888888889 + r * (1.984126984126984e-4 + r * (2.48015873015873e-5 + r * 2.7557319223985893e-6))));
  return (1 + r * (1 + r * (0.5 + r * (0.16666666666666666 + r * tail)))) * (powersOfTwo[n + 1074] as number);
}

const word = new Float64Array(1);
const halves = new Uint32Array(word.buffer);
const high = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0; // little-endian machines keep the exponent in the second half

/** Natural logarithm; -Infinity at 0, NaN below. Subnormal numbers count as 0. */
export function log(x: number): number {
  if (!(x >= 2.2250738585072014e-308)) return x >= 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  word[0] = x;
  const bits = halves[high] as number;
  let exponent = (bits >>> 20) - 1023;
  halves[high] = (bits & 0xfffff) | 0x3ff00000;
  let m = word[0] as number; // in [1, 2)
  if (m > Math.SQRT2) {
    m *= 0.5;
    exponent++;
  }
  const s = (m - 1) / (m + 1);
  const t = s * s;
  const series =
    t *
    (0.3333333333333333 +
      t *
        (0.2 +
          t * (0.14285714285714285 + t * (0.1111111111111111 + t * (0.09090909090909091 + t * 0.07692307692307693)))));
  return exponent * ln2High + (2 * s * (1 + series) + exponent * ln2Low);
}

/** 1 / (1 + e^-x), without overflow on either side. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + exp(-x));
  const e = exp(x);
  return e / (1 + e);
}

/** log(1 + e^x), without overflow, and exact to rounding for very negative x. */
export function softplus(x: number): number {
  const e = exp(x >= 0 ? -x : x);
  const tail = e < 1e-5 ? e * (1 - e * 0.5) : log(1 + e);
  return x >= 0 ? x + tail : tail;
}

/** (e^x - e^-x) / (e^x + e^-x); a series where the quotient would cancel. */
export function tanh(x: number): number {
  const t = x * x;
  if (t < 0.01)
    return (
      x *
      (1 +
        t * (-0.3333333333333333 + t * (0.13333333333333333 + t * (-0.05396825396825397 + t * 0.021869488536155203))))
    );
  const e = exp(x >= 0 ? -2 * x : 2 * x);
  const size = (1 - e) / (1 + e);
  return x >= 0 ? size : -size;
}
