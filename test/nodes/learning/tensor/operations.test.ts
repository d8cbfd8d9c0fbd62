import type { Tensor } from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { randomOf } from '../../../../core/numeric/random.ts';
import type { BackendName, TensorFlow } from '../../../../nodes/learning/tensor/backend.ts';
import { dense, divergence, leaky, sample, shifted } from '../../../../nodes/learning/tensor/layers.ts';
import { rowsAt } from '../../../../nodes/learning/tensor/multi-hot.ts';
import { fillNormal } from '../../../../nodes/learning/tensor/noise.ts';
import { bernoulliLoss, multiHotMatMul } from '../../../../nodes/learning/tensor/sparse-layers.ts';
import { SparseSums } from '../../../../nodes/learning/tensor/sparse-sums.ts';
import { backends, engine, hasNative, tensorsOn } from './backends.ts';

const sums = new SparseSums(engine);

const draws = (n: number, name: string) => fillNormal(new Float32Array(n), randomOf(name));
/** Three rows of five columns; the second is empty, and one value is not 1. */
const x = {
  rows: 3,
  columns: 5,
  start: Uint32Array.of(0, 2, 2, 5),
  column: Uint32Array.of(0, 3, 1, 3, 4),
  value: Float32Array.of(1, 1, 1, 0.5, 1),
};
const targets = { ...x, value: Float32Array.of(1, 1, 1, 1, 1) };

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
type Make = (tf: TensorFlow, ...given: Tensor[]) => Tensor;
/** Each operation with the shapes of what it is differentiated by; its value is weighted, so that no gradient is all ones. */
const operations: Readonly<Record<string, readonly [shapes: number[][], make: Make]>> = {
  dense: [[[3, 4], [4, 2], [2]], (tf, a, w, b) => dense(tf, a as never, w as never, b as never)],
  shifted: [[[3, 4], [4]], (tf, a, b) => shifted(tf, a as never, b as never)],
  leaky: [[[3, 4]], (tf, a) => leaky(tf, a as never, 0.2)],
  'multi-hot product': [[[5, 2]], (tf, w) => multiHotMatMul({ tf, sums }, x, w as never)],
  'Bernoulli loss': [[[3, 5]], (tf, z) => bernoulliLoss({ tf, sums }, z as never, targets)],
  sample: [
    [
      [3, 2],
      [3, 2],
    ],
    (tf, m, v) => sample(tf, m as never, v as never, tf.tensor2d(draws(6, 'noise'), [3, 2])),
  ],
  'divergence from N(0, 1)': [
    [
      [3, 2],
      [3, 2],
    ],
    (tf, m, v) => divergence(tf, { mean: m as never, logVariance: v as never }, {}),
  ],
  'divergence from a learned law': [
    [
      [3, 2],
      [3, 2],
      [3, 2],
      [3, 2],
    ],
    (tf, m, v, pm, pv) =>
      divergence(tf, { mean: m as never, logVariance: v as never }, { mean: pm as never, logVariance: pv as never }),
  ],
};

describe.each(backends)('on %s', (name) => {
  test.each(Object.keys(operations))('the gradient of %s is that of finite differences', async (operation) => {
    const tf = await tensorsOn(name).open();
    const [shapes, make] = operations[operation]!;
    const values = shapes.map((shape, at) => draws(sizeOf(shape), `${operation}/${at}`));
    const before = tf.memory().numTensors;
    const tensors = () => values.map((data, at) => tf.tensor(data.slice(), shapes[at]));
    const value = (...given: Tensor[]) => {
      const out = make(tf, ...given);
      return tf.sum(tf.mul(out, tf.tensor(draws(out.size, 'weights'), out.shape)));
    };
    const gradients = tf.tidy(
      () =>
        tf
          .grads(value as never)(tensors())
          .map((g) => g.dataSync<'float32'>().slice()) as never,
    ) as unknown as Float32Array[];
    const at = () => tf.tidy(() => value(...tensors()).dataSync()[0] as never) as unknown as number;
    for (const [n, entries] of values.entries())
      for (let i = 0; i < entries.length; i++) {
        const held = entries[i]!;
        const step = 1e-2;
        entries[i] = held + step;
        const above = at();
        entries[i] = held - step;
        const below = at();
        entries[i] = held;
        expect(gradients[n]![i], `input ${n}, entry ${i}`).toBeCloseTo((above - below) / (2 * step), 2);
      }
    expect(tf.memory().numTensors).toBe(before);
  });

  test('the gradient of gather and of a comparison exist, and transposed products agree with written-out ones', async () => {
    const tf = await tensorsOn(name).open();
    tf.tidy(() => {
      const table = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
      const ids = tf.tensor1d([2, 0, 2], 'int32');
      const gathered = tf.grad((t: Tensor) => tf.sum(tf.square(tf.gather(t, ids))));
      expect([...gathered(table).dataSync()]).toEqual([2, 4, 0, 0, 20, 24]);
      const kept = tf.grad((t: Tensor) => tf.sum(tf.where(tf.greater(t, 2), tf.square(t), tf.zerosLike(t))));
      expect([...kept(table).dataSync()]).toEqual([0, 0, 6, 8, 10, 12]);
      const a = tf.tensor2d(draws(35 * 18, 'a'), [35, 18]);
      const b = tf.tensor2d(draws(35 * 21, 'b'), [35, 21]);
      const product = tf.matMul(a, b, true, false).arraySync() as number[][];
      const [rowsA, rowsB] = [a.arraySync() as number[][], b.arraySync() as number[][]];
      for (const [i, j] of [
        [0, 0],
        [17, 20],
        [5, 11],
      ] as const)
        expect(product[i]![j]).toBeCloseTo(
          rowsA.reduce((sum, row, r) => sum + row[i]! * rowsB[r]![j]!, 0),
          4,
        );
    });
  });

  test('the divergence of equal laws is 0, and one sd away from N(0, 1) it is one half', async () => {
    const tf = await tensorsOn(name).open();
    tf.tidy(() => {
      const law = (mean: number) => ({ mean: tf.fill([4, 1], mean) as never, logVariance: tf.zeros([4, 1]) as never });
      expect(divergence(tf, law(0), {}).dataSync()[0]).toBe(0);
      expect(divergence(tf, law(3), law(3)).dataSync()[0]).toBe(0);
      expect(divergence(tf, law(1), {}).dataSync()[0]).toBe(0.5);
    });
  });

  test('the Bernoulli loss of certain logits stays finite', async () => {
    const tf = await tensorsOn(name).open();
    tf.tidy(() => {
      const z = tf.tensor2d([100, -100, -100, 100, -100], [1, 5]);
      const loss = bernoulliLoss({ tf, sums }, z as never, rowsAt(targets, [0])).dataSync()[0];
      expect(loss).toBeCloseTo(0, 5);
      expect(bernoulliLoss({ tf, sums }, tf.neg(z) as never, rowsAt(targets, [0])).dataSync()[0]).toBeCloseTo(500, 3);
    });
  });
});

test('noise is standard normal, and a longer one begins with the shorter', () => {
  const many = draws(20_000, 'many');
  const mean = many.reduce((a, b) => a + b, 0) / many.length;
  const variance = many.reduce((a, b) => a + (b - mean) ** 2, 0) / many.length;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  expect(draws(7, 'many')).toEqual(many.slice(0, 7));
});

test.skipIf(!hasNative)('both backends agree on every operation to five digits', async () => {
  const run = async (name: BackendName, [shapes, make]: (typeof operations)[string]): Promise<readonly number[]> => {
    const tf = await tensorsOn(name).open();
    return tf.tidy(() => {
      const given = shapes.map((shape, at) => tf.tensor(draws(sizeOf(shape), `input ${at}`), shape));
      return [...make(tf, ...given).dataSync()] as never;
    }) as unknown as readonly number[];
  };
  for (const [name, operation] of Object.entries(operations)) {
    const wasm = await run('wasm', operation);
    const native = await run('tensorflow', operation);
    expect(native, name).toEqual(wasm.map((value) => expect.closeTo(value, 5)));
  }
});
