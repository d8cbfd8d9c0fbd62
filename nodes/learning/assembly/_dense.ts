/** Dense layers: rows of inputs and of weights are `stride` floats, a multiple of four. */
// @ts-nocheck
import { at, fourSums, laneSum, madd } from './_lanes';
import { addScaled, rowAt } from './_rows';

export function gatherRows(a: i32, ids: i32, width: i32, stride: i32, out: i32, outStride: i32, n: i32): void {
  const bytes = at(stride), table = at(a), list = at(ids), to = at(out), step = at(outStride), size = at(width);
  for (let r: usize = 0; r < <usize>n; r++) memory.copy(to + r * step, rowAt(table, list, r, bytes), size);
}
export function scatterRows(ga: i32, ids: i32, width: i32, stride: i32, d: i32, dStride: i32, n: i32): void {
  const bytes = at(stride), table = at(ga), list = at(ids), from = at(d), step = at(dStride), size = at(width);
  for (let r: usize = 0; r < <usize>n; r++) {
    const to = rowAt(table, list, r, bytes), x = from + r * step;
    let k: usize = 0;
    for (; k + 16 <= size; k += 16) v128.store(to + k, f32x4.add(v128.load(to + k), v128.load(x + k)));
    for (; k < size; k += 4) store<f32>(to + k, load<f32>(to + k) + load<f32>(x + k));
  }
}

export function dense(
  x: i32, w: i32, stride: i32, bias: i32, outputs: i32, relu: bool, y: i32, yStride: i32, n: i32,
): void {
  const bytes = at(stride), rows = at(x), weights = at(w), biases = at(bias), to = at(y), step = at(yStride);
  const high = <usize>outputs;
  for (let r: usize = 0; r < <usize>n; r++) {
    const row = rows + r * bytes, out = to + r * step;
    let j: usize = 0;
    for (; j + 4 <= high; j += 4) {
      const c = weights + j * bytes;
      let d0 = f32x4.splat(0), d1 = d0, d2 = d0, d3 = d0;
      for (let k: usize = 0; k < bytes; k += 16) {
        const v = v128.load(row + k);
        d0 = madd(v128.load(c + k), v, d0);
        d1 = madd(v128.load(c + bytes + k), v, d1);
        d2 = madd(v128.load(c + 2 * bytes + k), v, d2);
        d3 = madd(v128.load(c + 3 * bytes + k), v, d3);
      }
      let sums = fourSums(d0, d1, d2, d3);
      if (bias >= 0) sums = f32x4.add(sums, v128.load(biases + (j << 2)));
      v128.store(out + (j << 2), relu ? f32x4.max(sums, f32x4.splat(0)) : sums);
    }
    for (; j < high; j++) {
      const c = weights + j * bytes;
      let d = f32x4.splat(0);
      for (let k: usize = 0; k < bytes; k += 16) d = madd(v128.load(c + k), v128.load(row + k), d);
      let sum = laneSum(d);
      if (bias >= 0) sum += load<f32>(biases + (j << 2));
      store<f32>(out + (j << 2), relu && sum < 0 ? 0 : sum);
    }
  }
}

export function denseBack(
  x: i32, gx: i32, w: i32, gw: i32, stride: i32, gBias: i32, outputs: i32, y: i32, d: i32, dStride: i32, n: i32,
): void {
  const bytes = at(stride), rows = at(x), toRows = at(gx), weights = at(w), toWeights = at(gw), toBias = at(gBias);
  const values = at(y), slopes = at(d), step = at(dStride), high = <usize>outputs;
  for (let r: usize = 0; r < <usize>n; r++) {
    const row = rows + r * bytes, to = toRows + r * bytes;
    memory.fill(to, 0, bytes);
    for (let j: usize = 0; j < high; j++) {
      const slope = load<f32>(slopes + r * step + (j << 2));
      if (slope == 0) continue;
      if (y >= 0 && load<f32>(values + r * step + (j << 2)) <= 0) continue;
      const s = f32x4.splat(slope);
      addScaled(to, weights + j * bytes, s, bytes);
      if (gw >= 0) addScaled(toWeights + j * bytes, row, s, bytes);
      if (gBias >= 0) store<f32>(toBias + (j << 2), load<f32>(toBias + (j << 2)) + slope);
    }
  }
}
