/** Sums over pairs of gates and scores, at nodes in the gate. A count of rows may be any; counts of nodes are small. */
// @ts-nocheck
import { exp4 } from './_elementary';
import { at, fourSums, laneSum, loadTail, madd, storeTail } from './_lanes';

/** Rows whose sums are taken in 32 bits before they join the total. */
const chunk: usize = 256;

@inline function inside(a: v128, center: v128, scale: v128): v128 {
  const x = f32x4.mul(f32x4.sub(a, center), scale);
  return f32x4.min(f32x4.max(x, f32x4.splat(-1)), f32x4.splat(1));
}
/** All bits in the first `rest` lanes. */
@inline function lanes(rest: usize): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(<i32>rest));
}

export function chebyshevMoments(a: i32, n: i32, center: f32, scale: f32, count: i32, out: i32): void {
  const from = at(a), to = at(out), rows = <usize>n, c = f32x4.splat(center), s = f32x4.splat(scale);
  memory.fill(to, 0, at(count));
  for (let first: usize = 0; first < rows; first += 4) {
    const rest = rows - first;
    const all = rest >= 4;
    const keep = all ? i32x4.splat(-1) : lanes(rest);
    const x = inside(all ? v128.load(from + (first << 2)) : loadTail(from + (first << 2), <i32>rest), c, s);
    const twice = f32x4.add(x, x);
    let before = v128.and(f32x4.splat(1), keep), now = v128.and(x, keep);
    for (let j: usize = 0; j < at(count); j += 4) {
      store<f32>(to + j, load<f32>(to + j) + laneSum(before));
      const next = f32x4.sub(f32x4.mul(twice, now), before);
      before = now;
      now = next;
    }
  }
}

export function chebyshevSums(
  a: i32, n: i32, center: f32, scale: f32, coefficients: i32, count: i32, out: i32,
): void {
  const from = at(a), to = at(out), list = at(coefficients), c = f32x4.splat(center), s = f32x4.splat(scale);
  const rows = <usize>n;
  for (let first: usize = 0; first < rows; first += 4) {
    const rest = rows - first;
    const p = from + (first << 2);
    const x = inside(rest >= 4 ? v128.load(p) : loadTail(p, <i32>rest), c, s);
    const twice = f32x4.add(x, x);
    let one = f32x4.splat(0), two = one;
    for (let j = at(count) - 4; j > 0; j -= 4) {
      const next = f32x4.add(f32x4.sub(f32x4.mul(twice, one), two), v128.load32_splat(list + j));
      two = one;
      one = next;
    }
    const y = f32x4.add(f32x4.sub(f32x4.mul(x, one), two), v128.load32_splat(list));
    if (rest >= 4) v128.store(to + (first << 2), y);
    else storeTail(to + (first << 2), y, <i32>rest);
  }
}

export function softplusSums(
  a: i32, n: i32, factors: i32, weights: i32, count: i32, values: i32, slopes: i32, out: i32,
): void {
  const from = at(a), to = at(out), rows = <usize>n, nodes = at(count);
  memory.fill(at(values), 0, nodes);
  memory.fill(at(slopes), 0, nodes);
  memory.fill(to, 0, rows << 2);
  for (let first: usize = 0; first < rows; first += chunk) {
    const end = min(first + chunk, rows);
    for (let k: usize = 0; k < nodes; k += 4) {
      const factor = v128.load32_splat(at(factors) + k), weight = v128.load32_splat(at(weights) + k);
      let value = f32x4.splat(0), slope = f32x4.splat(0);
      for (let r = first; r < end; r += 4) {
        const rest = end - r;
        const all = rest >= 4;
        const p = from + (r << 2), q = to + (r << 2);
        const s = all ? v128.load(p) : loadTail(p, <i32>rest);
        const x = f32x4.mul(factor, s);
        const e = exp4(f32x4.neg(f32x4.abs(x)));
        const below = f32x4.add(e, f32x4.splat(1));
        const share = f32x4.div(v128.bitselect(f32x4.splat(1), e, f32x4.ge(x, f32x4.splat(0))), below);
        // log(1 + e) = 2 artanh(e / (2 + e)), without cancellation
        const ratio = f32x4.div(e, f32x4.add(below, f32x4.splat(1)));
        const t = f32x4.mul(ratio, ratio);
        let series = madd(f32x4.splat(0.2322432922463705), t, f32x4.splat(0.2170657580074985));
        series = madd(series, t, f32x4.splat(0.2859235799431217));
        series = madd(series, t, f32x4.splat(0.3999970633192944));
        series = madd(series, t, f32x4.splat(0.6666666732052742));
        let plus = f32x4.add(f32x4.max(x, f32x4.splat(0)), madd(f32x4.mul(series, t), ratio, f32x4.add(ratio, ratio)));
        let steep = f32x4.mul(s, share);
        if (all) v128.store(q, madd(weight, share, v128.load(q)));
        else {
          const keep = lanes(rest);
          plus = v128.and(plus, keep);
          steep = v128.and(steep, keep);
          storeTail(q, madd(weight, share, loadTail(q, <i32>rest)), <i32>rest);
        }
        value = f32x4.add(value, plus);
        slope = f32x4.add(slope, steep);
      }
      const sums = fourSums(value, slope, value, slope);
      store<f32>(at(values) + k, load<f32>(at(values) + k) + f32x4.extract_lane(sums, 0));
      store<f32>(at(slopes) + k, load<f32>(at(slopes) + k) + f32x4.extract_lane(sums, 1));
    }
  }
}
