/**
 * What all kernels stand on. Positions arrive in elements of 4 bytes from the start of memory and become addresses by `at`.
 * A count that is no multiple of four ends in a tail: only lanes that exist are read and written.
 */
// @ts-nocheck

@inline export function at(position: i32): usize {
  return <usize>(<u32>position) << 2;
}

/** a * b + c: two roundings in strict mode, one where the binary is built with relaxed SIMD. */
@inline export function madd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** The first `rest` (1 to 3) lanes of what lies at `p`; the others are `1`, on which no function here fails. */
export function loadTail(p: usize, rest: i32): v128 {
  let v = v128.load32_lane(p, f32x4.splat(1), 0);
  if (rest > 1) v = v128.load32_lane(p + 4, v, 1);
  if (rest > 2) v = v128.load32_lane(p + 8, v, 2);
  return v;
}
export function storeTail(p: usize, v: v128, rest: i32): void {
  v128.store32_lane(p, v, 0);
  if (rest > 1) v128.store32_lane(p + 4, v, 1);
  if (rest > 2) v128.store32_lane(p + 8, v, 2);
}

/** (0 + 2) + (1 + 3), always in this order. */
@inline export function laneSum(v: v128): f32 {
  let s = f32x4.add(v, i32x4.shuffle(v, v, 2, 3, 0, 1));
  s = f32x4.add(s, i32x4.shuffle(s, s, 1, 0, 3, 2));
  return f32x4.extract_lane(s, 0);
}
@inline export function laneSum64(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}
/** The lower and the upper pair of lanes as 64-bit numbers, added. */
@inline export function widened(v: v128): v128 {
  return f64x2.add(f64x2.promote_low_f32x4(v), f64x2.promote_low_f32x4(i32x4.shuffle(v, v, 2, 3, 2, 3)));
}

/** Four sums of lanes at once: lane i of the result is the sum of the lanes of the i-th argument. */
@inline export function fourSums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(i32x4.shuffle(a, b, 0, 1, 4, 5), i32x4.shuffle(a, b, 2, 3, 6, 7));
  const cd = f32x4.add(i32x4.shuffle(c, d, 0, 1, 4, 5), i32x4.shuffle(c, d, 2, 3, 6, 7));
  return f32x4.add(i32x4.shuffle(ab, cd, 0, 2, 4, 6), i32x4.shuffle(ab, cd, 1, 3, 5, 7));
}
