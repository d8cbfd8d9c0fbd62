/** Optimiser steps over whole tables; counts are multiples of four, since rows are padded. */
// @ts-nocheck
import { at, madd } from './_lanes';

const beta1: f64 = 0.9;
const beta2: f64 = 0.999;
const epsilon: f32 = 1e-8;

/** One step on `bytes` bytes of a table. A gradient that nobody needs any more is zeroed while it is at hand. */
@inline function adamSpan(
  x: usize, grad: usize, first: usize, second: usize, bytes: usize, decay: v128, rate: v128, inverse: v128, last: bool,
): void {
  const b1 = f32x4.splat(<f32>beta1), c1 = f32x4.splat(<f32>(1 - beta1));
  const b2 = f32x4.splat(<f32>beta2), c2 = f32x4.splat(<f32>(1 - beta2)), eps = f32x4.splat(epsilon);
  for (let k: usize = 0; k < bytes; k += 16) {
    const old = v128.load(x + k);
    const g = madd(decay, old, v128.load(grad + k));
    const mean = madd(b1, v128.load(first + k), f32x4.mul(c1, g));
    const square = madd(b2, v128.load(second + k), f32x4.mul(f32x4.mul(c2, g), g));
    v128.store(first + k, mean);
    v128.store(second + k, square);
    v128.store(x + k, f32x4.sub(old, f32x4.div(f32x4.mul(rate, mean), madd(f32x4.sqrt(square), inverse, eps))));
    if (last) v128.store(grad + k, f32x4.splat(0));
  }
}

export function adam(
  p: i32, g: i32, m: i32, v: i32, n: i32, l2: f32, step: f32, rootCorrection: f64, last: bool,
): void {
  const inverse = f32x4.splat(<f32>(1 / rootCorrection));
  adamSpan(at(p), at(g), at(m), at(v), at(n), f32x4.splat(l2), f32x4.splat(step), inverse, last);
}

export function adamRows(
  p: i32, g: i32, m: i32, v: i32, stride: i32, ids: i32, n: i32, l2: f32, step: f32, rootCorrection: f64, last: bool,
): void {
  const bytes = at(stride), list = at(ids), x = at(p), grad = at(g), first = at(m), second = at(v);
  const decay = f32x4.splat(l2), rate = f32x4.splat(step), inverse = f32x4.splat(<f32>(1 / rootCorrection));
  for (let r: usize = 0; r < <usize>n; r++) {
    const row = <usize>load<u32>(list + (r << 2)) * bytes;
    adamSpan(x + row, grad + row, first + row, second + row, bytes, decay, rate, inverse, last);
  }
}

export function sgd(p: i32, g: i32, m: i32, n: i32, l2: f32, rate: f32, momentum: f32, last: bool): void {
  const decay = f32x4.splat(l2), step = f32x4.splat(rate), keep = f32x4.splat(momentum);
  let x = at(p), d = at(g), velocity = at(m);
  for (const end = x + at(n); x < end; x += 16, d += 16, velocity += 16) {
    const old = v128.load(x);
    const next = madd(keep, v128.load(velocity), madd(decay, old, v128.load(d)));
    v128.store(velocity, next);
    v128.store(x, f32x4.sub(old, f32x4.mul(step, next)));
  }
  if (last) memory.fill(at(g), 0, at(n));
}
