import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runNode } from '../../../core/testing/index.ts';
import { allCandidates } from '../../../nodes/candidates/all.ts';
import { ratedCandidates } from '../../../nodes/candidates/rated.ts';

const shape = { users: 5, items: 6 };
const pairs = fc
  .array(fc.tuple(fc.nat(shape.users - 1), fc.nat(shape.items - 1)), { maxLength: 25 })
  .map((of) => ({ user: Uint32Array.from(of, ([u]) => u), item: Uint32Array.from(of, ([, i]) => i) }));
const keys = ({ user, item }: { user: Uint32Array; item: Uint32Array }) =>
  Array.from(user, (u, row) => `${u} ${item[row]}`);

describe('candidates', () => {
  test('that were rated are the rows of the test, in their order', () =>
    fc.assert(
      fc.asyncProperty(pairs, async (test) => {
        expect(keys((await runNode(ratedCandidates, { test })).pairs)).toEqual(keys(test));
      }),
    ));
  test('of all items are those of each test user without what train knows, ascending, once each', () =>
    fc.assert(
      fc.asyncProperty(pairs, pairs, async (test, train) => {
        const known = new Set(keys(train));
        const asked = [...new Set(test.user)].sort((a, b) => a - b);
        const expected = asked.flatMap((u) =>
          Array.from({ length: shape.items }, (_, i) => `${u} ${i}`).filter((pair) => !known.has(pair)),
        );
        expect(keys((await runNode(allCandidates, { test, train, shape })).pairs)).toEqual(expected);
      }),
    ));
  test('of all items say how many test rows train knows', async () => {
    const test = { user: Uint32Array.of(0, 0), item: Uint32Array.of(1, 2) };
    const train = { user: Uint32Array.of(0), item: Uint32Array.of(1) };
    const said: unknown[] = [];
    await runNode(allCandidates, { test, train, shape }, {}, { say: (message) => said.push(message) });
    expect(said).toMatchObject([
      { level: 'warn', message: '1 test rows are of pairs that train knows; they are no candidates' },
    ]);
  });
  test('of all items are refused beyond the limit', async () => {
    const test = { user: Uint32Array.of(0), item: Uint32Array.of(1) };
    await expect(runNode(allCandidates, { test, train: test, shape }, { limit: 4 })).rejects.toMatchObject({
      code: 'bad-data',
      message: 'ranking all items takes 5 pairs, and the limit is 4',
    });
  });
});
