/**
 * Elementary functions on four lanes, made of additions, multiplications and divisions alone. The polynomials interpolate at
 * Chebyshev nodes; their own error is below a quarter of the last place, the rest is rounding: at most 2 units in the last
 * place for exp and log, 3 for sigmoid, softplus and tanh.
 */
// @ts-nocheck
import { madd } from './_lanes';

const log2e: f32 = 1.44269504;
/** ln 2 in two parts; the first has few enough bits that its product with an exponent is exact. */
const ln2High: f32 = 0.693359375;
const ln2Low: f32 = -2.12194440e-4;
const infinity: f32 = Infinity;

/** 2^n for n in [-126, 127]. */
@inline function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** e^x: infinite from 88.73 on, subnormal below -87.34, 0 below -104; NaN stays NaN. */
@inline export function exp4(x: v128): v128 {
  const clamped = f32x4.max(f32x4.min(x, f32x4.splat(89)), f32x4.splat(-105));
  const n = f32x4.nearest(f32x4.mul(clamped, f32x4.splat(log2e)));
  const r = madd(n, f32x4.splat(-ln2Low), madd(n, f32x4.splat(-ln2High), clamped));
  let p = madd(f32x4.splat(0.0013926181809984129), r, f32x4.splat(0.0083631776300044));
  p = madd(p, r, f32x4.splat(0.04166655462788133));
  p = madd(p, r, f32x4.splat(0.1666657699824281));
  p = madd(p, r, f32x4.splat(0.5));
  const e = f32x4.add(madd(f32x4.mul(p, r), r, r), f32x4.splat(1));
  // two factors, since one alone would overflow or lose a subnormal result
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  return f32x4.mul(f32x4.mul(e, powerOfTwo(half)), powerOfTwo(i32x4.sub(whole, half)));
}

/** e^x for x <= 0 that is never below 2^-126, with one factor only; for where 1 is added to it. */
@inline function decay4(x: v128): v128 {
  const clamped = f32x4.max(x, f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(clamped, f32x4.splat(log2e)));
  const r = madd(n, f32x4.splat(-ln2Low), madd(n, f32x4.splat(-ln2High), clamped));
  let p = madd(f32x4.splat(0.0013926181809984129), r, f32x4.splat(0.0083631776300044));
  p = madd(p, r, f32x4.splat(0.04166655462788133));
  p = madd(p, r, f32x4.splat(0.1666657699824281));
  p = madd(p, r, f32x4.splat(0.5));
  const e = f32x4.add(madd(f32x4.mul(p, r), r, r), f32x4.splat(1));
  return f32x4.mul(e, powerOfTwo(i32x4.trunc_sat_f32x4_s(n)));
}

/** Natural logarithm; -Infinity at 0, NaN below, subnormal arguments included. */
@inline export function log4(x: v128): v128 {
  const small = f32x4.lt(x, f32x4.splat(1.17549435e-38));
  const scaled = v128.bitselect(f32x4.mul(x, f32x4.splat(33554432)), x, small);
  // the mantissa in [sqrt(1/2), sqrt(2)): its exponent is that of x / sqrt(1/2)
  const offset = i32x4.splat(0x3f3504f3);
  const bits = i32x4.sub(scaled, offset);
  const exponent = i32x4.sub(i32x4.shr_s(bits, 23), v128.and(small, i32x4.splat(25)));
  const m = i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), offset);
  const e = f32x4.convert_i32x4_s(exponent);
  const f = f32x4.sub(m, f32x4.splat(1));
  const s = f32x4.div(f, f32x4.add(f, f32x4.splat(2)));
  const t = f32x4.mul(s, s);
  let p = madd(f32x4.splat(0.2958215894677298), t, f32x4.splat(0.3998873183116407));
  p = f32x4.mul(madd(p, t, f32x4.splat(0.6666668515877068)), t);
  // log(1 + f) = f - f^2/2 + s (f^2/2 + series): what is rounded most is smallest
  const half = f32x4.mul(f32x4.mul(f, f), f32x4.splat(0.5));
  const tail = madd(s, f32x4.add(half, p), f32x4.mul(e, f32x4.splat(ln2Low)));
  const value = f32x4.add(f32x4.mul(e, f32x4.splat(ln2High)), f32x4.sub(f, f32x4.sub(half, tail)));
  const zero = f32x4.eq(x, f32x4.splat(0));
  const unusual = v128.or(f32x4.eq(x, f32x4.splat(infinity)), f32x4.ne(x, x));
  let result = v128.bitselect(f32x4.splat(-infinity), value, zero);
  result = v128.bitselect(f32x4.splat(NaN), result, f32x4.lt(x, f32x4.splat(0)));
  return v128.bitselect(x, result, unusual);
}

/** 1 / (1 + e^-x), exact to rounding on both sides. */
@inline export function sigmoid4(x: v128): v128 {
  const e = exp4(f32x4.neg(f32x4.abs(x)));
  const positive = f32x4.ge(x, f32x4.splat(0));
  return f32x4.div(v128.bitselect(f32x4.splat(1), e, positive), f32x4.add(e, f32x4.splat(1)));
}

/** log(1 + e^x), exact to rounding for very negative x as well. */
@inline export function softplus4(x: v128): v128 {
  const e = exp4(f32x4.neg(f32x4.abs(x)));
  // log(1 + e) = 2 artanh(e / (2 + e)), without cancellation
  const s = f32x4.div(e, f32x4.add(e, f32x4.splat(2)));
  const t = f32x4.mul(s, s);
  let p = madd(f32x4.splat(0.2322432922463705), t, f32x4.splat(0.2170657580074985));
  p = madd(p, t, f32x4.splat(0.2859235799431217));
  p = madd(p, t, f32x4.splat(0.3999970633192944));
  p = madd(p, t, f32x4.splat(0.6666666732052742));
  const tail = madd(f32x4.mul(p, t), s, f32x4.add(s, s));
  return f32x4.add(f32x4.max(x, f32x4.splat(0)), tail);
}

@inline export function tanh4(x: v128): v128 {
  const size = f32x4.abs(x);
  const t = f32x4.mul(x, x);
  let p = madd(f32x4.splat(-0.006269119728489647), t, f32x4.splat(0.021110959057642494));
  p = madd(p, t, f32x4.splat(-0.053873948851243435));
  p = madd(p, t, f32x4.splat(0.1333291536702137));
  p = madd(p, t, f32x4.splat(-0.33333330332733085));
  const near = madd(f32x4.mul(p, t), x, x);
  const e = decay4(f32x4.mul(size, f32x4.splat(-2)));
  const far = f32x4.div(f32x4.sub(f32x4.splat(1), e), f32x4.add(f32x4.splat(1), e));
  const signed = v128.or(far, v128.and(x, i32x4.splat(<i32>0x80000000)));
  return v128.bitselect(near, signed, f32x4.lt(size, f32x4.splat(0.6)));
}
