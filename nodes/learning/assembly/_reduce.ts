/** Reductions: sums in 64 bits, four at a time, in an order that depends on the count alone. */
// @ts-nocheck
import { at, laneSum64, widened } from './_lanes';

export function sum(a: i32, n: i32): f64 {
  let even = f64x2.splat(0), odd = f64x2.splat(0);
  let x = at(a);
  for (const end = x + at(n & ~7); x < end; x += 32) {
    even = f64x2.add(even, widened(v128.load(x)));
    odd = f64x2.add(odd, widened(v128.load(x + 16)));
  }
  let total = laneSum64(f64x2.add(even, odd));
  for (const end = at(a) + at(n); x < end; x += 4) total += <f64>load<f32>(x);
  return total;
}

export function sumSquares(a: i32, n: i32): f64 {
  let even = f64x2.splat(0), odd = f64x2.splat(0);
  let x = at(a);
  for (const end = x + at(n & ~7); x < end; x += 32) {
    const v = v128.load(x), w = v128.load(x + 16);
    even = f64x2.add(even, widened(f32x4.mul(v, v)));
    odd = f64x2.add(odd, widened(f32x4.mul(w, w)));
  }
  let total = laneSum64(f64x2.add(even, odd));
  for (const end = at(a) + at(n); x < end; x += 4) {
    const v = load<f32>(x);
    total += <f64>(v * v);
  }
  return total;
}

/** NaN does not count; -Infinity of nothing. */
export function max(a: i32, n: i32): f64 {
  let most = f32x4.splat(-Infinity);
  let x = at(a);
  for (const end = x + at(n & ~3); x < end; x += 16) most = f32x4.pmax(most, v128.load(x));
  let best: f32 = -Infinity;
  for (let i = 0; i < 4; i++) {
    const v = f32x4.extract_lane(most, 0);
    if (v > best) best = v;
    most = i32x4.shuffle(most, most, 1, 2, 3, 0);
  }
  for (const end = at(a) + at(n); x < end; x += 4) {
    const v = load<f32>(x);
    if (v > best) best = v;
  }
  return best;
}
