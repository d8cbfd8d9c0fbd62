import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sketchLength } from '../../../../nodes/learning/kernels/kernels.ts';
import { compiledEngine, Layout, numbers, twins } from './twins.ts';

/** Small whole numbers: every sum is exact in any order, and many scores are equal. */
const small = (seed: number) => {
  const draw = numbers(seed);
  return () => Math.trunc(draw());
};

interface Case {
  readonly users: number;
  readonly items: number;
  readonly width: number;
  readonly top: number;
  readonly seed: number;
  readonly shifted: boolean;
  readonly scaled: boolean;
  readonly masked: boolean;
  /** Items a call, in panels. */
  readonly step: number;
}
const cases = fc.record<Case>({
  users: fc.integer({ min: 1, max: 9 }),
  items: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 250, max: 530 })),
  width: fc.integer({ min: 1, max: 9 }),
  top: fc.integer({ min: 1, max: 25 }),
  seed: fc.nat(2 ** 30),
  shifted: fc.boolean(),
  scaled: fc.boolean(),
  masked: fc.boolean(),
  step: fc.integer({ min: 1, max: 70 }),
});

function ranking({ users, items, width, top, seed, shifted, scaled, masked }: Case, draw = small(seed)) {
  const layout = new Layout();
  const stride = (width + 3) & ~3;
  const floats = layout.takeFloats;
  const at = {
    users: floats(users * stride),
    items: floats(items * stride),
    itemSketches: floats(sketchLength(items, stride)),
    userSketches: floats(sketchLength(users, stride)),
    shift: floats(items),
    scale: floats(items),
    scores: floats(users * items),
    best: floats(users * top),
    bestIds: layout.takeIds(users * top),
    cursors: layout.takeIds(users),
    ends: layout.takeIds(users),
    known: layout.takeIds(users * items),
  };
  const chance = numbers(seed + 1);
  const known: number[][] = Array.from({ length: users }, () =>
    masked ? Array.from({ length: items }, (_, i) => i).filter(() => chance() > 1) : [],
  );
  const it = twins(layout, ({ floats: f, ids }) => {
    for (let r = 0; r < users; r++) for (let k = 0; k < width; k++) f[at.users + r * stride + k] = draw();
    for (let i = 0; i < items; i++) {
      for (let k = 0; k < width; k++) f[at.items + i * stride + k] = draw();
      f[at.shift + i] = draw();
      f[at.scale + i] = Math.abs(draw());
    }
    for (let i = 0; i < users * items; i++) f[at.scores + i] = draw();
    f.fill(Number.NEGATIVE_INFINITY, at.best, at.best + users * top);
    let next = 0;
    for (let r = 0; r < users; r++) {
      ids[at.cursors + r] = next;
      for (const item of known[r]!) ids[at.known + next++] = item;
      ids[at.ends + r] = next;
    }
  });
  const { floats: f, ids } = it.compiled;
  return {
    ...it,
    at: { ...at, shift: shifted ? at.shift : -1, scale: scaled ? at.scale : -1, known: masked ? at.known : -1 },
    stride,
    /** All inner products as the compiled kernels compute them where they train and serve. */
    dots: () => {
      const pairs = new Layout();
      const [P, Q, out] = [users * stride, items * stride, users * items].map(pairs.takeFloats) as [
        number,
        number,
        number,
      ];
      const [u, i] = [pairs.takeIds(users * items), pairs.takeIds(users * items)];
      const arena = compiledEngine.arena(pairs.bytes);
      const memory = pairs.build(arena.buffer);
      memory.floats.set(f.subarray(at.users, at.users + users * stride), P);
      memory.floats.set(f.subarray(at.items, at.items + items * stride), Q);
      for (let n = 0; n < users * items; n++)
        [memory.ids[u + n], memory.ids[i + n]] = [Math.floor(n / items), n % items];
      arena.kernels(memory).gatherDot(P, u, Q, i, stride, out, users * items);
      return memory.floats.slice(out, out + users * items);
    },
    /** Ranks items from .. to on the compiled kernels and on their twin. @returns what both say of the scores */
    rank: (from: number, to: number) =>
      it.both.map((k) => {
        const marks = [at.itemSketches, items, from, to, shifted ? at.shift : -1, scaled ? at.scale : -1] as const;
        const lists = [masked ? at.known : -1, at.cursors, at.ends, at.best, at.bestIds, top] as const;
        k.sketchItems(at.items, stride, items, at.itemSketches);
        k.sketchUsers(at.users, stride, users, at.userSketches);
        return !!k.rankDots(at.users, at.userSketches, stride, users, at.items, ...marks, ...lists);
      }),
    /** All that may be listed, sorted the slow way. */
    sorted: (r: number, score: (item: number) => number) =>
      Array.from({ length: items }, (_, item) => ({ item, score: score(item) }))
        .filter(({ item }) => !known[r]!.includes(item))
        .sort((a, b) => b.score - a.score || a.item - b.item)
        .slice(0, top),
    listed: (r: number) =>
      Array.from({ length: top }, (_, k) => ({
        item: ids[at.bestIds + r * top + k] as number,
        score: f[at.best + r * top + k] as number,
      })).filter(({ score }) => score > Number.NEGATIVE_INFINITY),
    score: (r: number, i: number) => {
      let dot = 0;
      for (let k = 0; k < width; k++) dot += f[at.users + r * stride + k]! * f[at.items + i * stride + k]!;
      return (dot + (shifted ? f[at.shift + i]! : 0)) * (scaled ? f[at.scale + i]! : 1);
    },
  };
}
function sameLists({ memories, at }: ReturnType<typeof ranking>, length: number) {
  const [plain, compiled] = memories.map(({ floats, ids }) => [
    floats.slice(at.best, at.best + length),
    ids.slice(at.bestIds, at.bestIds + length),
  ]);
  expect(compiled).toEqual(plain);
}

describe('ranking by inner products', () => {
  test('equals sorting all scores, for any number of users, items, places and known items, in any steps', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { users, items, top, step } = given;
        const t = ranking(given);
        for (let from = 0; from < items; from += 8 * step)
          expect(t.rank(from, Math.min(from + 8 * step, items))).toEqual([true, true]);
        for (let r = 0; r < users; r++) expect(t.listed(r)).toEqual(t.sorted(r, (i) => t.score(r, i)));
        sameLists(t, users * top);
      }),
      { numRuns: 60 },
    );
  });

  test('a score that is not a number is noticed wherever it stands', () => {
    const given = {
      users: 5,
      items: 21,
      width: 3,
      top: 4,
      seed: 7,
      shifted: true,
      scaled: false,
      masked: false,
      step: 9,
    };
    for (let item = 0; item < given.items; item++) {
      const t = ranking(given);
      for (const { floats } of t.memories) floats[t.at.shift + item] = Number.NaN;
      expect(t.rank(0, given.items)).toEqual([false, false]);
    }
  });

  test('a vector that is not finite is noticed, of a user or of an item, however many items come before it', () => {
    const given = {
      users: 6,
      items: 530,
      width: 3,
      top: 4,
      seed: 7,
      shifted: false,
      scaled: false,
      masked: false,
      step: 9,
    };
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      for (const item of [0, 255, 256, 400, 529]) {
        const t = ranking(given);
        // opposite signs meet: infinity times one, less infinity times one, is no number
        for (const { floats } of t.memories) {
          floats.fill(1, t.at.users, t.at.users + given.users * t.stride);
          floats[t.at.items + item * t.stride] = value;
          floats[t.at.items + item * t.stride + 1] = -value;
        }
        expect(t.rank(0, given.items)).toEqual([false, false]);
      }
    for (let user = 0; user < given.users; user++) {
      const t = ranking(given);
      for (const { floats } of t.memories) floats[t.at.users + user * t.stride] = Number.NaN;
      expect(t.rank(0, given.items)).toEqual([false, false]);
    }
  });

  test('lists are those of computed scores where many scores are nearly equal, at every width and size of the numbers', () => {
    const sizes = fc.constantFrom(1e-20, 1e-6, 1, 1e6, 1e15);
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 130 }), sizes, sizes, (given, width, ofUsers, ofItems) => {
        const whole = { ...given, width, shifted: false };
        // items are one vector and a little of another, so that their scores lie within the error of a sketch
        const draw = numbers(given.seed);
        const t = ranking(whole, draw);
        for (const { floats: f } of t.memories) {
          for (let k = 0; k < given.users * t.stride; k++) f[t.at.users + k]! *= ofUsers;
          for (let i = given.items - 1; i >= 0; i--)
            for (let k = 0; k < t.stride; k++)
              f[t.at.items + i * t.stride + k] =
                ofItems * (f[t.at.items + k]! + 1e-6 * f[t.at.items + i * t.stride + k]!);
        }
        t.rank(0, given.items);
        const dots = t.dots();
        const score = (r: number, i: number) =>
          Math.fround(dots[r * given.items + i]! * (given.scaled ? t.compiled.floats[t.at.scale + i]! : 1));
        for (let r = 0; r < given.users; r++) expect(t.listed(r)).toEqual(t.sorted(r, (i) => score(r, i)));
      }),
      { numRuns: 60 },
    );
  });
});

test('ranking by given scores equals sorting them', () => {
  fc.assert(
    fc.property(cases, (given) => {
      const { users, items, top, step } = given;
      const t = ranking(given);
      const scores = t.compiled.floats.slice(t.at.scores, t.at.scores + users * items);
      for (let from = 0; from < items; from += 8 * step)
        for (const k of t.both)
          k.rankScores(
            t.at.scores + from,
            items,
            users,
            from,
            Math.min(from + 8 * step, items),
            t.at.known,
            t.at.cursors,
            t.at.ends,
            t.at.best,
            t.at.bestIds,
            top,
          );
      for (let r = 0; r < users; r++) expect(t.listed(r)).toEqual(t.sorted(r, (i) => scores[r * items + i] as number));
      sameLists(t, users * top);
    }),
    { numRuns: 40 },
  );
});
