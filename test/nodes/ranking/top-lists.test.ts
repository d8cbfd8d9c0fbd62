import { expect, test } from 'vitest';
import { bind } from '../../../core/index.ts';
import { runNode } from '../../../core/testing/index.ts';
import { evaluateLists } from '../../../nodes/evaluation/evaluate-lists.ts';
import { definitionOf } from '../../../nodes/evaluation/presets.ts';
import { Rows } from '../../../nodes/learning/expression/tree.ts';
import { Numeric } from '../../../nodes/learning/kernels/numeric.ts';
import { topLists } from '../../../nodes/ranking/top-lists.ts';
import { compiledEngine } from '../learning/kernels/twins.ts';

const width = 4;
/** User u points at item 2u: the squared distance -|p - q|^2 is an inner product plus a term of the item. */
function pointing(users: number, items: number) {
  const P = new Float32Array(users * width);
  const Q = new Float32Array(items * width);
  const at = (i: number) => (i / items) * 2 * Math.PI;
  for (let u = 0; u < users; u++) P.set([Math.cos(at(2 * u)), Math.sin(at(2 * u)), 0, 0], u * width);
  for (let i = 0; i < items; i++) Q.set([Math.cos(at(i)), Math.sin(at(i)), 1, 1], i * width);
  const tables = { P: { rows: 'user', width }, Q: { rows: 'item', width } };
  const serving = { tables, scores: { z: { dot: ['P', 'Q'] } }, serve: new Rows({ op: 'score', name: 'z' }).tree };
  const tensors = { P: { shape: [users, width], data: P }, Q: { shape: [items, width], data: Q } };
  return { head: { method: 'mine', serving }, tensors } as never;
}
const pairs = (length: number, user: (row: number) => number, item: (row: number) => number) => ({
  user: Uint32Array.from({ length }, (_, row) => user(row)),
  item: Uint32Array.from({ length }, (_, row) => item(row)),
});

test('users of the test set get lists, whether or not anything is known of them, and others none', async () => {
  const inputs = {
    model: pointing(6, 40),
    test: pairs(
      2,
      (row) => [4, 1][row]!,
      () => 0,
    ),
    known: pairs(
      2,
      () => 4,
      (row) => [8, 9][row]!,
    ),
    shape: { users: 6, items: 40 },
  };
  const { lists } = await runNode(topLists, inputs, { top: 3 }, { use: [bind(Numeric, compiledEngine)] });
  expect([...lists.user]).toEqual([1, 1, 1, 4, 4, 4]);
  expect([...lists.rank]).toEqual([1, 2, 3, 1, 2, 3]);
  expect(lists.item[0]).toBe(2);
  expect([...lists.item.slice(3)].sort((a, b) => a - b)).toEqual([6, 7, 10]);
});

test('a thousand users and 60,000 items are ranked and measured in memory that does not grow with their product', async () => {
  const [users, items] = [1_000, 60_000];
  const asked: number[] = [];
  const counting = {
    arena: (bytes: number) => {
      asked.push(bytes);
      return compiledEngine.arena(bytes);
    },
  };
  const shape = { users, items };
  const known = pairs(
    users,
    (u) => u,
    (u) => 2 * u,
  );
  // right beside the known item: the only wanted one stands first or second in the list
  const wanted = pairs(
    users,
    (u) => u,
    (u) => 2 * u + 1,
  );
  const told: string[] = [];
  const { lists } = await runNode(
    topLists,
    { model: pointing(users, items), test: wanted, known, shape },
    {},
    {
      use: [bind(Numeric, counting)],
      say: (said) => said.say === 'progress' && told.push(`${said.done}/${said.total}`),
    },
  );
  expect(lists.user).toHaveLength(20 * users);
  expect(Math.max(...asked)).toBeLessThan(8 * 2 ** 20); // one number for each pair would take 240 MB
  expect(told.at(-1)).toBe(`${users}/${users}`);
  const evaluation = definitionOf('macr', { metrics: ['hr', 'recall'], cutoffs: [1, 20] });
  const { metrics } = await runNode(evaluateLists, { lists, test: wanted, known, evaluation, shape });
  const value = (k: number) =>
    metrics.value[metrics.k.findIndex((other, row) => other === k && metrics.metric[row] === 'hr')];
  expect(value(20)).toBe(1);
});
