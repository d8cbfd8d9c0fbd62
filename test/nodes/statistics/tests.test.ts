import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bootstrapInterval, bootstrapTest } from '../../../nodes/statistics/bootstrap.ts';
import { holm } from '../../../nodes/statistics/holm.ts';
import { mean, standardDeviation } from '../../../nodes/statistics/moments.ts';
import { pairedT } from '../../../nodes/statistics/paired-t.ts';
import { welchT } from '../../../nodes/statistics/welch-t.ts';
import { wilcoxonSignedRank } from '../../../nodes/statistics/wilcoxon.ts';

interface Result {
  readonly statistic: number;
  readonly p: number;
}
interface Golden {
  readonly paired: readonly {
    readonly a: number[];
    readonly b: number[];
    readonly t: Result;
    readonly wilcoxon: Result & { readonly exact: boolean; readonly d: number[] };
  }[];
  readonly welch: readonly (Result & { readonly a: number[]; readonly b: number[]; readonly df: number })[];
  readonly holm: readonly { readonly ps: number[]; readonly adjusted: number[] }[];
  readonly bootstrap: readonly {
    readonly d: number[];
    readonly method: 'percentile' | 'bca';
    readonly low: number;
    readonly high: number;
  }[];
}
const golden = JSON.parse(readFileSync(new URL('golden/statistics.json', import.meta.url), 'utf8')) as Golden;
/** Within a relative 1e-6, which is what the distributions promise. */
const near = (value: number, truth: number) => expect(Math.abs(value / truth - 1)).toBeLessThan(1e-6);

describe('tests agree with SciPy', () => {
  test.each(golden.paired.map((g) => [g.a.length, g] as const))("Student's t on %d pairs", async (_, g) => {
    const { statistic, p } = await pairedT(g.a, g.b);
    near(statistic, g.t.statistic);
    near(p, g.t.p);
  });

  test.each(
    golden.paired.map((g) => [g.a.length, g.wilcoxon.exact ? 'exact' : 'with ties, zeros or many', g] as const),
  )('Wilcoxon on %d pairs, %s', async (_, __, { wilcoxon }) => {
    const found = await wilcoxonSignedRank(
      wilcoxon.d,
      wilcoxon.d.map(() => 0),
    );
    expect(found.statistic).toBe(wilcoxon.statistic);
    expect(found.exact).toBe(wilcoxon.exact);
    near(found.p, wilcoxon.p);
  });

  test.each(golden.welch.map((g) => [g.a.length, g.b.length, g] as const))(
    'Welch on %d and %d values',
    async (_, __, g) => {
      const found = await welchT(g.a, g.b);
      near(found.statistic, g.statistic);
      near(found.p, g.p);
      near(found.df, g.df);
    },
  );

  test.each(golden.holm.map((g) => [g.ps.length, g] as const))("Holm's adjustment of %d p values", (_, g) => {
    holm(g.ps).forEach((p, at) => {
      expect(p).toBeCloseTo(g.adjusted[at] as number, 12);
    });
  });

  test.each(golden.bootstrap.map((g) => [g.method, g.d.length, g] as const))(
    'bootstrap interval, %s, of %d differences, to the noise of its draws',
    async (method, _, g) => {
      const { low, high } = await bootstrapInterval(g.d, { method, resamples: 50_000 });
      const width = g.high - g.low;
      expect(Math.abs(low - g.low) / width).toBeLessThan(0.015);
      expect(Math.abs(high - g.high) / width).toBeLessThan(0.015);
    },
  );
});

describe('a test has no p', () => {
  test('below two pairs', async () => {
    expect((await pairedT([1], [2])).p).toBeNaN();
    expect((await pairedT([], [])).p).toBeNaN();
    expect((await welchT([1], [2, 3])).p).toBeNaN();
    expect(bootstrapTest([1]).p).toBeNaN();
    expect((await bootstrapInterval([1])).low).toBeNaN();
    expect((await wilcoxonSignedRank([], [])).p).toBeNaN();
  });

  test('where all differences are equal, or differ by rounding alone', async () => {
    const a = [0.1, 0.2, 0.3, 0.7];
    const shifted = a.map((x) => x + 0.1); // differences of 0.1 and its neighbours
    expect((await pairedT(shifted, a)).p).toBeNaN();
    expect((await pairedT(a, a)).p).toBeNaN();
    expect((await welchT([1, 1, 1], [2, 2])).p).toBeNaN();
    expect(bootstrapTest([0.1, 0.1, 0.1]).p).toBeNaN();
    expect((await wilcoxonSignedRank(a, a)).p).toBeNaN();
    expect(await bootstrapInterval([0.5, 0.5, 0.5])).toEqual({ low: 0.5, high: 0.5 });
  });

  test('and pairs of different length are refused', async () => {
    await expect(pairedT([1, 2], [1])).rejects.toThrow('2 and 1 values do not pair up');
    await expect(wilcoxonSignedRank([1, 2], [1])).rejects.toThrow('2 and 1 values do not pair up');
  });
});

const anySample = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 20 });

describe('laws of tests', () => {
  test('swapping the sides turns the sign of t and leaves p', () =>
    fc.assert(
      fc.asyncProperty(anySample, async (a) => {
        const b = a.map((x, n) => x + ((n * 7) % 5) / 10 - 0.2);
        const [one, other] = [await pairedT(a, b), await pairedT(b, a)];
        if (Number.isNaN(one.p)) expect(other.p).toBeNaN();
        else {
          expect(other.statistic).toBeCloseTo(-one.statistic, 9);
          expect(other.p).toBeCloseTo(one.p, 12);
          expect(one.p).toBeGreaterThan(0);
          expect(one.p).toBeLessThanOrEqual(1);
        }
        expect((await wilcoxonSignedRank(a, b)).p).toBe((await wilcoxonSignedRank(b, a)).p);
      }),
      { numRuns: 50 },
    ));

  test("Holm's p never falls below the raw one, keeps the order and never exceeds 1", () =>
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }), (ps) => {
        const adjusted = holm(ps);
        ps.forEach((p, i) => {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p);
          expect(adjusted[i]).toBeLessThanOrEqual(1);
          ps.forEach((q, j) => {
            if (p < q) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] as number);
          });
        });
      }),
    ));

  test('the bootstrap is the same for the same seed, and close to t for many normal differences', async () => {
    const { a, b, t } = golden.paired.find((g) => g.a.length === 25)!;
    const d = a.map((x, n) => x - (b[n] as number));
    const once = bootstrapTest(d, { seed: 3 });
    expect(bootstrapTest(d, { seed: 3 })).toEqual(once);
    expect(bootstrapTest(d, { seed: 4 }).p).not.toBe(once.p);
    expect(once.statistic).toBeCloseTo(t.statistic, 9);
    expect(Math.abs(once.p - t.p)).toBeLessThan(0.02);
  });

  test('means and deviations are those of the textbook', () => {
    expect([mean([1, 2, 6]), standardDeviation([1, 2, 6])]).toEqual([3, Math.sqrt(7)]);
    expect(standardDeviation([1])).toBeNaN();
    // two passes: a large mean takes nothing from a small spread
    expect(standardDeviation([1e9, 1e9 + 1, 1e9 + 2])).toBe(1);
  });
});
