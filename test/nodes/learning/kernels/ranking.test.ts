import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packedLength, rankRoom } from '../../../../nodes/learning/kernels/kernels.ts';
import { Layout, numbers, twins } from './twins.ts';

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
    panels: floats(packedLength(items, stride)),
    shift: floats(items),
    scale: floats(items),
    room: floats(rankRoom),
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
const exact = { relative: 0, absolute: 0 };

describe('ranking by inner products', () => {
  test('equals sorting all scores, for any number of users, items, places and known items, in any steps', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { users, items, top, step } = given;
        const t = ranking(given);
        t.agree((k) => k.pack(t.at.items, t.stride, items, t.at.panels), exact);
        for (let from = 0; from < items; from += 8 * step) {
          const to = Math.min(from + 8 * step, items);
          const { at } = t;
          const lists = [at.best, at.bestIds, top] as const;
          const out = [at.known, at.cursors, at.ends] as const;
          for (const k of t.both)
            expect(
              !!k.rankDots(
                at.users,
                t.stride,
                users,
                at.panels,
                from,
                to,
                at.shift,
                at.scale,
                ...out,
                at.room,
                ...lists,
              ),
            ).toBe(true);
        }
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
      const { both, at, stride, memories } = ranking(given);
      for (const [n, k] of both.entries()) {
        k.pack(at.items, stride, given.items, at.panels);
        memories[n]!.floats[at.shift + item] = Number.NaN;
        const lists = [-1, at.cursors, at.ends, at.room, at.best, at.bestIds, given.top] as const;
        expect(!!k.rankDots(at.users, stride, 5, at.panels, 0, given.items, at.shift, -1, ...lists)).toBe(false);
      }
    }
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
