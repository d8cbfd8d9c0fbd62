import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainEngine } from '../../../../nodes/learning/kernels/numeric.ts';
import { Layout } from '../../../../nodes/learning/machine/memory.ts';
import { Sparse } from '../../../../nodes/learning/machine/sparse.ts';
import { bipartite, transposed } from '../../../../nodes/learning/propagation/sparse-matrix.ts';
import { compiledEngine, numbers, type Tolerance, twins } from './twins.ts';

/** The plain kernels calculate in 64 bits and round once; ours round each operation. */
const rounding: Tolerance = { relative: 1e-5, absolute: 1e-5 };
const users = 9;
const items = 6;
/** A matrix of 9 x 6, a table for each of its sides, and a list of its rows. */
function scene(stride: number, seed: number) {
  const layout = new Layout();
  const draw = numbers(seed);
  const pairs = Array.from({ length: 30 }, () => [Math.abs(draw()) * 2, Math.abs(draw()) * 2] as const);
  const edges = { user: Uint32Array.from(pairs, ([u]) => u), item: Uint32Array.from(pairs, ([, i]) => i) };
  const matrix = bipartite(edges, users, items);
  const [starts, columns] = [layout.takeIds(users + 1), layout.takeIds(matrix.columns.length)];
  const values = layout.takeFloats(matrix.columns.length);
  const [x, y] = [layout.takeFloats(items * stride), layout.takeFloats(users * stride)];
  const [base, list] = [layout.takeFloats(users * stride), layout.takeIds(4)];
  const it = twins(layout, ({ floats, ids }) => {
    for (let k = 0; k < items * stride; k++) floats[x + k] = draw();
    for (let k = 0; k < users * stride; k++) [floats[y + k], floats[base + k]] = [draw(), draw()];
    ids.set(matrix.starts, starts);
    ids.set(matrix.columns, columns);
    floats.set(matrix.values, values);
    ids.set([7, 0, 3, 5], list);
  });
  return { ...it, starts, columns, values, x, y, base, list };
}
const strides = fc.constantFrom(4, 8, 12, 16, 32, 36, 44, 64, 72, 128);
const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });

test('products with a sparse matrix agree with their twins at every width, with a base and without, set or added', () => {
  fc.assert(
    fc.property(strides, seeds, fc.boolean(), fc.boolean(), (stride, seed, based, adds) => {
      const { agree, starts, columns, values, x, y, base } = scene(stride, seed);
      agree((k) => k.sparse(starts, columns, values, x, based ? base : -1, y, stride, 0.7, adds, 2, 5), rounding);
    }),
    { numRuns: 60 },
  );
});
test('products of a few rows, and back, agree with their twins', () => {
  fc.assert(
    fc.property(strides, seeds, (stride, seed) => {
      const { agree, starts, columns, values, x, y, base, list } = scene(stride, seed);
      agree((k) => k.sparseAt(starts, columns, values, x, base, y, stride, 0.7, list, 4), rounding);
      agree((k) => k.sparseAt(starts, columns, values, x, -1, y, stride, 1, list, 3), rounding);
      agree((k) => k.sparseBack(starts, columns, values, y, x, stride, 0.7, list, 4), rounding);
      agree((k) => k.sparseBackRows(starts, columns, values, y, x, stride, 0.7, 2, 6), rounding);
    }),
    { numRuns: 60 },
  );
});
test('rows are copied, added and cleared where the list says', () => {
  for (const stride of [4, 20]) {
    const { agree, compiled, y, base, list } = scene(stride, 3);
    agree((k) => k.addRowsAt(base, y, stride, -1.5, list, 4), rounding);
    agree((k) => k.copy(y, base, 3 * stride), rounding);
    agree((k) => k.clearRowsAt(y, stride, list, 4), rounding);
    expect([...compiled.floats.subarray(y, y + stride)]).toEqual(Array.from({ length: stride }, () => 0));
    expect(compiled.floats[y + stride]).not.toBe(0);
  }
});

test('a product that is made in several calls is the one that is made in one', () => {
  const stride = 64;
  const rows = 6001;
  const user = Uint32Array.from({ length: 9 * rows }, (_, e) => e % rows);
  const item = Uint32Array.from(user, (u, e) => (u * 7 + e * 13) % 50);
  const matrix = bipartite({ user, item }, rows, 50);
  const layout = new Layout();
  const sparse = new Sparse(matrix, layout);
  const [x, out, whole] = [50, rows, rows].map((n) => layout.takeFloats(n * stride)) as [number, number, number];
  const list = layout.takeIds(rows);
  const arena = plainEngine.arena(layout.bytes);
  const memory = layout.build(arena.buffer);
  sparse.write(memory);
  const draw = numbers(4);
  for (let k = 0; k < 50 * stride; k++) memory.floats[x + k] = draw();
  for (let r = 0; r < rows; r++) memory.ids[list + r] = r;
  const kernels = arena.kernels(memory);
  let calls = 0;
  const counted = {
    ...kernels,
    sparse: (...args: Parameters<typeof kernels.sparse>) => {
      calls++;
      kernels.sparse(...args);
    },
  };
  sparse.times(counted, x, -1, out, stride, 1, false);
  sparse.timesAt(kernels, x, -1, whole, stride, 1, { list, counts: 0, n: rows });
  expect(calls).toBeGreaterThan(1);
  let apart = 0;
  for (let k = 0; k < rows * stride; k++) if (memory.floats[out + k] !== memory.floats[whole + k]) apart++;
  expect(apart).toBe(0);
  for (const r of [0, 4321, rows - 1]) {
    let first = 0;
    for (let e = matrix.starts[r]!; e < matrix.starts[r + 1]!; e++)
      first += matrix.values[e]! * memory.floats[x + matrix.columns[e]! * stride]!;
    expect(memory.floats[out + r * stride]).toBeCloseTo(first, 5);
  }
});

test('a product with the transpose is the same to the bit, made from its rows or from those of the matrix', () => {
  const stride = 20;
  const draw = numbers(9);
  const edges = {
    user: Uint32Array.from({ length: 900 }, () => Math.abs(draw()) * 100),
    item: Uint32Array.from({ length: 900 }, () => Math.abs(draw()) * 10),
  };
  const R = bipartite(edges, 300, 30);
  const layout = new Layout();
  const [matrix, back] = [new Sparse(R, layout), new Sparse(transposed(R), layout)];
  const [x, base, a, b] = [300, 30, 30, 30].map((n) => layout.takeFloats(n * stride)) as [
    number,
    number,
    number,
    number,
  ];
  for (const engine of [compiledEngine, plainEngine]) {
    const arena = engine.arena(layout.bytes);
    const memory = layout.build(arena.buffer);
    const k = arena.kernels(memory);
    matrix.write(memory);
    back.write(memory);
    for (let n = x; n < a; n++) memory.floats[n] = draw();
    matrix.turned(k, x, base, a, stride);
    back.times(k, x, base, b, stride, 1, false);
    const part = (at: number) => [...memory.floats.subarray(at, at + 30 * stride)];
    if (engine === compiledEngine) expect(part(a)).toEqual(part(b));
    else for (const [n, value] of part(a).entries()) expect(value).toBeCloseTo(part(b)[n]!, 4);
    expect(Math.max(...part(a))).toBeGreaterThan(1);
  }
});
