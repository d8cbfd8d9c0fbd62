/** Optimiser steps over whole tables; counts are multiples of four, since rows are padded. */
// @ts-nocheck
import { at, madd } from './_lanes';

const beta1: f64 = 0.9;
const beta2: f64 = 0.999;
const epsilon: f32 = 1e-8;

export function adam(
  p: i32, g: i32, m: i32, v: i32, n: i32, l2: f32, step: f32, rootCorrection: f64, last: bool,
): void {
  const b1 = f32x4.splat(<f32>beta1), c1 = f32x4.splat(<f32>(1 - beta1));
  const b2 = f32x4.splat(<f32>beta2), c2 = f32x4.splat(<f32>(1 - beta2));
  const decay = f32x4.splat(l2), rate = f32x4.splat(step), eps = f32x4.splat(epsilon);
  const inverse = f32x4.splat(<f32>(1 / rootCorrection));
  let x = at(p), d = at(g), first = at(m), second = at(v);
  for (const end = x + at(n); x < end; x += 16, d += 16, first += 16, second += 16) {
    const old = v128.load(x);
    const grad = madd(decay, old, v128.load(d));
    const mean = madd(b1, v128.load(first), f32x4.mul(c1, grad));
    const square = madd(b2, v128.load(second), f32x4.mul(f32x4.mul(c2, grad), grad));
    v128.store(first, mean);
    v128.store(second, square);
    const root = madd(f32x4.sqrt(square), inverse, eps);
    v128.store(x, f32x4.sub(old, f32x4.div(f32x4.mul(rate, mean), root)));
  }
  if (last) memory.fill(at(g), 0, at(n));
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
