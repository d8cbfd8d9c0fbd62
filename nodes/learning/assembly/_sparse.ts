/**
 * Products of a sparse matrix with a table. A matrix is in CSR form: row r has entries starts[r] .. starts[r + 1], each a column
 * and a value. Rows of tables are `stride` floats, a multiple of four, and are worked on in stripes that fit into registers.
 */
// @ts-nocheck
import { at, madd } from './_lanes';
import { addScaled } from './_rows';

@inline function finish(sum: v128, k: usize, base: usize, out: usize, scale: v128, adds: bool): void {
  if (base != 0) sum = f32x4.add(sum, v128.load(base + k));
  v128.store(out + k, adds ? madd(scale, sum, v128.load(out + k)) : f32x4.mul(scale, sum));
}

/** out = scale (base + sum of value x[column]) for one row, whose entries are `columns .. end`; `base` 0: none. */
function multiplyRow(
  columns: usize, end: usize, values: usize, x: usize, base: usize, out: usize, bytes: usize, scale: v128, adds: bool,
): void {
  let k: usize = 0;
  for (; k + 128 <= bytes; k += 128) {
    let a = f32x4.splat(0), b = a, c = a, d = a, e = a, f = a, g = a, h = a;
    for (let j = columns, v = values; j < end; j += 4, v += 4) {
      const w = v128.load32_splat(v), row = x + <usize>load<u32>(j) * bytes + k;
      a = madd(w, v128.load(row), a);
      b = madd(w, v128.load(row, 16), b);
      c = madd(w, v128.load(row, 32), c);
      d = madd(w, v128.load(row, 48), d);
      e = madd(w, v128.load(row, 64), e);
      f = madd(w, v128.load(row, 80), f);
      g = madd(w, v128.load(row, 96), g);
      h = madd(w, v128.load(row, 112), h);
    }
    finish(a, k, base, out, scale, adds);
    finish(b, k + 16, base, out, scale, adds);
    finish(c, k + 32, base, out, scale, adds);
    finish(d, k + 48, base, out, scale, adds);
    finish(e, k + 64, base, out, scale, adds);
    finish(f, k + 80, base, out, scale, adds);
    finish(g, k + 96, base, out, scale, adds);
    finish(h, k + 112, base, out, scale, adds);
  }
  for (; k + 32 <= bytes; k += 32) {
    let a = f32x4.splat(0), b = a;
    for (let j = columns, v = values; j < end; j += 4, v += 4) {
      const w = v128.load32_splat(v), row = x + <usize>load<u32>(j) * bytes + k;
      a = madd(w, v128.load(row), a);
      b = madd(w, v128.load(row, 16), b);
    }
    finish(a, k, base, out, scale, adds);
    finish(b, k + 16, base, out, scale, adds);
  }
  for (; k < bytes; k += 16) {
    let a = f32x4.splat(0);
    for (let j = columns, v = values; j < end; j += 4, v += 4)
      a = madd(v128.load32_splat(v), v128.load(x + <usize>load<u32>(j) * bytes + k), a);
    finish(a, k, base, out, scale, adds);
  }
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
  for (let i: usize = 0; i < <usize>n; i++) {
    const r = <usize>load<u32>(list + (i << 2)), row = t + r * bytes;
    const last = <usize>load<u32>(s + (r << 2), 4) << 2;
    for (let j = <usize>load<u32>(s + (r << 2)) << 2; j < last; j += 4)
      addScaled(o + <usize>load<u32>(c + j) * bytes, row, f32x4.splat(scale * load<f32>(v + j)), bytes);
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
