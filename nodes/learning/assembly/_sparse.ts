/**
 * Products of a sparse matrix with a table. A matrix is in CSR form: row r has entries starts[r] .. starts[r + 1], each a column
 * and a value. Rows of tables are `stride` floats, a multiple of four, and are worked on in stripes that fit into registers.
 */
// @ts-nocheck
import { at, madd } from './_lanes';
import { addScaled } from './_rows';

/** What a sum begins with: scale base, or that added to what is at `out`; `base` 0 is none. */
@inline function begun(base: usize, out: usize, k: usize, scale: v128, adds: bool): v128 {
  if (adds) return base == 0 ? v128.load(out + k) : madd(scale, v128.load(base + k), v128.load(out + k));
  return base == 0 ? f32x4.splat(0) : f32x4.mul(scale, v128.load(base + k));
}

/**
 * out = scale base + sum of scale value x[column] for one row, or that added to out; the row's entries are `columns .. end`, and
 * `base` 0 is none. Sums of 16 floats, a cache line, stay in registers while the entries go by; with twice as many, and all that is
 * read for them (compilers read first), sums went to memory and back.
 */
@inline function multiplyRow(
  columns: usize, end: usize, values: usize, x: usize, base: usize, out: usize, bytes: usize, scale: v128, adds: bool,
): void {
  let k: usize = 0;
  for (; k + 64 <= bytes; k += 64) {
    let s0 = begun(base, out, k, scale, adds), s1 = begun(base, out, k + 16, scale, adds);
    let s2 = begun(base, out, k + 32, scale, adds), s3 = begun(base, out, k + 48, scale, adds);
    for (let j = columns, v = values; j < end; j += 4, v += 4) {
      const row = x + <usize>load<u32>(j) * bytes + k, w = f32x4.mul(scale, v128.load32_splat(v));
      s0 = madd(w, v128.load(row), s0);
      s1 = madd(w, v128.load(row, 16), s1);
      s2 = madd(w, v128.load(row, 32), s2);
      s3 = madd(w, v128.load(row, 48), s3);
    }
    const to = out + k;
    v128.store(to, s0);
    v128.store(to, s1, 16);
    v128.store(to, s2, 32);
    v128.store(to, s3, 48);
  }
  for (; k < bytes; k += 16) {
    let sum = begun(base, out, k, scale, adds);
    for (let j = columns, v = values; j < end; j += 4, v += 4)
      sum = madd(f32x4.mul(scale, v128.load32_splat(v)), v128.load(x + <usize>load<u32>(j) * bytes + k), sum);
    v128.store(out + k, sum);
  }
}

/** out[column] += scale value row, over the entries of one row, of which 32 floats stay in registers meanwhile. */
@inline function spreadRow(
  columns: usize, end: usize, values: usize, row: usize, out: usize, bytes: usize, scale: v128,
): void {
  let k: usize = 0;
  for (; k + 128 <= bytes; k += 128) {
    const from = row + k;
    const x0 = v128.load(from), x1 = v128.load(from, 16), x2 = v128.load(from, 32), x3 = v128.load(from, 48);
    const x4 = v128.load(from, 64), x5 = v128.load(from, 80), x6 = v128.load(from, 96), x7 = v128.load(from, 112);
    for (let j = columns, v = values; j < end; j += 4, v += 4) {
      const to = out + <usize>load<u32>(j) * bytes + k, w = f32x4.mul(scale, v128.load32_splat(v));
      v128.store(to, madd(w, x0, v128.load(to)));
      v128.store(to, madd(w, x1, v128.load(to, 16)), 16);
      v128.store(to, madd(w, x2, v128.load(to, 32)), 32);
      v128.store(to, madd(w, x3, v128.load(to, 48)), 48);
      v128.store(to, madd(w, x4, v128.load(to, 64)), 64);
      v128.store(to, madd(w, x5, v128.load(to, 80)), 80);
      v128.store(to, madd(w, x6, v128.load(to, 96)), 96);
      v128.store(to, madd(w, x7, v128.load(to, 112)), 112);
    }
  }
  if (k < bytes)
    for (let j = columns, v = values; j < end; j += 4, v += 4)
      addScaled(out + <usize>load<u32>(j) * bytes + k, row + k, f32x4.mul(scale, v128.load32_splat(v)), bytes - k);
}

export function sparse(
  starts: i32, columns: i32, values: i32, x: i32, base: i32, out: i32, stride: i32, scale: f32, adds: bool, from: i32, n: i32,
): void {
  const bytes = at(stride), s = at(starts), c = at(columns), v = at(values), t = at(x), o = at(out);
  const b = base < 0 ? 0 : at(base), by = f32x4.splat(scale);
  for (let r = <usize>from, end = r + <usize>n; r < end; r++) {
    const first = <usize>load<u32>(s + (r << 2)) << 2, last = <usize>load<u32>(s + (r << 2), 4) << 2;
    multiplyRow(c + first, c + last, v + first, t, b == 0 ? 0 : b + r * bytes, o + r * bytes, bytes, by, adds);
  }
}

export function sparseAt(
  starts: i32, columns: i32, values: i32, x: i32, base: i32, out: i32, stride: i32, scale: f32, ids: i32, n: i32,
): void {
  const bytes = at(stride), s = at(starts), c = at(columns), v = at(values), t = at(x), o = at(out), list = at(ids);
  const b = base < 0 ? 0 : at(base), by = f32x4.splat(scale);
  for (let i: usize = 0; i < <usize>n; i++) {
    const r = <usize>load<u32>(list + (i << 2));
    const first = <usize>load<u32>(s + (r << 2)) << 2, last = <usize>load<u32>(s + (r << 2), 4) << 2;
    multiplyRow(c + first, c + last, v + first, t, b == 0 ? 0 : b + r * bytes, o + r * bytes, bytes, by, false);
  }
}

export function sparseBack(
  starts: i32, columns: i32, values: i32, x: i32, out: i32, stride: i32, scale: f32, ids: i32, n: i32,
): void {
  const bytes = at(stride), s = at(starts), c = at(columns), v = at(values), t = at(x), o = at(out), list = at(ids);
  const by = f32x4.splat(scale);
  for (let i: usize = 0; i < <usize>n; i++) {
    const r = <usize>load<u32>(list + (i << 2));
    const first = <usize>load<u32>(s + (r << 2)) << 2, last = <usize>load<u32>(s + (r << 2), 4) << 2;
    spreadRow(c + first, c + last, v + first, t + r * bytes, o, bytes, by);
  }
}

export function sparseBackRows(
  starts: i32, columns: i32, values: i32, x: i32, out: i32, stride: i32, scale: f32, from: i32, n: i32,
): void {
  const bytes = at(stride), s = at(starts), c = at(columns), v = at(values), t = at(x), o = at(out), by = f32x4.splat(scale);
  for (let r = <usize>from, end = r + <usize>n; r < end; r++) {
    const first = <usize>load<u32>(s + (r << 2)) << 2, last = <usize>load<u32>(s + (r << 2), 4) << 2;
    spreadRow(c + first, c + last, v + first, t + r * bytes, o, bytes, by);
  }
}

export function copy(a: i32, out: i32, n: i32): void {
  memory.copy(at(out), at(a), at(n));
}
export function addRowsAt(a: i32, out: i32, stride: i32, scale: f32, ids: i32, n: i32): void {
  const bytes = at(stride), t = at(a), o = at(out), list = at(ids), by = f32x4.splat(scale);
  for (let i: usize = 0; i < <usize>n; i++) {
    const r = <usize>load<u32>(list + (i << 2)) * bytes;
    addScaled(o + r, t + r, by, bytes);
  }
}
export function clearRowsAt(a: i32, stride: i32, ids: i32, n: i32): void {
  const bytes = at(stride), t = at(a), list = at(ids);
  for (let i: usize = 0; i < <usize>n; i++) memory.fill(t + <usize>load<u32>(list + (i << 2)) * bytes, 0, bytes);
}
