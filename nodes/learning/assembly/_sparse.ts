/**
 * Products of a sparse matrix with a table. A matrix is in CSR form: row r has entries starts[r] .. starts[r + 1], each a column
 * and a value. Rows of tables are `stride` floats, a multiple of four, and are worked on in stripes that fit into registers.
 */
// @ts-nocheck
import { at, madd } from './_lanes';
import { addScaled } from './_rows';

/**
 * out = scale base + sum of scale value x[column] for one row, or that added to out; the row's entries are `columns .. end`, and
 * `base` 0 is none. Four entries at a time: their rows are on the way from memory together, and sums come and go once for all.
 */
function multiplyRow(
  columns: usize, end: usize, values: usize, x: usize, base: usize, out: usize, bytes: usize, scale: v128, adds: bool,
): void {
  if (adds) {
    if (base != 0) addScaled(out, base, scale, bytes);
  } else if (base == 0) memory.fill(out, 0, bytes);
  else for (let k: usize = 0; k < bytes; k += 16) v128.store(out + k, f32x4.mul(scale, v128.load(base + k)));
  let j = columns, v = values;
  for (; j + 16 <= end; j += 16, v += 16) {
    const a = x + <usize>load<u32>(j) * bytes, wa = f32x4.mul(scale, v128.load32_splat(v));
    const b = x + <usize>load<u32>(j, 4) * bytes, wb = f32x4.mul(scale, v128.load32_splat(v, 4));
    const c = x + <usize>load<u32>(j, 8) * bytes, wc = f32x4.mul(scale, v128.load32_splat(v, 8));
    const d = x + <usize>load<u32>(j, 12) * bytes, wd = f32x4.mul(scale, v128.load32_splat(v, 12));
    for (let k: usize = 0; k < bytes; k += 16) {
      const two = madd(wb, v128.load(b + k), madd(wa, v128.load(a + k), v128.load(out + k)));
      v128.store(out + k, madd(wd, v128.load(d + k), madd(wc, v128.load(c + k), two)));
    }
  }
  for (; j < end; j += 4, v += 4)
    addScaled(out, x + <usize>load<u32>(j) * bytes, f32x4.mul(scale, v128.load32_splat(v)), bytes);
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

export function sparseBackRows(
  starts: i32, columns: i32, values: i32, x: i32, out: i32, stride: i32, scale: f32, from: i32, n: i32,
): void {
  const bytes = at(stride), s = at(starts), c = at(columns), v = at(values), t = at(x), o = at(out), by = f32x4.splat(scale);
  for (let r = <usize>from, end = r + <usize>n; r < end; r++) {
    const last = <usize>load<u32>(s + (r << 2), 4) << 2;
    for (let j = <usize>load<u32>(s + (r << 2)) << 2; j < last; j += 4)
      addScaled(o + <usize>load<u32>(c + j) * bytes, t + r * bytes, f32x4.mul(by, v128.load32_splat(v + j)), bytes);
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
