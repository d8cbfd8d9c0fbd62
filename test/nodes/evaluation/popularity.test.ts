import { describe, expect, test } from 'vitest';
import { exposures } from '../../../nodes/evaluation/popularity/exposure.ts';
import { itemGroups, longTail, popularityOf } from '../../../nodes/evaluation/popularity/groups.ts';
import { rankBias } from '../../../nodes/evaluation/popularity/rank-bias.ts';
import { definitionOf } from '../../../nodes/evaluation/presets.ts';
import { spearman } from '../../../nodes/statistics/correlation.ts';
import { measured, type Row } from './measured.ts';

describe('items by popularity', () => {
  test('fall into groups whose edges are the most rows of an item', () => {
    const { names, of, sizes } = itemGroups(Uint32Array.of(0, 10, 11, 51, 7), [10, 50]);
    expect(names).toEqual(['<=10', '<=50', '>50']);
    expect([...of]).toEqual([0, 0, 1, 2, 0]);
    expect([...sizes]).toEqual([3, 1, 1]);
  });
  test('are head until the head holds its share, and of equals the lower id is head first', () => {
    expect([...longTail(Uint32Array.of(2, 8, 2, 6, 2), 0.8)]).toEqual([0, 0, 1, 0, 1]);
    expect([...longTail(Uint32Array.of(1, 1, 1, 1), 0.5)]).toEqual([0, 0, 1, 1]);
    expect([...popularityOf(Uint32Array.of(2, 2, 0), 4)]).toEqual([1, 0, 2, 0]);
  });
});

test('exposure counts lists, slots and finds at every cut-off in one pass', () => {
  const all = exposures(Uint32Array.of(4, 2, 1, 1), { cutoffs: [1, 3], itemGroups: [1], headShare: 0.7 });
  all.add({ top: Uint32Array.of(0, 2, 3), depth: 3, wanted: Uint32Array.of(2) });
  all.add({ top: Uint32Array.of(0, 1, 9), depth: 2, wanted: Uint32Array.of(0, 3) });
  all.add({ top: Uint32Array.of(9, 9, 9), depth: 0, wanted: Uint32Array.of(3) });
  const [one, three] = all.finish();
  expect([...(one?.recommended ?? [])]).toEqual([2, 0, 0, 0]);
  expect([...(three?.recommended ?? [])]).toEqual([2, 1, 1, 1]);
  expect([...(one?.found ?? [])]).toEqual([1, 0, 0, 0]);
  expect([...(three?.found ?? [])]).toEqual([1, 0, 1, 0]);
  expect([...all.wanted]).toEqual([1, 0, 1, 2]);
  expect(three).toMatchObject({ k: 3, lists: 2, meanPopularity: 2 + 3, tailShare: 2 / 3 });
});

test("Spearman's correlation shares the ranks of ties, and is not a number for a constant", () => {
  expect(spearman([1, 2, 3], [10, 20, 15])).toBeCloseTo(0.5, 12);
  expect(spearman([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
  expect(spearman([1, 1], [1, 2])).toBeNaN();
});

test('PRU is 1 when popular items come first, -1 when they come last, and counts only users with a difference', () => {
  const bias = rankBias(Uint32Array.of(9, 5, 1, 1));
  bias.add(Uint32Array.of(0, 1, 2), [1, 2, 3]);
  expect(bias.user()).toBeCloseTo(1, 12);
  bias.add(Uint32Array.of(2, 3), [1, 2]);
  bias.add(Uint32Array.of(0), [7]);
  bias.add(Uint32Array.of(0, 1), [Number.NaN, 2]);
  expect(bias.user()).toBeCloseTo(1, 12);
  bias.add(Uint32Array.of(0, 2), [5, 1]);
  expect(bias.user()).toBeCloseTo(0, 12);
});

describe('popularity in the table of metrics', () => {
  const shape = { users: 3, items: 4 };
  // item 0 has three train rows, item 1 one, items 2 and 3 none
  const train = [
    [1, 0],
    [2, 0],
    [0, 1],
  ] as const;
  const definition = definitionOf('macr', { cutoffs: [1, 2], itemGroups: [0, 1], headShare: 0.6 });
  const scores: Row[] = [
    [0, 0, 4],
    [0, 2, 3],
    [0, 3, 1],
    [1, 1, 4],
    [1, 2, 3],
    [1, 3, 2],
  ];
  const wanted: Row[] = [
    [0, 0, 1],
    [0, 3, 1],
    [1, 2, 1],
  ];
  test('says what every item and group of items gets', async () => {
    const { values, metrics } = await measured({ shape, scores, test: wanted, train }, definition);
    expect(values).toMatchObject({
      'hr@1': 0.5,
      'hr@2': 1,
      'arp@1': 1.5,
      'arp@2': (1 + 0.5) / 2,
      'aplt@1': 0.5,
      'aplt@2': (0.5 + 1) / 2,
      'coverage@1': 0.5,
      'coverage@2': 0.75,
      'gini@2': ((2 * 2 - 5) * 1 + (2 * 3 - 5) * 1 + (2 * 4 - 5) * 2) / (4 * 4),
      // groups <=0: item 2 of one reader of two; <=1: nothing wanted; >1: item 0 found
      'popreo@2': 0.25 / 0.75,
      'frequency:<=0@2': 1,
      'frequency:>1@2': 1,
      'slots:<=0@2': 0.5,
      'recall:<=0@2': 0.5,
      'recall:>1@2': 1,
      'pru@0': 1,
    });
    // candidates: two readers see items 2 and 3, one item 1, one item 0; slots 2, 1, 1
    const rates = [2 / 4, 1, 1];
    const centre = 2.5 / 3;
    const sd = Math.sqrt(rates.reduce((sum, r) => sum + (r - centre) ** 2, 0) / 3);
    expect(values['poprsp@2']).toBeCloseTo(sd / centre, 12);
    expect(metrics.reason[metrics.metric.indexOf('recall:<=1')]).toBe('nobody wants an item of the group');
  });
  test('is left out, with a word, where train is not known', async () => {
    const { values, warnings } = await measured({ shape, scores, test: wanted }, definition);
    expect(values['arp@2']).toBeUndefined();
    expect(warnings.join()).toContain('popularity is counted in train');
  });
});
