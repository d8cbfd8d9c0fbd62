import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomOf } from '../../../core/numeric/index.ts';
import { program } from '../../../nodes/learning/declaration.ts';
import { Layout } from '../../../nodes/learning/machine/memory.ts';
import { Permutation } from '../../../nodes/learning/sampling/feistel.ts';
import { ObservedPairs } from '../../../nodes/learning/sampling/observed.ts';
import { observedSampler, pairSampler } from '../../../nodes/learning/sampling/samplers.ts';
import { bound, items, toyRows, users } from './bench.ts';

describe('the permutation without an array', () => {
  test('is a permutation of any size under any key', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.string(), (size, seed) => {
        const permutation = new Permutation(size);
        permutation.key(randomOf(seed));
        const seen = new Uint8Array(size);
        for (let at = 0; at < size; at++) seen[permutation.at(at)]!++;
        expect(seen.every((times) => times === 1)).toBe(true);
      }),
    ));

  test('stays inside and repeats nothing at the size of large data sets, up to 2^32', () => {
    for (const size of [15_416_401, 2 ** 31 + 1, 2 ** 32]) {
      const permutation = new Permutation(size);
      permutation.key(randomOf(size));
      const images = new Set(Array.from({ length: 50_000 }, (_, at) => permutation.at(at)));
      expect(images.size).toBe(50_000);
      expect([...images].filter((image) => !(image >= 0 && image < size))).toEqual([]);
    }
    expect(() => new Permutation(2 ** 32 + 1)).toThrow('cannot permute 4294967297 positions');
  });

  test('sends every position everywhere equally often over its keys', () => {
    const size = 12;
    const keys = 6000;
    const permutation = new Permutation(size);
    const random = randomOf('keys');
    const counts = Array.from({ length: size }, () => new Uint32Array(size));
    for (let key = 0; key < keys; key++) {
      permutation.key(random.for(String(key)));
      for (let at = 0; at < size; at++) counts[at]![permutation.at(at)]!++;
    }
    const expected = keys / size;
    for (const row of counts) {
      const chiSquare = row.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      expect(chiSquare).toBeLessThan(35); // 11 degrees of freedom: above with probability 2e-4
    }
  });
});

/** A batch in memory of its own. */
function place(size: number, columns: readonly string[]) {
  const layout = new Layout();
  const at = {
    size,
    user: layout.takeIds(size),
    item: layout.takeIds(size),
    columns: Object.fromEntries(columns.map((name) => [name, layout.takeFloats(size)])),
  };
  const memory = layout.build();
  const pairs = () =>
    Array.from(
      { length: size },
      (_, r) => (memory.ids[at.user + r] as number) * items + (memory.ids[at.item + r] as number),
    );
  const column = (name: string) => [...memory.floats.subarray(at.columns[name], (at.columns[name] as number) + size)];
  return { at, memory, pairs, column };
}

describe('batches of observed rows', () => {
  const rows = toyRows(11);
  const epochOf = (seed: string, epoch: number, name = 'B') => {
    const { at, memory, pairs, column } = place(4, ['y', 'w', 'o']);
    const sampler = observedSampler(name, at, rows, memory, randomOf(seed));
    sampler.startEpoch(epoch);
    const drawn = Array.from({ length: sampler.steps }, (_, step) => {
      sampler.draw(step);
      return { pairs: pairs(), y: column('y'), w: column('w'), o: column('o') };
    });
    return { steps: sampler.steps, drawn, order: drawn.flatMap((batch) => batch.pairs) };
  };

  test('hold every row at most once an epoch, and leave the incomplete last batch out', () => {
    const { steps, order } = epochOf('a', 0);
    expect(steps).toBe(2);
    expect(new Set(order).size).toBe(8);
  });

  test('carry the columns of their rows', () => {
    for (const { pairs, y, w, o } of epochOf('a', 0).drawn)
      pairs.forEach((pair, r) => {
        const row = rows.user.findIndex((user, n) => user * items + (rows.item[n] as number) === pair);
        expect([y[r], w[r], o[r]]).toEqual([rows.columns.y![row], rows.columns.w![row], 1]);
      });
  });

  test('come in a new order each epoch, which the seed, the stream and the epoch decide', () => {
    expect(epochOf('a', 0).order).toEqual(epochOf('a', 0).order);
    expect(epochOf('a', 1).order).not.toEqual(epochOf('a', 0).order);
    expect(epochOf('b', 0).order).not.toEqual(epochOf('a', 0).order);
    expect(epochOf('a', 0, 'C').order).not.toEqual(epochOf('a', 0).order);
  });

  test('reach every row in the long run', () => {
    const reached = new Set(Array.from({ length: 20 }, (_, epoch) => epochOf('a', epoch).order).flat());
    expect(reached.size).toBe(11);
  });
});

describe('samples of all pairs', () => {
  const rows = toyRows(9);
  const sampled = (epoch: number) => {
    const { at, memory, pairs, column } = place(6, ['y', 'o']);
    const observed = () => new ObservedPairs(rows.user, rows.item, users, items);
    const sampler = pairSampler('S', at, rows, memory, randomOf('s'), observed);
    sampler.startEpoch(epoch);
    return Array.from({ length: sampler.steps }, (_, step) => {
      sampler.draw(step);
      return { pairs: pairs(), y: column('y'), o: column('o') };
    });
  };

  test('repeat no pair within an epoch and reach every pair over epochs', () => {
    const first = sampled(0).flatMap(({ pairs }) => pairs);
    expect(new Set(first).size).toBe(18);
    const all = new Set(
      Array.from({ length: 30 }, (_, epoch) => sampled(epoch)).flatMap((e) => e.flatMap(({ pairs }) => pairs)),
    );
    expect(all.size).toBe(users * items);
  });

  test('know which pairs are observed, and the label of those', () => {
    let known = 0;
    for (const { pairs, y, o } of [0, 1, 2].flatMap(sampled))
      pairs.forEach((pair, r) => {
        const row = rows.user.findIndex((user, n) => user * items + (rows.item[n] as number) === pair);
        expect([o[r], y[r]]).toEqual(row < 0 ? [0, 0] : [1, rows.columns.y![row]]);
        if (row >= 0) known++;
      });
    expect(known).toBeGreaterThan(10);
  });

  test('are refused when an epoch would need more pairs than there are', () => {
    const greedy = program({
      tables: { P: { rows: 'user', width: 1, start: { constant: 0 } } },
      scores: { z: { bias: 'P' } },
      streams: { B: { draw: 'observed', batch: 2 }, S: { draw: 'pairs', per: 'B', ratio: 3 } },
      groups: { all: { own: ['P'], rate: 1 } },
      batch: ({ score, mean }) => [{ loss: mean('S', score('z')), move: ['all'] }],
      stop: { rule: 'plateau', tolerance: 0, patience: 5, epochs: 1 },
      serve: ({ score }) => score('z'),
    });
    expect(() => bound(greedy)).toThrow('an epoch of 6 batches needs 36 pairs, and 5 users x 4 items are 20');
  });
});

test('the index of observed pairs finds the row of each, and -1 for the others', () =>
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(39 * 67 - 1), { maxLength: 400 }), (pairs) => {
      const user = Uint32Array.from(pairs, (pair) => Math.floor(pair / 67));
      const item = Uint32Array.from(pairs, (pair) => pair % 67);
      const observed = new ObservedPairs(user, item, 39, 67);
      const rowOf = new Map(pairs.map((pair, row) => [pair, row]));
      const wrong = Array.from({ length: 39 * 67 }, (_, pair) => pair).filter(
        (pair) => observed.row(pair) !== (rowOf.get(pair) ?? -1),
      );
      expect(wrong).toEqual([]);
    }),
    { numRuns: 30 },
  ));
