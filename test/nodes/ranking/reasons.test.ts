import { expect, test } from 'vitest';
import { bind } from '../../../core/index.ts';
import { runNode as runAny } from '../../../core/testing/index.ts';
import { Rows } from '../../../nodes/learning/expression/tree.ts';
import { Numeric, plainEngine } from '../../../nodes/learning/kernels/numeric.ts';
import { topItems } from '../../../nodes/ranking/top-items.ts';
import { vectors } from '../../../nodes/ranking/vectors.ts';
import { numbers } from '../learning/kernels/twins.ts';

const runNode: typeof runAny = (node, inputs, config) =>
  runAny(node, inputs, config, { use: [bind(Numeric, plainEngine)] });
const width = 3;
const [users, items, c] = [4, 11, 40];
const tables = {
  P: { rows: 'user', width },
  Q: { rows: 'item', width },
  wi: { rows: 'one', width },
  wu: { rows: 'one', width },
} as const;
const scores = { y: { dot: ['P', 'Q'] }, a: { dot: ['Q', 'wi'] }, t: { dot: ['P', 'wu'] } };
const s = (name: string) => new Rows({ op: 'score', name });
const counterfactual = s('y').minus(c).times(s('a').sigmoid()).times(s('t').sigmoid());
const draw = numbers(5);
const tensor = (rows: number) => ({ shape: [rows, width], data: Float32Array.from({ length: rows * width }, draw) });
const tensors = { P: tensor(users), Q: tensor(items), wi: tensor(1), wu: tensor(1) };
const modelOf = (serve: Rows) =>
  ({ head: { method: 'mine', serving: { tables, scores, serve: serve.tree } }, tensors }) as never;
const train = { user: Uint32Array.from({ length: users }, (_, u) => u), item: new Uint32Array(users) };
const dot = (a: Float32Array, i: number, b: Float32Array, j: number, wide = width) => {
  let sum = 0;
  for (let k = 0; k < wide; k++) sum += a[i * wide + k]! * b[j * wide + k]!;
  return sum;
};
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

test('a counterfactual score is explained by the match, the gate of the item and its penalty c sigmoid(y_i)', async () => {
  const { top } = await runNode(
    topItems,
    { model: modelOf(counterfactual), train, shape: { users, items } },
    { explain: true },
  );
  for (const [row, u] of top.user.entries()) {
    const i = top.item[row]!;
    const gate = sigmoid(dot(tensors.Q.data, i, tensors.wi.data, 0));
    expect(top.gate?.[row]).toBeCloseTo(gate, 6);
    expect(top.match?.[row]).toBeCloseTo(dot(tensors.P.data, u, tensors.Q.data, i), 5);
    expect(top.penalty?.[row]).toBeCloseTo(c * gate, 4);
    const ofUser = sigmoid(dot(tensors.P.data, u, tensors.wu.data, 0));
    const value = top.match![row]! * top.gate![row]! - top.penalty![row]!;
    expect(top.score[row]).toBeCloseTo(value * ofUser, 4);
  }
});

test('a plain list carries no reasons, and a score that is no inner product has none', async () => {
  const plain = await runNode(topItems, { model: modelOf(s('y')), train, shape: { users, items } });
  expect(plain.top.match).toBeUndefined();
  const squared = { model: modelOf(s('y').squared()), train, shape: { users, items } };
  await expect(runNode(topItems, squared, { explain: true })).rejects.toMatchObject({
    code: 'bad-config',
    message: expect.stringContaining('no penalty to explain'),
  });
});

test('inner products of the vectors for a serving index order items as the score does', async () => {
  const { vectors: made } = await runNode(vectors, { model: modelOf(counterfactual) });
  const { users: p, items: q } = made.tensors as Record<string, { shape: number[]; data: Float32Array }>;
  expect([p!.shape, q!.shape]).toEqual([
    [users, width + 1],
    [items, width + 1],
  ]);
  for (let u = 0; u < users; u++)
    for (let i = 0; i < items; i++) {
      const gate = sigmoid(dot(tensors.Q.data, i, tensors.wi.data, 0));
      const value = (dot(tensors.P.data, u, tensors.Q.data, i) - c) * gate;
      expect(dot(p!.data, u, q!.data, i, width + 1)).toBeCloseTo(value, 3);
    }
  const { vectors: bare } = await runNode(vectors, { model: modelOf(s('y').sigmoid()) });
  expect(bare.tensors.items).toEqual(tensors.Q);
});
