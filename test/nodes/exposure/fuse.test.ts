import { expect, test } from 'vitest';
import { runNode } from '../../../core/testing/index.ts';
import { fuse } from '../../../nodes/exposure/fuse.ts';
import { latentTable } from '../../../nodes/exposure/latents.ts';

const posterior = (size: number, mean: readonly number[], sd: readonly number[]) =>
  latentTable({ users: mean.length / size, size, mean: Float32Array.from(mean), sd: Float32Array.from(sd) });
/** Three users, two dimensions; the first has them in the other order, and one of them turned. */
const second = posterior(2, [1, 5, 2, -1, 4, 0], [0.1, 0.2, 0.1, 0.2, 0.1, 0.2]);
const first = posterior(2, [5, -1, -1, -2, 0, -4], [0.3, 0.4, 0.3, 0.4, 0.3, 0.4]);
const close = (values: readonly number[]) => values.map((x) => expect.closeTo(x, 6));

test('dimensions are matched and turned before they are added: the sum is .9 + .9 times the second', async () => {
  const { posterior, matching } = await runNode(fuse, { first, second });
  expect([...posterior.mean]).toEqual(close([1, 5, 2, -1, 4, 0].map((x) => 1.8 * x)));
  expect([...posterior.sd.slice(0, 2)]).toEqual(close([0.9 * Math.hypot(0.4, 0.1), 0.9 * Math.hypot(0.3, 0.2)]));
  expect([...matching.dimension]).toEqual([0, 1]);
  expect([...matching.from]).toEqual([1, 0]);
  expect([...matching.correlation]).toEqual(close([-1, 1]));
});

test('without alignment dimension n meets dimension n, so that what was turned cancels', async () => {
  const { posterior, matching } = await runNode(fuse, { first, second }, { align: 'none', rho: 1, tau: 1 });
  expect([...posterior.mean]).toEqual(close([6, 4, 1, -3, 4, -4]));
  expect([...posterior.user]).toEqual([0, 0, 1, 1, 2, 2]);
  expect([...posterior.dimension]).toEqual([0, 1, 0, 1, 0, 1]);
  expect([...matching.correlation]).toEqual([Number.NaN, Number.NaN]);
});

test('one weight of 0 leaves the other posterior, scaled', async () => {
  const { posterior } = await runNode(fuse, { first, second }, { rho: 0, tau: 1 });
  expect([...posterior.mean]).toEqual([...second.mean]);
  expect([...posterior.sd]).toEqual([...second.sd]);
});

test('posteriors of different sizes are refused, and so is a table that is no posterior', async () => {
  const narrow = posterior(1, [1, 2, 3], [1, 1, 1]);
  await expect(runNode(fuse, { first, second: narrow })).rejects.toThrow(
    'posteriors of 3 users with 2 dimensions and of 3 with 1 do not add',
  );
  const swapped = { ...first, user: Uint32Array.of(0, 1, 0, 1, 2, 2) };
  await expect(runNode(fuse, { first: swapped, second })).rejects.toThrow("row 1 of 'first' is user 1, dimension 1");
});
