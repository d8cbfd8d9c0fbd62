/**
 * Cross-Gram matrices of the rows that a batch touches. Rows are taken in chunks that stay in the nearest cache while tiles of
 * 4 x 8 entries are summed in registers.
 */
// @ts-nocheck
import { at, fourSums, laneSum, madd } from './_lanes';

const chunk: usize = 64;

/** Entries (i .. i + 3) x (j .. j + 7), or 3 fewer rows, or half as many columns, added to c; a row counts `counts` times. */
@inline function tile(
  ta: usize, tb: usize, ids: usize, counts: usize, from: usize, to: usize, bytesA: usize, bytesB: usize,
  i: usize, j: usize, c: usize, rows: usize, wide: bool,
): void {
  let a0 = f32x4.splat(0), b0 = a0, c0 = a0, d0 = a0, a1 = a0, b1 = a0, c1 = a0, d1 = a0;
  for (let r = from; r < to; r++) {
    const id = <usize>load<u32>(ids + (r << 2));
    const x = ta + id * bytesA + (i << 2), y = tb + id * bytesB + (j << 2);
    // the row's padding makes four entries readable even where fewer count
    const p = f32x4.mul(v128.load(x), v128.load32_splat(counts + (r << 2))), y0 = v128.load(y);
    const p0 = i32x4.shuffle(p, p, 0, 0, 0, 0), p1 = i32x4.shuffle(p, p, 1, 1, 1, 1);
    const p2 = i32x4.shuffle(p, p, 2, 2, 2, 2), p3 = i32x4.shuffle(p, p, 3, 3, 3, 3);
    a0 = madd(p0, y0, a0);
    b0 = madd(p1, y0, b0);
    c0 = madd(p2, y0, c0);
    d0 = madd(p3, y0, d0);
    if (wide) {
      const y1 = v128.load(y + 16);
      a1 = madd(p0, y1, a1);
      b1 = madd(p1, y1, b1);
      c1 = madd(p2, y1, c1);
      d1 = madd(p3, y1, d1);
    }
  }
  addPair(c, a0, a1, wide);
  if (rows > 1) addPair(c + bytesB, b0, b1, wide);
  if (rows > 2) addPair(c + 2 * bytesB, c0, c1, wide);
  if (rows > 3) addPair(c + 3 * bytesB, d0, d1, wide);
}
@inline function addPair(c: usize, v: v128, w: v128, wide: bool): void {
  v128.store(c, f32x4.add(v128.load(c), v));
  if (wide) v128.store(c + 16, f32x4.add(v128.load(c + 16), w));
}

export function crossGram(
  a: i32, wa: i32, strideA: i32, b: i32, strideB: i32, ids: i32, counts: i32, c: i32, n: i32,
): void {
  const ta = at(a), tb = at(b), list = at(ids), often = at(counts), to = at(c), bytesA = at(strideA), bytesB = at(strideB);
  const high = <usize>wa, wide = <usize>strideB, count = <usize>n;
  memory.fill(to, 0, high * bytesB);
  for (let from: usize = 0; from < count; from += chunk) {
    const end = min(from + chunk, count);
    for (let i: usize = 0; i < high; i += 4) {
      const rows = min<usize>(4, high - i);
      let j: usize = 0;
      for (; j + 8 <= wide; j += 8)
        tile(ta, tb, list, often, from, end, bytesA, bytesB, i, j, to + i * bytesB + (j << 2), rows, true);
      if (j < wide) tile(ta, tb, list, often, from, end, bytesA, bytesB, i, j, to + i * bytesB + (j << 2), rows, false);
    }
  }
}

/** ga[id] += scale C b[id]. */
@inline function addProduct(g: usize, c: usize, y: usize, wa: usize, bytesB: usize, scale: v128): void {
  let i: usize = 0;
  for (; i + 4 <= wa; i += 4, c += 4 * bytesB) {
    let d0 = f32x4.splat(0), d1 = d0, d2 = d0, d3 = d0;
    for (let k: usize = 0; k < bytesB; k += 16) {
      const v = v128.load(y + k);
      d0 = madd(v128.load(c + k), v, d0);
      d1 = madd(v128.load(c + bytesB + k), v, d1);
      d2 = madd(v128.load(c + 2 * bytesB + k), v, d2);
      d3 = madd(v128.load(c + 3 * bytesB + k), v, d3);
    }
    const to = g + (i << 2);
    v128.store(to, madd(scale, fourSums(d0, d1, d2, d3), v128.load(to)));
  }
  for (; i < wa; i++, c += bytesB) {
    let d = f32x4.splat(0);
    for (let k: usize = 0; k < bytesB; k += 16) d = madd(v128.load(c + k), v128.load(y + k), d);
    const to = g + (i << 2);
    store<f32>(to, load<f32>(to) + f32x4.extract_lane(scale, 0) * laneSum(d));
  }
}
/** gb[id] += scale C' a[id]. */
@inline function addTransposed(g: usize, c: usize, x: usize, wa: usize, bytesB: usize, scale: v128): void {
  for (let k: usize = 0; k < bytesB; k += 16) {
    let even = f32x4.splat(0), odd = even;
    let i: usize = 0;
    for (; i + 2 <= wa; i += 2) {
      even = madd(v128.load32_splat(x + (i << 2)), v128.load(c + i * bytesB + k), even);
      odd = madd(v128.load32_splat(x + (i << 2) + 4), v128.load(c + (i + 1) * bytesB + k), odd);
    }
    if (i < wa) even = madd(v128.load32_splat(x + (i << 2)), v128.load(c + i * bytesB + k), even);
    v128.store(g + k, madd(scale, f32x4.add(even, odd), v128.load(g + k)));
  }
}

export function scatterCrossGram(
  a: i32, ga: i32, wa: i32, strideA: i32, b: i32, gb: i32, strideB: i32, ids: i32, counts: i32, c: i32, scale: f32,
  n: i32,
): void {
  const bytesA = at(strideA), bytesB = at(strideB), list = at(ids), often = at(counts);
  for (let r: usize = 0; r < <usize>n; r++) {
    const s = f32x4.splat(scale * load<f32>(often + (r << 2)));
    const id = <usize>load<u32>(list + (r << 2));
    if (gb >= 0) addTransposed(at(gb) + id * bytesB, at(c), at(a) + id * bytesA, <usize>wa, bytesB, s);
    if (ga >= 0) addProduct(at(ga) + id * bytesA, at(c), at(b) + id * bytesB, <usize>wa, bytesB, s);
  }
}
