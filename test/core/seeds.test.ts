import { expect, test } from 'vitest';
import { randomOf } from '../../core/numeric/random.ts';
import { stepSeed, streamSeeds } from '../../core/seeds.ts';

test("a step's seed depends on its stream's seed and its name, and on nothing else", () => {
  const seeds = streamSeeds(7);
  expect(stepSeed(seeds, 'train', 'model')).toBe(stepSeed(streamSeeds(7, 99), 'train', 'model'));
  expect(stepSeed(seeds, 'train', 'model')).not.toBe(stepSeed(seeds, 'train', 'scores'));
  expect(stepSeed(seeds, 'train', 'model')).not.toBe(stepSeed(streamSeeds(8), 'train', 'model'));
  expect(stepSeed(seeds, 'data', 'raw')).toBe(stepSeed(streamSeeds(8), 'data', 'raw'));
  expect(stepSeed(seeds, 'split', 'x', 1234)).toBe(stepSeed(streamSeeds(8), 'train', 'y', 1234));
});

test('the n-th draw of a purpose does not depend on what other purposes drew', () => {
  const a = randomOf('seed');
  const first = a.for('init').uniform();
  const b = randomOf('seed');
  b.uniform();
  b.for('shuffle').permutation(100);
  expect(b.for('init').uniform()).toBe(first);
});

test('Threefry-2x32-20 gives the published answers', async () => {
  // Known-answer vectors of the Random123 distribution: counter 0, key 0.
  const { threefry2x32 } = await import('../../core/numeric/random.ts');
  expect(threefry2x32(0, 0, 0, 0)).toEqual([0x6b200159, 0x99ba4efe]);
  expect(threefry2x32(-1, -1, -1, -1)).toEqual([0x1cb996fc, 0xbb002be7]);
});

test('uniform, normal and permutation have the moments that they promise', () => {
  const random = randomOf(3);
  const n = 200_000;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const x = random.normal();
    sum += x;
    squares += x * x;
  }
  expect(Math.abs(sum / n)).toBeLessThan(0.01);
  expect(Math.abs(squares / n - 1)).toBeLessThan(0.02);
  expect([...random.permutation(50)].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
});
