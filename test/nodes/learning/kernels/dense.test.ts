import fc from 'fast-check';
import { test } from 'vitest';
import { Layout, numbers, twins } from './twins.ts';

const widths = fc.integer({ min: 1, max: 21 });
const rounding = (terms: number) => ({ relative: 3e-6, absolute: 3e-6 * (terms + 4) });

/** A table, a batch of its rows, a layer on them, its output and the gradients of all. */
function layer(inputs: number, outputs: number, n: number, seed: number) {
  const layout = new Layout();
  const [rows, stride, wide] = [7, (inputs + 3) & ~3, (outputs + 3) & ~3];
  const floats = (count: number) => layout.takeFloats(count);
  const at = {
    table: floats(rows * stride),
    tableGradient: floats(rows * stride),
    w: floats(outputs * stride),
    gw: floats(outputs * stride),
    bias: floats(outputs),
    gBias: floats(outputs),
    x: floats(n * stride),
    gx: floats(n * stride),
    y: floats(n * wide + 4),
    d: floats(n * wide + 4),
    ids: layout.takeIds(n),
  };
  const draw = numbers(seed);
  const it = twins(layout, (memory) => {
    for (const [from, count] of [
      [at.table, rows],
      [at.w, outputs],
      [at.gw, outputs],
    ] as const)
      for (let r = 0; r < count; r++) for (let k = 0; k < inputs; k++) memory.floats[from + r * stride + k] = draw();
    for (let j = 0; j < outputs; j++) memory.floats[at.bias + j] = draw();
    for (let r = 0; r < n; r++) {
      memory.ids[at.ids + r] = Math.floor((draw() + 3) * 1000) % rows;
      for (let j = 0; j < outputs; j++) memory.floats[at.d + r * wide + j] = draw();
    }
  });
  return { ...it, ...at, stride, wide };
}

test('a dense layer and its backward agree with their twins at every width, with and without bias and ReLU', () => {
  const flag = fc.boolean();
  fc.assert(
    fc.property(
      widths,
      widths,
      fc.integer({ min: 0, max: 20 }),
      fc.nat(2 ** 30),
      flag,
      flag,
      (inputs, outputs, n, seed, relu, biased) => {
        const t = layer(inputs, outputs, n, seed);
        const bias = biased ? t.bias : -1;
        t.agree((k) => k.gatherRows(t.table, t.ids, inputs, t.stride, t.x, t.stride, n), rounding(0));
        t.agree((k) => k.dense(t.x, t.w, t.stride, bias, outputs, relu, t.y, t.wide, n), rounding(10 * inputs));
        const y = relu ? t.y : -1;
        const gBias = biased ? t.gBias : -1;
        t.agree(
          (k) => k.denseBack(t.x, t.gx, t.w, t.gw, t.stride, gBias, outputs, y, t.d, t.wide, n),
          rounding(10 * Math.max(outputs, n)),
        );
        t.agree((k) => k.scatterRows(t.tableGradient, t.ids, inputs, t.stride, t.gx, t.stride, n), rounding(100 * n));
      },
    ),
    { numRuns: 60 },
  );
});

test('a layer with one output writes its scores one after the other', () => {
  const t = layer(9, 1, 13, 3);
  t.agree((k) => k.gatherRows(t.table, t.ids, 9, t.stride, t.x, t.stride, 13), rounding(0));
  t.agree((k) => k.dense(t.x, t.w, t.stride, t.bias, 1, false, t.y, 1, 13), rounding(9));
  t.agree((k) => k.denseBack(t.x, t.gx, t.w, t.gw, t.stride, t.gBias, 1, -1, t.d, 1, 13), rounding(100));
});
