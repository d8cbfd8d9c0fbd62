import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchColumns } from '../../../nodes/statistics/matching.ts';

const a = [1, 2, 3, 4, 5];
const b = [5, 1, 4, 1, 5];
const c = [1, 0, 0, 0, -1];

test('columns that were shuffled, scaled and turned find their originals, with the sign of the turn', () => {
  const found = matchColumns([c.map((x) => -2 * x), a, b.map((x) => 3 * x + 7)], [a, b, c]);
  expect(found.map(({ first, second }) => [first, second])).toEqual([
    [1, 0],
    [2, 1],
    [0, 2],
  ]);
  expect(found.map(({ correlation }) => correlation)).toEqual([1, 1, -1].map((r) => expect.closeTo(r, 12)));
});

test('a constant column correlates with nothing and is matched last', () => {
  const found = matchColumns([[0.1, 0.1, 0.1, 0.1, 0.1], a], [a, b]);
  expect(found).toEqual([
    { first: 1, second: 0, correlation: expect.closeTo(1, 12) },
    { first: 0, second: 1, correlation: 0 },
  ]);
});

test('sets of different sizes give as many matches as the smaller has columns, and nothing gives none', () => {
  expect(matchColumns([a, b, c], [c])).toEqual([{ first: 2, second: 0, correlation: expect.closeTo(1, 12) }]);
  expect(matchColumns([], [a])).toEqual([]);
  expect(() => matchColumns([[1, 2]], [a])).toThrow('columns of 2 and 5 rows');
});

test('no other matching has a larger sum', () => {
  const column = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 6, maxLength: 6 });
  const set = fc.array(column, { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(set, set, (first, second) => {
      const sum = (of: readonly { correlation: number }[]) =>
        of.reduce((total, { correlation }) => total + Math.abs(correlation), 0);
      const one = (x: number, y: number) => sum(matchColumns([first[x]!], [second[y]!]));
      const orders = [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
      ];
      const best = Math.max(...orders.map(([x, y, z]) => one(x!, 0) + one(y!, 1) + one(z!, 2)));
      expect(sum(matchColumns(first, second))).toBeCloseTo(best, 9);
    }),
    { numRuns: 30 },
  );
});
