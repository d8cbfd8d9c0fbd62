import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runNode } from '../../../core/testing/index.ts';
import { binarise } from '../../../nodes/labels/binarise.ts';
import { positives } from '../../../nodes/labels/positives.ts';

const table = (rating: readonly number[], user = rating.map((_, n) => n)) => ({
  user: Uint32Array.from(user),
  item: Uint32Array.from(rating, (_, n) => n),
  rating: Float32Array.from(rating),
});
async function label(parts: { train: number[]; test?: number[] }, config = {}) {
  const said: { level: string; message: string }[] = [];
  const inputs = { train: table(parts.train), ...(parts.test && { test: table(parts.test) }) };
  const outputs = await runNode(positives, inputs as never, config, {
    say: (message) => {
      if (message.say === 'log') said.push(message);
    },
  });
  return { ...outputs, said, warnings: said.filter(({ level }) => level === 'warn').map(({ message }) => message) };
}

describe('one threshold for a table', () => {
  test('makes ratings from it on 1 and the others 0, and keeps rows and times', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 5 })),
        fc.integer({ min: 0, max: 6 }),
        async (rating, threshold) => {
          const time = BigInt64Array.from(rating, (_, n) => BigInt(n));
          const { labels } = await runNode(binarise, { ratings: { ...table(rating), time } }, { threshold });
          expect([...labels.rating]).toEqual(rating.map((r) => (r >= threshold ? 1 : 0)));
          expect(labels.time).toEqual(time);
          expect(labels.item).toEqual(table(rating).item);
        },
      ),
    ));
  test('has no default', async () => {
    await expect(runNode(binarise, { ratings: table([1]) }, {} as never)).rejects.toThrow();
  });
});

describe('positives of own data', () => {
  test.each([
    ['1 to 5', [1, 2, 3, 4, 5], 4],
    ['half a star to five', [0.5, 2.5, 3, 5], 3],
    ['0 and 1', [0, 1, 0], 1],
    ['-1 and 1', [-1, 1], 1],
    ['1 to 10', [1, 5, 6, 10], 6],
    ['nothing but 1', [1, 1], 1],
  ])('on a scale of %s lie above its middle, and the output says so', async (_, ratings, from) => {
    const { train, warnings } = await label({ train: ratings });
    expect([...train.rating]).toEqual(ratings.map((r) => (r >= from ? 1 : 0)));
    expect(warnings[0]).toContain(`ratings of ${from} and more count as positive`);
    expect(warnings[0]).toContain('set `threshold` to choose');
  });
  test('are the same ratings in every part, whatever the test holds', async () => {
    const { test: labels } = await label({ train: [1, 5], test: [5, 4, 3, 1] });
    expect([...(labels?.rating ?? [])]).toEqual([1, 0, 0, 0]);
  });
  test('follow a threshold that is set, silently', async () => {
    const { train, warnings } = await label({ train: [1, 2, 3] }, { threshold: 2 });
    expect([...train.rating]).toEqual([0, 1, 1]);
    expect(warnings).toEqual([]);
  });
  test('must exist', async () => {
    await expect(label({ train: [1, 2] }, { threshold: 3 })).rejects.toMatchObject({
      code: 'bad-data',
      message: 'no rating in train is positive: they lie between 1 and 2',
      hint: 'choose a threshold of at most 2',
    });
  });
  test('that are all there is are warned of', async () => {
    const { warnings } = await label({ train: [1, 2] }, { threshold: 1 });
    expect(warnings).toEqual([
      'all ratings in train are positive: nothing tells liked items from others but that they were rated',
    ]);
  });
  test('are counted by user in the test: who has none stays', async () => {
    const { test: labels, said } = await label({ train: [1, 5], test: [1, 5] });
    expect(labels?.user).toHaveLength(2);
    expect(said.map(({ message }) => message)).toContain(
      "1 of 2 users have no positive in test; they stay, and the metrics' definition says how they count",
    );
  });
});
