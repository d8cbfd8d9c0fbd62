import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runNode } from '../../../core/testing/index.ts';
import { givenSplit } from '../../../nodes/splits/given.ts';
import { kFoldSplit } from '../../../nodes/splits/k-fold.ts';
import { leaveLastOut } from '../../../nodes/splits/leave-last-out.ts';
import { legacyUsersSplit } from '../../../nodes/splits/legacy-users.ts';
import { perUserSplit } from '../../../nodes/splits/per-user.ts';
import { randomSplit } from '../../../nodes/splits/random.ts';
import { temporalSplit } from '../../../nodes/splits/temporal.ts';
import { uniformSlice } from '../../../nodes/splits/uniform-slice.ts';
import { userDisjointSplit } from '../../../nodes/splits/user-disjoint.ts';
import { isPartition, ratingsOf, rowNumbers, someRatings } from './ratings.ts';

const seed = fc.integer().map(String);
const rated = fc.record({ ratings: someRatings(20), seed });
const userShares = { test: 0.25, validation: 0.25 };
/** A random table may leave a part empty, which is another test's business. */
const unlessEmpty = (error: unknown): undefined => {
  if (/part of the split is empty/.test((error as Error).message)) return undefined;
  throw error;
};
const listen = () => {
  const warnings: string[] = [];
  const say = (message: { say: string; level?: string; message?: string }) => {
    if (message.say === 'log' && message.level === 'warn') warnings.push(message.message as string);
  };
  return { warnings, say: say as never };
};
const holds = (property: (given: { ratings: ReturnType<typeof ratingsOf>; seed: string }) => Promise<void>) =>
  fc.assert(fc.asyncProperty(rated, property), { numRuns: 60 });

describe('every split', () => {
  const splits = [
    ['random', randomSplit, { test: 0.3, validation: 0.2 }],
    ['per user', perUserSplit, { test: 0.4, validation: 0.2 }],
    ['temporal', temporalSplit, { test: 0.3, validation: 0.2 }],
    ['leave-last-out', leaveLastOut, { last: 1, validation: 1 }],
    ['user-disjoint', userDisjointSplit, userShares],
  ] as const;
  test.each(splits)('(%s) puts each row into exactly one part and keeps the order', (_, node, config) =>
    holds(async ({ ratings, seed }) => {
      const parts = await runNode(node as typeof randomSplit, { ratings }, config, { seed }).catch(unlessEmpty);
      if (parts) expect(isPartition(ratings, [parts.train, parts.test, parts.validation])).toBe(true);
    }),
  );
  test.each(splits.filter(([name]) => !['temporal', 'leave-last-out'].includes(name)))(
    '(%s) gives the same parts for the same seed, and others for another',
    async (_, node, config) => {
      const ratings = ratingsOf(Array.from({ length: 400 }, (_, n) => ({ user: n % 40, item: n % 7, time: n })));
      const of = async (seed: string) =>
        rowNumbers((await runNode(node as typeof randomSplit, { ratings }, config, { seed })).test);
      expect(await of('a')).toEqual(await of('a'));
      expect(await of('a')).not.toEqual(await of('b'));
    },
  );
  test.each([
    ['random', randomSplit],
    ['per user', perUserSplit],
    ['temporal', temporalSplit],
    ['user-disjoint', userDisjointSplit],
  ] as const)('(%s) refuses shares that leave nothing for train', async (_, node) => {
    const ratings = ratingsOf([{ user: 0, item: 0, time: 0 }]);
    await expect(
      runNode(node as typeof randomSplit, { ratings }, { test: 0.6, validation: 0.4 }),
    ).rejects.toMatchObject({
      code: 'bad-config',
      message: 'test 0.6 and validation 0.4 leave nothing for train',
      hint: 'their sum must stay below 1',
    });
  });
  test('refuses to leave a part empty and says how many rows there were', async () => {
    const one = ratingsOf([{ user: 0, item: 0, time: 0 }]);
    await expect(runNode(randomSplit, { ratings: one }, {})).rejects.toMatchObject({
      code: 'bad-data',
      message: 'the test part of the split is empty: 1 row was to be divided',
      hint: 'choose a larger share, or bring more data',
    });
    await expect(runNode(perUserSplit, { ratings: ratingsOf([]) }, {})).rejects.toMatchObject({
      message: 'the train part of the split is empty: 0 rows were to be divided',
      hint: 'the table has no rows; look at the steps before the split',
    });
  });
});

describe('the random split', () => {
  test('gives each part its share of the rows, to the nearest row', () =>
    holds(async ({ ratings, seed }) => {
      const parts = await runNode(randomSplit, { ratings }, { test: 0.3, validation: 0.2 }, { seed });
      expect(parts.test.user.length).toBe(Math.floor(0.3 * ratings.user.length + 0.5));
      expect(parts.validation?.user.length).toBe(Math.floor(0.2 * ratings.user.length + 0.5));
    }));
  test('works without times, and then gives none', async () => {
    const { time: _, ...ratings } = ratingsOf(Array.from({ length: 10 }, (_, n) => ({ user: n, item: n, time: n })));
    expect((await runNode(randomSplit, { ratings }, {})).train.time).toBeUndefined();
  });
  test('says which users and items of the test train does not know', async () => {
    const ratings = ratingsOf(Array.from({ length: 10 }, (_, n) => ({ user: n, item: n, time: n })));
    const { warnings, say } = listen();
    await runNode(randomSplit, { ratings }, {}, { say });
    expect(warnings).toEqual([
      'the test part has 2 users (2 rows) and 2 items (2 rows) without a row in train; they are kept',
    ]);
  });
});

describe('the split per user', () => {
  test('leaves everyone a row in train and takes the share of the others', () =>
    holds(async ({ ratings, seed }) => {
      const parts = await runNode(perUserSplit, { ratings }, { test: 0.4 }, { seed }).catch(unlessEmpty);
      if (!parts) return;
      for (const u of new Set(ratings.user)) {
        const rows = ratings.user.filter((of) => of === u).length;
        const test = parts.test.user.filter((of) => of === u).length;
        expect(test).toBe(Math.min(Math.floor(0.4 * rows + 0.5), rows - 1));
      }
    }));
});

describe('the temporal split', () => {
  test('has no test row earlier than, or at the time of, a train row', () =>
    holds(async ({ ratings, seed }) => {
      const parts = await runNode(temporalSplit, { ratings }, { test: 0.3, validation: 0.2 }, { seed }).catch(
        unlessEmpty,
      );
      if (!parts) return;
      const range = (of: typeof parts.test) => {
        const times = [...(of.time as BigInt64Array)].sort((a, b) => (a < b ? -1 : 1));
        return [times[0] as bigint, times.at(-1) as bigint] as const;
      };
      expect(range(parts.train)[1] < range(parts.validation as typeof parts.test)[0]).toBe(true);
      expect(range(parts.validation as typeof parts.test)[1] < range(parts.test)[0]).toBe(true);
    }));
  test('moves rows with the time of the cut to the later part, and says how many', async () => {
    const ratings = ratingsOf([1, 2, 3, 3, 3].map((time, n) => ({ user: n, item: 0, time })));
    const { warnings, say } = listen();
    const { train, test: later } = await runNode(temporalSplit, { ratings }, { test: 0.2 }, { say });
    expect([rowNumbers(train), rowNumbers(later)]).toEqual([
      [0, 1],
      [2, 3, 4],
    ]);
    expect(warnings).toContain('2 rows with the time of a cut went to the later part');
  });
  test('needs times, as leave-last-out does', async () => {
    const { time: _, ...ratings } = ratingsOf([{ user: 0, item: 0, time: 0 }]);
    for (const node of [temporalSplit, leaveLastOut])
      await expect(runNode(node as typeof temporalSplit, { ratings })).rejects.toMatchObject({
        code: 'bad-data',
        message: 'the ratings have no times, and this split divides by time',
      });
  });
});

describe('leave-last-out', () => {
  test("tests each user's latest rows; of equal times the later row of the table", () =>
    holds(async ({ ratings, seed }) => {
      const parts = await runNode(leaveLastOut, { ratings }, { last: 2, validation: 1 }, { seed }).catch(unlessEmpty);
      if (!parts) return;
      for (const u of new Set(ratings.user)) {
        const order = [...ratings.user.keys()]
          .filter((row) => ratings.user[row] === u)
          .sort((a, b) => Number(ratings.time[a]! - ratings.time[b]!) || a - b);
        const of = (part: typeof parts.test | undefined) => rowNumbers(part).filter((row) => ratings.user[row] === u);
        const sorted = (rows: readonly number[]) => [...rows].sort((a, b) => a - b);
        const enough = order.length > 3;
        expect(of(parts.test)).toEqual(enough ? sorted(order.slice(-2)) : []);
        expect(of(parts.validation)).toEqual(enough ? sorted(order.slice(-3, -2)) : []);
      }
    }));
  test('says which users stay whole, and whose cut only the order of the table decided', async () => {
    const ratings = ratingsOf([
      { user: 0, item: 0, time: 1 },
      { user: 1, item: 0, time: 5 },
      { user: 1, item: 1, time: 5 },
    ]);
    const { warnings, say } = listen();
    await runNode(leaveLastOut, { ratings }, {}, { say });
    expect(warnings).toEqual([
      '1 user with at most 1 rows stay in train',
      'for 1 user the cut lies between rows of the same time; the order of the table decided',
      'the test part has 1 item (1 row) without a row in train; they are kept',
    ]);
  });
});

describe('k folds', () => {
  test('are disjoint, cover all rows, and differ by at most one row', () =>
    fc.assert(
      fc.asyncProperty(rated, fc.integer({ min: 2, max: 6 }), async ({ ratings, seed }, folds) => {
        const tests = await Promise.all(
          Array.from({ length: folds }, async (_, fold) => {
            const { train, test } = await runNode(kFoldSplit, { ratings }, { folds, fold }, { seed });
            expect(isPartition(ratings, [train, test])).toBe(true);
            return rowNumbers(test);
          }),
        );
        expect(tests.flat().sort((a, b) => a - b)).toEqual([...ratings.user.keys()]);
        const sizes = tests.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 40 },
    ));
  test('count from 0', async () => {
    const ratings = ratingsOf([{ user: 0, item: 0, time: 0 }]);
    await expect(runNode(kFoldSplit, { ratings }, { folds: 3, fold: 3 })).rejects.toMatchObject({
      code: 'bad-config',
      message: 'there is no fold 3 of 3',
      hint: 'folds count from 0 to 2',
    });
  });
});

describe('the user-disjoint split', () => {
  test('shares no user between parts, but for rows to fold test users in', () =>
    holds(async ({ ratings, seed }) => {
      const config = { ...userShares, foldIn: 0.5 };
      const parts = await runNode(userDisjointSplit, { ratings }, config, { seed }).catch((error: Error) =>
        error.message === 'no test user has a row to fold in' ? undefined : unlessEmpty(error),
      );
      if (!parts) return;
      expect(isPartition(ratings, [parts.train, parts.test, parts.validation, parts.foldIn])).toBe(true);
      const users = [parts.train, parts.test, parts.validation as typeof parts.test].map(({ user }) => new Set(user));
      expect(users.reduce((n, { size }) => n + size, 0)).toBe(new Set(ratings.user).size);
      for (const u of parts.foldIn?.user ?? []) expect(users[1]?.has(u)).toBe(true);
    }));
});

describe("the split by numpy's generator", () => {
  const rows = ratingsOf(Array.from({ length: 40 }, (_, n) => ({ user: (n % 20) * 3, item: n, time: n })));
  const users = (part: { user: Uint32Array }) => [...new Set(part.user)].sort((a, b) => a - b);
  test('shares no user between parts, and a larger share of one seed holds the smaller', async () => {
    const { first, rest } = await runNode(legacyUsersSplit, { ratings: rows });
    expect(isPartition(rows, [first, rest])).toBe(true);
    expect(users(first)).toHaveLength(14);
    expect(users(rest).filter((id) => users(first).includes(id))).toEqual([]);
    const wider = await runNode(legacyUsersSplit, { ratings: rows }, { share: 0.8 });
    expect(users(wider.first)).toEqual(expect.arrayContaining(users(first)));
  });
  test('refuses a share that leaves a part without users', async () => {
    await expect(runNode(legacyUsersSplit, { ratings: rows }, { share: 0.01 })).rejects.toThrow(
      'a share of 0.01 of 20 users leaves a part without users',
    );
  });
});

describe('a slice of the uniform log', () => {
  test('keeps to its budget: learn, validate, and the rest is the test', () =>
    holds(async ({ ratings, seed }) => {
      const parts = await runNode(uniformSlice, { uniform: ratings }, { train: 0.1, validation: 0.2 }, { seed });
      const rows = ratings.user.length;
      expect(parts.uniform.user.length).toBe(Math.floor(0.1 * rows + 0.5));
      expect(parts.validation.user.length).toBe(Math.floor(0.2 * rows + 0.5));
      expect(isPartition(ratings, [parts.uniform, parts.validation, parts.test])).toBe(true);
    }));
  test('is refused where the budget rounds to no row', async () => {
    const uniform = ratingsOf(Array.from({ length: 5 }, (_, n) => ({ user: n, item: n, time: n })));
    await expect(runNode(uniformSlice, { uniform }, {})).rejects.toThrow(
      'part of the split is empty: 5 rows were to be divided',
    );
  });
});

describe('parts that come divided', () => {
  const train = ratingsOf([
    { user: 0, item: 0, time: 1 },
    { user: 0, item: 1, time: 2 },
  ]);
  test('pass as they are; pairs of the test that train knows are counted', async () => {
    const part = ratingsOf([
      { user: 0, item: 1, time: 3 },
      { user: 1, item: 0, time: 3 },
    ]);
    const { warnings, say } = listen();
    const parts = await runNode(givenSplit, { train, test: part, validation: undefined as never }, {}, { say });
    expect(rowNumbers(parts.test)).toEqual([0, 1]);
    expect(warnings).toEqual([
      'the test part has 1 user (1 row) without a row in train; they are kept',
      '1 test row of pairs that train knows; they are kept, and flatter every method',
    ]);
  });
  test('need a test', async () => {
    await expect(
      runNode(givenSplit, { train, test: undefined as never, validation: undefined as never }, {}),
    ).rejects.toMatchObject({ code: 'bad-data', where: expect.stringContaining('test') });
  });
});
