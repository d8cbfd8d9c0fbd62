import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exp, log, sigmoid, softplus } from '../../../nodes/learning/kernels/elementary.ts';

const relative = (value: number, truth: number) => (truth === 0 ? Math.abs(value) : Math.abs(value / truth - 1));
const worst = (of: (x: number) => number, truth: (x: number) => number, from: number, to: number) => {
  let most = 0;
  for (let n = 0; n <= 20_000; n++) {
    const x = from + ((to - from) * n) / 20_000;
    most = Math.max(most, relative(of(x), truth(x)));
  }
  return most;
};

describe('our own elementary functions', () => {
  test('exp is right to a relative error of 1e-9 over its whole range', () => {
    expect(worst(exp, Math.exp, -700, 700)).toBeLessThan(1e-9);
    expect(worst(exp, Math.exp, -1, 1)).toBeLessThan(1e-9);
  });

  test('log is right to a relative error of 1e-9, next to 1 as well', () => {
    expect(worst(log, Math.log, 1e-3, 1e3)).toBeLessThan(1e-9);
    expect(
      worst(
        (x) => log(1 + x),
        (x) => Math.log(1 + x),
        1e-7,
        1e-3,
      ),
    ).toBeLessThan(1e-9);
    expect(
      worst(
        (x) => log(10 ** x),
        (x) => Math.log(10 ** x),
        -300,
        300,
      ),
    ).toBeLessThan(1e-9);
  });

  test('sigmoid and softplus are right to 2e-9, also far out where one of their terms is lost', () => {
    expect(worst(sigmoid, (x) => 1 / (1 + Math.exp(-x)), -50, 50)).toBeLessThan(2e-9);
    expect(worst(softplus, (x) => (x > 0 ? x : 0) + Math.log1p(Math.exp(-Math.abs(x))), -50, 50)).toBeLessThan(2e-9);
  });

  test('the ends: 0, infinities and NaN are what they must be, and nothing overflows', () => {
    expect([exp(-1e9), exp(Number.NEGATIVE_INFINITY), exp(Number.NaN)]).toEqual([0, 0, Number.NaN]);
    expect(exp(1e9)).toBe(exp(709));
    expect(exp(0)).toBe(1);
    expect([log(0), log(-1), log(Number.NaN)]).toEqual([Number.NEGATIVE_INFINITY, Number.NaN, Number.NaN]);
    expect([log(1), log(Number.POSITIVE_INFINITY)]).toEqual([0, Number.POSITIVE_INFINITY]);
    expect([sigmoid(-1e4), sigmoid(1e4), softplus(-1e4), softplus(1e4)]).toEqual([0, 1, 0, 1e4]);
  });

  test('sigmoid(-x) is 1 - sigmoid(x), and softplus(x) - softplus(-x) is x', () =>
    fc.assert(
      fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (x) => {
        expect(sigmoid(-x)).toBeCloseTo(1 - sigmoid(x), 9);
        expect(softplus(x) - softplus(-x)).toBeCloseTo(x, 8);
      }),
    ));
});
