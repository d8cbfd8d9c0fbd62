/** Between tables and batches: rows are `stride` floats, a multiple of four. */
// @ts-nocheck
import { at, laneSum, laneSum64, madd, widened } from './_lanes';

@inline export function rowAt(table: usize, ids: usize, r: usize, bytes: usize): usize {
  return table + <usize>load<u32>(ids + (r << 2)) * bytes;
}

/** The inner product of two rows, always in this order: so that whoever computes a score finds the same one. */
@inline export function dotOf(x: usize, y: usize, bytes: usize): f32 {
  const pairs = bytes & ~31;
  let even = f32x4.splat(0), odd = f32x4.splat(0);
  let k: usize = 0;
  for (; k < pairs; k += 32) {
    even = madd(v128.load(x + k), v128.load(y + k), even);
    odd = madd(v128.load(x + k + 16), v128.load(y + k + 16), odd);
  }
  if (k < bytes) even = madd(v128.load(x + k), v128.load(y + k), even);
  return laneSum(f32x4.add(even, odd));
}

export function gatherDot(a: i32, aIds: i32, b: i32, bIds: i32, stride: i32, out: i32, n: i32): void {
  const bytes = at(stride), ta = at(a), tb = at(b), ia = at(aIds), ib = at(bIds), o = at(out);
  for (let r: usize = 0; r < <usize>n; r++)
    store<f32>(o + (r << 2), dotOf(rowAt(ta, ia, r, bytes), rowAt(tb, ib, r, bytes), bytes));
}

@inline export function addScaled(to: usize, from: usize, scale: v128, bytes: usize): void {
  for (let k: usize = 0; k < bytes; k += 16) v128.store(to + k, madd(scale, v128.load(from + k), v128.load(to + k)));
}

export function scatterDot(
  a: i32, ga: i32, aIds: i32, b: i32, gb: i32, bIds: i32, stride: i32, d: i32, n: i32,
): void {
  const bytes = at(stride), ta = at(a), tb = at(b), ia = at(aIds), ib = at(bIds), slopes = at(d);
  const toA = at(ga), toB = at(gb);
  for (let r: usize = 0; r < <usize>n; r++) {
    const slope = load<f32>(slopes + (r << 2));
    if (slope == 0) continue;
    const s = f32x4.splat(slope);
    const i = <usize>load<u32>(ia + (r << 2)) * bytes, j = <usize>load<u32>(ib + (r << 2)) * bytes;
    if (ga >= 0) addScaled(toA + i, tb + j, s, bytes);
    if (gb >= 0) addScaled(toB + j, ta + i, s, bytes);
  }
}

export function gather(a: i32, aIds: i32, stride: i32, out: i32, n: i32): void {
  const bytes = at(stride), ta = at(a), ia = at(aIds), o = at(out);
  for (let r: usize = 0; r < <usize>n; r++) store<f32>(o + (r << 2), load<f32>(rowAt(ta, ia, r, bytes)));
}
export function scatter(ga: i32, aIds: i32, stride: i32, d: i32, n: i32): void {
  const bytes = at(stride), ta = at(ga), ia = at(aIds), slopes = at(d);
  for (let r: usize = 0; r < <usize>n; r++) {
    const to = rowAt(ta, ia, r, bytes);
    store<f32>(to, load<f32>(to) + load<f32>(slopes + (r << 2)));
  }
}

export function sumSquaresAt(a: i32, stride: i32, ids: i32, counts: i32, n: i32): f64 {
  const bytes = at(stride), ta = at(a), ia = at(ids), often = at(counts);
  let total = f64x2.splat(0);
  for (let r: usize = 0; r < <usize>n; r++) {
    const x = rowAt(ta, ia, r, bytes);
    let row = f32x4.splat(0);
    for (let k: usize = 0; k < bytes; k += 16) {
      const v = v128.load(x + k);
      row = madd(v, v, row);
    }
    total = f64x2.add(total, widened(f32x4.mul(row, v128.load32_splat(often + (r << 2)))));
  }
  return laneSum64(total);
}
export function scatterSquares(a: i32, ga: i32, stride: i32, ids: i32, counts: i32, scale: f32, n: i32): void {
  const bytes = at(stride), ta = at(a), to = at(ga), ia = at(ids), often = at(counts);
  for (let r: usize = 0; r < <usize>n; r++) {
    const x = <usize>load<u32>(ia + (r << 2)) * bytes;
    addScaled(to + x, ta + x, f32x4.splat(scale * load<f32>(often + (r << 2))), bytes);
  }
}
