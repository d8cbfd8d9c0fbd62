import { describe, expect, test } from 'vitest';
import { randomOf } from '../../../core/numeric/index.ts';
import { program } from '../../../nodes/learning/declaration.ts';
import { pairwise, pairwiseLosses } from '../../../nodes/learning/expression/pairwise.ts';
import { Layout } from '../../../nodes/learning/machine/memory.ts';
import type { TrainingRows } from '../../../nodes/learning/sampling/samplers.ts';
import { aliasDraw, ClickedItems, tripleSampler } from '../../../nodes/learning/sampling/triples.ts';
import { bound, draw, gapOf, toyRows } from './bench.ts';

/** Twelve users with one to four of nine items; user 12 has none and user 13 all of them. */
const rows: TrainingRows = (() => {
  const pairs: [number, number][] = [];
  for (let u = 0; u < 12; u++) for (let n = 0; n <= u % 4; n++) pairs.push([u, (u * 5 + n * n) % 9]);
  for (let i = 0; i < 9; i++) pairs.push([13, i]);
  return {
    users: 14,
    items: 9,
    user: Uint32Array.from(pairs, ([u]) => u),
    item: Uint32Array.from(pairs, ([, i]) => i),
    columns: { w: Float32Array.from(pairs, ([u, i]) => 100 * u + i) },
  };
})();
const has = (user: number, item: number) => rows.user.some((u, r) => u === user && rows.item[r] === item);

function sampled(options: {
  batch: number;
  user?: 'uniform' | 'interaction';
  negatives?: number;
  popularity?: number;
}) {
  const { batch: size, user = 'uniform', negatives = 1, popularity = 0 } = options;
  const layout = new Layout();
  const batch = {
    size,
    user: layout.takeIds(size),
    item: layout.takeIds(size),
    negatives: Array.from({ length: negatives }, () => layout.takeIds(size)),
    columns: { w: layout.takeFloats(size) },
  };
  const memory = layout.build();
  const declared = { draw: 'triples', batch: size, user, negatives, popularity } as const;
  const sampler = tripleSampler('T', batch, rows, memory, randomOf('seed'), declared);
  const at = (from: number) => [...memory.ids.subarray(from, from + size)];
  return {
    steps: sampler.steps,
    of(step: number, epoch = 0) {
      sampler.startEpoch(epoch);
      sampler.draw(step);
      return {
        user: at(batch.user),
        positive: at(batch.item),
        negatives: batch.negatives.map(at),
        w: [...memory.floats.subarray(batch.columns.w, batch.columns.w + size)],
      };
    },
  };
}

describe('a stream of triples', () => {
  test('pairs an item that the user has with items that the user does not have, and carries the columns of its row', () => {
    const stream = sampled({ batch: 8, negatives: 3, popularity: 0.5, user: 'interaction' });
    for (let step = 0; step < 40; step++) {
      const { user, positive, negatives, w } = stream.of(step);
      user.forEach((u, r) => {
        expect(has(u, positive[r] as number)).toBe(true);
        expect(w[r]).toBe(100 * u + (positive[r] as number));
        for (const items of negatives) expect(has(u, items[r] as number)).toBe(false);
      });
    }
  });

  test('draws no user twice in a batch where there are enough, and leaves out users without a row or with every item', () => {
    const stream = sampled({ batch: 12 });
    for (let step = 0; step < 20; step++) expect(new Set(stream.of(step).user).size).toBe(12);
    const many = sampled({ batch: 60 });
    const seen = new Set(Array.from({ length: 10 }, (_, step) => many.of(step).user).flat());
    expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, u) => u));
  });

  test('draws users alike, or in proportion to their rows', () => {
    const share = (user: 'uniform' | 'interaction') => {
      const counts = new Float64Array(14);
      const stream = sampled({ batch: 100, user });
      for (let step = 0; step < 120; step++) for (const u of stream.of(step).user) counts[u]!++;
      return [...counts].map((n) => n / 12_000);
    };
    const open = rows.user.filter((u) => u !== 13).length;
    share('uniform').forEach((p, u) => {
      expect(p).toBeCloseTo(u < 12 ? 1 / 12 : 0, 1.7);
    });
    share('interaction').forEach((p, u) => {
      expect(p).toBeCloseTo(u < 12 ? (1 + (u % 4)) / open : 0, 1.7);
    });
  });

  test('draws negatives alike, or in proportion to a power of the rows of the item', () => {
    const counts = new Float64Array(9);
    for (const i of rows.item) counts[i]!++;
    for (const popularity of [0, 1.5]) {
      const weight = [...counts].map((n) => n ** popularity);
      // user 4 has item 2 alone, so that every other item is drawn in proportion
      const total = weight.reduce((sum, w, i) => sum + (i === 2 ? 0 : w), 0);
      const drawn = new Float64Array(9);
      let n = 0;
      const stream = sampled({ batch: 12, negatives: 8, popularity });
      for (let step = 0; step < 2000; step++) {
        const { user, negatives } = stream.of(step);
        const at = user.indexOf(4);
        for (const items of negatives) drawn[items[at] as number]!++;
        n += negatives.length;
      }
      [...drawn].forEach((times, i) => {
        expect(times / n).toBeCloseTo(i === 2 ? 0 : weight[i]! / total, 1.7);
      });
    }
  });

  test('a batch depends on its epoch and step alone, and not on what was drawn before', () => {
    const [one, other] = [sampled({ batch: 10 }), sampled({ batch: 10 })];
    for (let step = 0; step < 5; step++) one.of(step, 3);
    expect(one.of(5, 3)).toEqual(other.of(5, 3));
    expect(one.of(5, 4)).not.toEqual(other.of(5, 3));
    expect(one.of(4, 3)).not.toEqual(other.of(5, 3));
  });

  test('an epoch has one step more than whole batches of rows', () => {
    expect(rows.user.length).toBe(39);
    expect([10, 39, 64].map((batch) => sampled({ batch }).steps)).toEqual([4, 2, 1]);
  });

  test('is refused where no user has an item to prefer', () => {
    const all = { users: 1, items: 2, user: Uint32Array.of(0, 0), item: Uint32Array.of(0, 1), columns: {} };
    expect(() => bound(trained('bce'), {}, all)).toThrow('no user has both a train row and an item without one');
  });
});

test('items of a user are found whether or not a row repeats', () => {
  const clicked = new ClickedItems({ users: 2, user: Uint32Array.of(1, 1, 1), item: Uint32Array.of(7, 2, 7) });
  expect([0, 2, 5, 7, 9].map((item) => clicked.has(1, item))).toEqual([false, true, false, true, false]);
  expect(clicked.has(0, 2)).toBe(false);
  expect(clicked.distinct(1)).toBe(2);
});

test('the alias table draws in proportion to any weights, and never what weighs nothing', () => {
  const weights = Float64Array.of(0, 5, 1, 0, 10, 0.5, 3.5);
  const next = aliasDraw(weights);
  const random = randomOf('alias');
  const counts = new Float64Array(7);
  for (let n = 0; n < 40_000; n++) counts[next(random)]!++;
  [...weights].forEach((weight, i) => {
    expect(counts[i]! / 40_000).toBeCloseTo(weight / 20, 2);
  });
  expect([counts[0], counts[3]]).toEqual([0, 0]);
});

const trained = (loss: (typeof pairwiseLosses)[number], negatives = 2, asked = negatives) =>
  program({
    tables: {
      P: { rows: 'user', width: 3, start: { normal: 0.7 } },
      Q: { rows: 'item', width: 3, start: { normal: 0.7 } },
      b: { rows: 'item', width: 1, start: { uniform: 0.5 } },
    },
    scores: { y: { sum: [{ dot: ['P', 'Q'] }, { bias: 'b' }] } },
    streams: { T: { draw: 'triples', batch: 6, user: 'uniform', negatives, popularity: 0 } },
    groups: { all: { own: ['P', 'Q', 'b'], rate: 0.1 } },
    batch: ({ score, mean }) => [
      {
        loss: mean(
          'T',
          pairwise(
            loss,
            score('y', 'pos'),
            Array.from({ length: asked }, (_, n) => score('y', n)),
          ),
        ),
        penalties: [
          { weight: 0.3, on: 'T', meanSquare: ['P'] },
          { weight: 0.3, on: 'T', meanSquare: ['Q'] },
        ],
        move: ['all'],
      },
    ],
    stop: { rule: 'plateau', tolerance: 0, patience: 5, epochs: 1 },
    serve: ({ score }) => score('y'),
  });

describe('losses of triples', () => {
  test.each(pairwiseLosses)(
    'gradients of %s equal finite differences, penalties on every row of a triple included',
    (loss) => {
      const machine = bound(trained(loss), {}, toyRows());
      draw(machine);
      for (const table of ['P', 'Q', 'b']) expect(gapOf(machine, 0, table), table).toBeLessThan(2e-6);
    },
  );

  test('with one negative sampled softmax is BPR, and cross-entropy starts at 2 ln 2 where scores are 0', () => {
    const lossOf = (loss: (typeof pairwiseLosses)[number], scale: number) => {
      const machine = bound(trained(loss, 1), {}, toyRows());
      draw(machine);
      for (const table of machine.tables.values())
        for (let n = 0; n < table.count; n++) machine.memory.floats[table.values + n]! *= scale;
      machine.steps[0]!.gradient();
      return machine.steps[0]!.loss();
    };
    expect(lossOf('softmax', 1)).toBeCloseTo(lossOf('bpr', 1), 12);
    expect(lossOf('bce', 0)).toBeCloseTo(2 * Math.LN2, 8);
    expect(lossOf('bpr', 0)).toBeCloseTo(Math.LN2, 8);
  });

  test('an item that the stream does not draw is refused', () => {
    expect(() => bound(trained('bce', 1, 2), {}, toyRows())).toThrow(
      "stream 'T' has 1 negatives: a score of number 2 is asked for",
    );
  });
});
