import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Kernels } from '../../../../nodes/learning/kernels/kernels.ts';
import { Layout, numbers, type Tolerance, twins } from './twins.ts';

/** The plain kernels calculate in 64 bits and round once; ours round each operation. */
const rounding: Tolerance = { relative: 1e-6, absolute: 1e-6 };
const exactly: Tolerance = { relative: 0, absolute: 0 };
const runs = { numRuns: 60 };
const lengths = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1000, max: 1030 }));
const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });

/** A block of three arguments and a result, the result in the middle of other numbers. */
function block(n: number, seed: number) {
  const layout = new Layout();
  const [a, b, c, out] = [n, n, n, n + 8].map((size) => layout.takeFloats(size)) as [number, number, number, number];
  const draw = numbers(seed);
  const pair = twins(layout, ({ floats }) => {
    for (let i = a; i < floats.length; i++) floats[i] = draw();
  });
  return { ...pair, a, b, c, out };
}
const elementwise: Readonly<
  Record<string, (k: Kernels, at: { a: number; b: number; c: number; out: number }, n: number) => void>
> = {
  fill: (k, { out }, n) => k.fill(out, n, 0.3),
  affine: (k, { a, out }, n) => k.affine(a, -1.7, 0.25, out, n),
  add: (k, { a, b, out }, n) => k.add(a, b, out, n),
  sub: (k, { a, b, out }, n) => k.sub(a, b, out, n),
  mul: (k, { a, b, out }, n) => k.mul(a, b, out, n),
  div: (k, { a, b, out }, n) => k.div(a, b, out, n),
  under: (k, { a, out }, n) => k.under(a, 2.5, out, n),
  exp: (k, { a, out }, n) => k.exp(a, out, n),
  log: (k, { a, out }, n) => k.log(a, 4, out, n),
  sigmoid: (k, { a, out }, n) => k.sigmoid(a, out, n),
  softplus: (k, { a, out }, n) => k.softplus(a, out, n),
  tanh: (k, { a, out }, n) => k.tanh(a, out, n),
  clip: (k, { a, out }, n) => k.clip(a, -0.5, 0.75, out, n),
  inside: (k, { a, out }, n) => k.inside(a, -0.5, 0.75, out, n),
  where: (k, { a, b, c, out }, n) => k.where(a, b, c, out, n),
};
for (const [name, run] of Object.entries(elementwise))
  test(`${name} agrees with its twin on any number of rows, and writes no row more`, () => {
    fc.assert(
      fc.property(lengths, seeds, (n, seed) => {
        const it = block(n, seed);
        it.agree((k) => run(k, it, n), rounding);
      }),
      runs,
    );
  });

test('an operation may write over its argument', () => {
  const it = block(37, 5);
  it.agree((k) => k.mul(it.a, it.b, it.a, 37), rounding);
  it.agree((k) => k.sigmoid(it.b, it.b, 37), rounding);
});

test('a condition holds for NaN and not for either zero; a clip keeps NaN; NaN lies inside of nothing', () => {
  const layout = new Layout();
  const [a, yes, no, out] = [7, 7, 7, 7].map((n) => layout.takeFloats(n)) as [number, number, number, number];
  const it = twins(layout, ({ floats }) => {
    floats.set([Number.NaN, 0, -0, 1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN], a);
    floats.fill(1, yes, yes + 7);
  });
  const values = () => [...it.compiled.floats.subarray(out, out + 7)];
  it.agree((k) => k.where(a, yes, no, out, 7), exactly);
  expect(values()).toEqual([1, 0, 0, 1, 1, 1, 1]);
  it.agree((k) => k.clip(a, -2, 2, out, 7), exactly);
  expect(values()).toEqual([Number.NaN, 0, -0, 1, 2, -2, Number.NaN]);
  it.agree((k) => k.inside(a, -2, 2, out, 7), exactly);
  expect(values()).toEqual([0, 1, 1, 1, 0, 0, 0]);
  it.agree((k) => k.max(a, 7), exactly);
});

test('sums, sums of squares and maxima agree with their twins', () => {
  fc.assert(
    fc.property(lengths, seeds, (n, seed) => {
      const it = block(n, seed);
      it.agree((k) => k.sum(it.a, n), { relative: 1e-9, absolute: 1e-9 });
      it.agree((k) => k.sumSquares(it.a, n), { relative: 3e-7, absolute: 0 });
      it.agree((k) => k.max(it.a, n), exactly);
    }),
    runs,
  );
});

/** Two tables of `width` numbers a row, their gradients, a batch of ids (which repeat) and a slope a row. */
function tables(widthA: number, widthB: number, n: number, seed: number) {
  const layout = new Layout();
  const [rowsA, rowsB] = [7, 5];
  const [strideA, strideB] = [(widthA + 3) & ~3, (widthB + 3) & ~3];
  const a = layout.takeFloats(rowsA * strideA);
  const ga = layout.takeFloats(rowsA * strideA);
  const b = layout.takeFloats(rowsB * strideB);
  const gb = layout.takeFloats(rowsB * strideB);
  const slope = layout.takeFloats(n);
  const out = layout.takeFloats(n + 8);
  const counts = layout.takeFloats(n);
  const c = layout.takeFloats(widthA * strideB);
  const aIds = layout.takeIds(n);
  const bIds = layout.takeIds(n);
  const draw = numbers(seed);
  const it = twins(layout, ({ floats, ids }) => {
    for (const [at, rows, stride, width] of [
      [a, rowsA, strideA, widthA],
      [ga, rowsA, strideA, widthA],
      [b, rowsB, strideB, widthB],
      [gb, rowsB, strideB, widthB],
    ] as const)
      for (let r = 0; r < rows; r++) for (let k = 0; k < width; k++) floats[at + r * stride + k] = draw();
    for (let r = 0; r < n; r++) {
      floats[slope + r] = draw();
      floats[counts + r] = 1 + (r % 3);
      ids[aIds + r] = Math.floor((draw() + 3) * 1000) % rowsA;
      ids[bIds + r] = Math.floor((draw() + 3) * 1000) % rowsB;
    }
  });
  return { ...it, a, ga, b, gb, slope, out, counts, c, aIds, bIds, strideA, strideB };
}
const widths = fc.integer({ min: 1, max: 40 });
/** Sums of n products of numbers up to 3, whose order differs. */
const summing = (n: number): Tolerance => ({ relative: 2e-6, absolute: 2e-6 * (n + 4) });

test('gather-dot and its scatter agree with their twins at every width, and leave a side out when asked', () => {
  fc.assert(
    fc.property(widths, fc.integer({ min: 0, max: 30 }), seeds, fc.boolean(), fc.boolean(), (w, n, seed, noA, noB) => {
      const t = tables(w, w, n, seed);
      t.agree((k) => k.gatherDot(t.a, t.aIds, t.b, t.bIds, t.strideA, t.out, n), summing(w));
      t.agree(
        (k) => k.scatterDot(t.a, noA ? -1 : t.ga, t.aIds, t.b, noB ? -1 : t.gb, t.bIds, t.strideA, t.slope, n),
        summing(n),
      );
    }),
    runs,
  );
});

test('gather and scatter of single entries agree with their twins', () => {
  fc.assert(
    fc.property(widths, fc.integer({ min: 0, max: 30 }), seeds, (w, n, seed) => {
      const t = tables(w, w, n, seed);
      t.agree((k) => k.gather(t.a, t.aIds, t.strideA, t.out, n), exactly);
      t.agree((k) => k.scatter(t.ga, t.aIds, t.strideA, t.slope, n), summing(n));
    }),
    runs,
  );
});

test('penalties on squared rows agree with their twins, rows that repeat included', () => {
  fc.assert(
    fc.property(widths, fc.integer({ min: 0, max: 30 }), seeds, (w, n, seed) => {
      const t = tables(w, w, n, seed);
      t.agree((k) => k.sumSquaresAt(t.a, t.strideA, t.aIds, t.counts, n), { relative: 2e-6, absolute: 0 });
      t.agree((k) => k.scatterSquares(t.a, t.ga, t.strideA, t.aIds, t.counts, 0.37, n), summing(n));
    }),
    runs,
  );
});

test('cross-Gram matrices of any two widths agree with their twins, forwards and backwards', () => {
  fc.assert(
    fc.property(
      widths,
      widths,
      fc.integer({ min: 0, max: 150 }),
      seeds,
      fc.boolean(),
      fc.boolean(),
      (wa, wb, n, seed, noA, noB) => {
        const t = tables(wa, wb, n, seed);
        // both tables are on one side: ids of the smaller one fit both
        t.agree((k) => k.crossGram(t.a, wa, t.strideA, t.b, t.strideB, t.bIds, t.counts, t.c, n), summing(9 * n));
        const [ga, gb] = [noA ? -1 : t.ga, noB ? -1 : t.gb];
        t.agree(
          (k) => k.scatterCrossGram(t.a, ga, wa, t.strideA, t.b, gb, t.strideB, t.bIds, t.counts, t.c, 0.01, n),
          summing(3 * (n * n + 40 * n)),
        );
      },
    ),
    runs,
  );
});

/** A step of Adam is as long for a gradient of 1e-6 as for one of 1, so what rounding leaves of a small one shows in it. */
const stepping: Tolerance = { relative: 1e-4, absolute: 2e-6 };

test('Adam and SGD agree with their twins over many steps, with and without decay', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), seeds, fc.constantFrom(0, 1e-3), (quads, seed, l2) => {
      const n = 4 * quads;
      const it = block(n, seed);
      const [p, g, m, v] = [it.a, it.b, it.c, it.out];
      it.agree((k) => {
        k.fill(m, n, 0);
        k.fill(v, n, 0);
      }, exactly);
      for (let t = 1; t <= 5; t++) {
        const last = t % 2 === 0;
        const [rate, root] = [0.01 / (1 - 0.9 ** t), Math.sqrt(1 - 0.999 ** t)];
        it.agree((k) => k.adam(p, g, m, v, n, l2, rate, root, last), stepping);
      }
      it.agree((k) => k.sgd(p, g, m, n, l2, 0.1, 0.9, false), stepping);
      it.agree((k) => k.sgd(p, g, m, n, l2, 0.1, 0.9, true), stepping);
    }),
    runs,
  );
});

test('a tally lists each row once, in the order in which it first occurs, with how often; a second batch adds to it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 40 }),
      fc.integer({ min: 0, max: 40 }),
      (all, cut) => {
        const layout = new Layout();
        const ids = layout.takeIds(all.length);
        const slots = layout.takeIds(13);
        const list = layout.takeIds(13);
        const counts = layout.takeFloats(13);
        const it = twins(layout, (memory) => memory.ids.set(all, ids));
        const first = Math.min(cut, all.length);
        let n = 0;
        it.agree((k) => (n = k.tally(ids, first, slots, list, counts, 0)), exactly);
        const before = n;
        it.agree((k) => (n = k.tally(ids + first, all.length - first, slots, list, counts, before)), exactly);
        it.agree((k) => k.untally(slots, list, n), exactly);
        const distinct = [...new Set(all)];
        expect([...it.compiled.ids.subarray(list, list + n)]).toEqual(distinct);
        expect([...it.compiled.floats.subarray(counts, counts + n)]).toEqual(
          distinct.map((id) => all.filter((other) => other === id).length),
        );
        expect([...it.compiled.ids.subarray(slots, slots + 13)].every((slot) => slot === 0)).toBe(true);
      },
    ),
    runs,
  );
});

test('Adam on listed rows agrees with its twin, and gives those rows the bits that it gives them among all', () => {
  const some = fc.uniqueArray(fc.integer({ min: 0, max: 6 }));
  fc.assert(
    fc.property(seeds, fc.constantFrom(4, 12, 36), fc.constantFrom(0, 1e-3), some, (seed, stride, l2, listed) => {
      const layout = new Layout();
      const size = 7 * stride;
      const [p, g, m, v] = [0, 0, 0, 0].map(() => layout.takeFloats(size)) as [number, number, number, number];
      const list = layout.takeIds(7);
      const draw = numbers(seed);
      const it = twins(layout, ({ floats, ids }) => {
        for (let i = p; i < m; i++) floats[i] = draw();
        ids.set(listed, list);
      });
      const { floats } = it.compiled;
      const before = floats.slice(p, v + size);
      it.agree((k) => k.adamRows(p, g, m, v, stride, list, listed.length, l2, 0.1, 0.03, true), stepping);
      const after = floats.slice(p, v + size);
      floats.set(before, p);
      it.kernels.adam(p, g, m, v, size, l2, 0.1, 0.03, true);
      const all = floats.slice(p, v + size);
      for (let i = 0; i < after.length; i++) {
        const row = Math.floor((i % size) / stride);
        if (after[i] !== (listed.includes(row) ? all : before)[i]) expect(after[i], `entry ${i}`).toBe(all[i]);
      }
    }),
    runs,
  );
});
