import { describe, expect, test } from 'vitest';
import { LegacyNumpy } from '../../../core/numeric/index.ts';

/** Every expected number was printed by numpy 2.4 from `numpy.random.RandomState(1234)`. */
describe("numpy's legacy generator", () => {
  test('draws the same 32-bit integers', () => {
    const random = new LegacyNumpy(1234);
    expect([random.uint32(), random.uint32(), random.uint32(), random.uint32()]).toEqual([
      822569775, 2137449171, 2671936806, 3512589365,
    ]);
  });

  test('permutes, and draws doubles and normals, without losing its place between them', () => {
    const random = new LegacyNumpy(1234);
    expect([...random.permutation(290).slice(0, 8)]).toEqual([222, 69, 288, 67, 110, 209, 52, 210]);
    expect(random.uniform()).toBe(0.0835270070444003);
    const normals = [random.normal(), random.normal(), random.normal()];
    [0.057283416245990634, 1.6114764532050687, 1.1808933428003747].forEach((value, at) => {
      expect(normals[at]).toBeCloseTo(value, 14);
    });
  });

  test('stays in step over more draws than its state holds', () => {
    const random = new LegacyNumpy(1234);
    for (let draw = 0; draw < 2000; draw++) random.uint32();
    expect(random.uint32()).toBe(1722738895);
  });
});
