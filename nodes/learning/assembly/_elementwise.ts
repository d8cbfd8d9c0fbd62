/** One operation on every row of a block. `out` may be an argument. */
// @ts-nocheck
import { exp4, log4, sigmoid4, softplus4, tanh4 } from './_elementary';
import { at, loadTail, madd, storeTail } from './_lanes';

export function fill(out: i32, n: i32, value: f32): void {
  const v = f32x4.splat(value);
  let o = at(out);
  for (const end = o + at(n & ~3); o < end; o += 16) v128.store(o, v);
  if (n & 3) storeTail(o, v, n & 3);
}
export function affine(a: i32, scale: f32, shift: f32, out: i32, n: i32): void {
  const m = f32x4.splat(scale), b = f32x4.splat(shift);
  let x = at(a), o = at(out);
  for (const end = o + at(n & ~3); o < end; o += 16, x += 16) v128.store(o, madd(m, v128.load(x), b));
  if (n & 3) storeTail(o, madd(m, loadTail(x, n & 3), b), n & 3);
}
export function under(a: i32, value: f32, out: i32, n: i32): void {
  const v = f32x4.splat(value);
  let x = at(a), o = at(out);
  for (const end = o + at(n & ~3); o < end; o += 16, x += 16) v128.store(o, f32x4.div(v, v128.load(x)));
  if (n & 3) storeTail(o, f32x4.div(v, loadTail(x, n & 3)), n & 3);
}

export function add(a: i32, b: i32, out: i32, n: i32): void {
  let x = at(a), y = at(b), o = at(out);
  for (const end = o + at(n & ~3); o < end; o += 16, x += 16, y += 16)
    v128.store(o, f32x4.add(v128.load(x), v128.load(y)));
  const rest = n & 3;
  if (rest) storeTail(o, f32x4.add(loadTail(x, rest), loadTail(y, rest)), rest);
}
export function sub(a: i32, b: i32, out: i32, n: i32): void {
  let x = at(a), y = at(b), o = at(out);
  for (const end = o + at(n & ~3); o < end; o += 16, x += 16, y += 16)
    v128.store(o, f32x4.sub(v128.load(x), v128.load(y)));
  const rest = n & 3;
  if (rest) storeTail(o, f32x4.sub(loadTail(x, rest), loadTail(y, rest)), rest);
}
export function mul(a: i32, b: i32, out: i32, n: i32): void {
  let x = at(a), y = at(b), o = at(out);
  for (const end = o + at(n & ~3); o < end; o += 16, x += 16, y += 16)
    v128.store(o, f32x4.mul(v128.load(x), v128.load(y)));
  const rest = n & 3;
  if (rest) storeTail(o, f32x4.mul(loadTail(x, rest), loadTail(y, rest)), rest);
}
export function div(a: i32, b: i32, out: i32, n: i32): void {
  let x = at(a), y = at(b), o = at(out);
  for (const end = o + at(n & ~3); o < end; o += 16, x += 16, y += 16)
    v128.store(o, f32x4.div(v128.load(x), v128.load(y)));
  const rest = n & 3;
  if (rest) storeTail(o, f32x4.div(loadTail(x, rest), loadTail(y, rest)), rest);
}

export function exp(a: i32, out: i32, n: i32): void {
  let x = at(a), o = at(out);
  for (const end = o + at(n & ~3); o < end; o += 16, x += 16) v128.store(o, exp4(v128.load(x)));
  if (n & 3) storeTail(o, exp4(loadTail(x, n & 3)), n & 3);
}
export function log(a: i32, shift: f32, out: i32, n: i32): void {
  const s = f32x4.splat(shift);
  let x = at(a), o = at(out);
  for (const end = o + at(n & ~3); o < end; o += 16, x += 16) v128.store(o, log4(f32x4.add(v128.load(x), s)));
  if (n & 3) storeTail(o, log4(f32x4.add(loadTail(x, n & 3), s)), n & 3);
}
export function sigmoid(a: i32, out: i32, n: i32): void {
  let x = at(a), o = at(out);
  for (const end = o + at(n & ~3); o < end; o += 16, x += 16) v128.store(o, sigmoid4(v128.load(x)));
  if (n & 3) storeTail(o, sigmoid4(loadTail(x, n & 3)), n & 3);
}
export function softplus(a: i32, out: i32, n: i32): void {
  let x = at(a), o = at(out);
  for (const end = o + at(n & ~3); o < end; o += 16, x += 16) v128.store(o, softplus4(v128.load(x)));
  if (n & 3) storeTail(o, softplus4(loadTail(x, n & 3)), n & 3);
}
export function tanh(a: i32, out: i32, n: i32): void {
  let x = at(a), o = at(out);
  for (const end = o + at(n & ~3); o < end; o += 16, x += 16) v128.store(o, tanh4(v128.load(x)));
  if (n & 3) storeTail(o, tanh4(loadTail(x, n & 3)), n & 3);
}

export function clip(a: i32, low: f32, high: f32, out: i32, n: i32): void {
  const lo = f32x4.splat(low), hi = f32x4.splat(high);
  let x = at(a), o = at(out);
  for (const end = o + at(n & ~3); o < end; o += 16, x += 16)
    v128.store(o, f32x4.min(f32x4.max(v128.load(x), lo), hi));
  if (n & 3) storeTail(o, f32x4.min(f32x4.max(loadTail(x, n & 3), lo), hi), n & 3);
}
@inline function inside4(x: v128, lo: v128, hi: v128): v128 {
  return v128.and(v128.and(f32x4.ge(x, lo), f32x4.le(x, hi)), f32x4.splat(1));
}
export function inside(a: i32, low: f32, high: f32, out: i32, n: i32): void {
  const lo = f32x4.splat(low), hi = f32x4.splat(high);
  let x = at(a), o = at(out);
  for (const end = o + at(n & ~3); o < end; o += 16, x += 16) v128.store(o, inside4(v128.load(x), lo, hi));
  if (n & 3) storeTail(o, inside4(loadTail(x, n & 3), lo, hi), n & 3);
}
@inline function choose4(c: v128, yes: v128, no: v128): v128 {
  return v128.bitselect(yes, no, f32x4.ne(c, f32x4.splat(0)));
}
export function where(condition: i32, yes: i32, no: i32, out: i32, n: i32): void {
  let c = at(condition), y = at(yes), z = at(no), o = at(out);
  for (const end = o + at(n & ~3); o < end; o += 16, c += 16, y += 16, z += 16)
    v128.store(o, choose4(v128.load(c), v128.load(y), v128.load(z)));
  const rest = n & 3;
  if (rest) storeTail(o, choose4(loadTail(c, rest), loadTail(y, rest), loadTail(z, rest)), rest);
}
