import { describe, expect, test } from 'vitest';
import type { View } from '../../../core/index.ts';
import { randomOf } from '../../../core/numeric/index.ts';
import { factors } from '../../../nodes/backbones/factors.ts';
import { gates } from '../../../nodes/counterfactual/gates.ts';
import { counterfactualScorer } from '../../../nodes/counterfactual/scorer.ts';
import { macr } from '../../../nodes/estimators/macr.ts';
import { plainEngine } from '../../../nodes/learning/kernels/numeric.ts';
import { learner } from '../../../nodes/learning/learner.ts';
import { scorer } from '../../../nodes/learning/serve.ts';
import { hitRate } from '../../../nodes/learning/validation/hit-rate.ts';
import type { Params } from '../../../nodes/ports.ts';

const [users, items, width] = [12, 9, 3];
const shape = { users, items };
const random = randomOf('counterfactual');
const drawn = [...random.permutation(users * items)];
const table = (pairs: readonly number[]) => ({
  user: Uint32Array.from(pairs, (pair) => Math.floor(pair / items)),
  item: Uint32Array.from(pairs, (pair) => pair % items),
});
const [train, selection] = [table(drawn.slice(0, 50)), table(drawn.slice(50, 70))];
const services = {
  rng: randomOf('seed'),
  log: { debug() {}, info() {}, warn() {} },
  progress: { report() {}, epoch() {} },
  cancel: { requested: false, check() {} },
  numeric: plainEngine,
};
const run = async (
  node: { body: unknown; configure: (config: never) => unknown },
  inputs: object,
  config: object = {},
) => (node.body as (...args: unknown[]) => unknown)(inputs, node.configure(config as never), services) as never;

const node = learner(macr.with({ width, batch: 8, epochs: 6, every: 3, rate: 0.1, backbone: factors({ sd: 1 }) }));
const { params: model } = (await run(node, { train, selection, shape })) as { params: View<typeof Params> };
const all = table(Array.from({ length: users * items }, (_, pair) => pair));
const scores = (of: Parameters<typeof scorer>[0]) => {
  const out = new Float32Array(users * items);
  scorer(of, plainEngine).score(all.user, all.item, out);
  return out;
};
const set = async (config: object) =>
  (await run(counterfactualScorer, { model, selection, train, shape }, config)) as {
    model: typeof model;
    tried: { c: Float64Array; hr: Float64Array };
  };
const tensor = (name: string) => model.tensors[name]!.data as Float32Array;
const dot = (a: Float32Array, i: number, b: Float32Array, j: number) =>
  [0, 1, 2].reduce((sum, k) => sum + a[3 * i + k]! * b[3 * j + k]!, 0);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('the counterfactual score', () => {
  test('is (match - c) under both gates, from the exported vectors and gates, for any c', async () => {
    const exported = (await run(gates, { model, shape })) as {
      items: { gate: Float32Array };
      users: { gate: Float32Array };
    };
    for (const c of [0, 7.5, 40]) {
      const served = scores((await set({ c })).model);
      all.user.forEach((u, pair) => {
        const i = all.item[pair]!;
        const match = dot(tensor('P'), u, tensor('Q'), i);
        expect(exported.items.gate[i]).toBeCloseTo(sigmoid(dot(tensor('Q'), i, tensor('itemHead'), 0)), 5);
        expect(exported.users.gate[u]).toBeCloseTo(sigmoid(dot(tensor('P'), u, tensor('userHead'), 0)), 5);
        expect(served[pair]).toBeCloseTo((match - c) * exported.items.gate[i]! * exported.users.gate[u]!, 4);
      });
    }
  });

  test('with c = 0 it is the total effect, and the backbone is a readout of its own', async () => {
    expect(scores((await set({ readout: 'total-effect' })).model)).toEqual(scores((await set({ c: 0 })).model));
    const match = scores((await set({ readout: 'backbone' })).model);
    all.user.forEach((u, pair) => {
      expect(match[pair]).toBeCloseTo(dot(tensor('P'), u, tensor('Q'), all.item[pair]!), 5);
    });
  });

  test('of several constants keeps the one with the most users hit on the selection set, the first of equals', async () => {
    const c = [40, -1000, 0, 1000];
    const { model: chosen, tried } = await set({ c, cutoff: 1 });
    const measure = hitRate(selection, { ...shape, ...train }, 1, services.numeric);
    const hr = await Promise.all(c.map(async (value) => measure((await set({ c: value })).model)));
    expect([...tried.hr]).toEqual(hr);
    expect(new Set(hr).size).toBeGreaterThan(1);
    expect(chosen.tensors.c!.data[0]).toBe(c[hr.indexOf(Math.max(...hr))]);
    expect((await set({ c: 'auto' })).tried.c).toHaveLength(11);
  });

  test('is refused for a model without a constant', async () => {
    const { c: _, ...tensors } = model.tensors;
    await expect(
      run(counterfactualScorer, { model: { ...model, tensors }, selection, train, shape }, { c: 3 }),
    ).rejects.toThrow('the model has no constant c to set');
  });
});

test('HR counts users with a held-out item among the best that train does not have, as a full sort says', () => {
  const held = table(drawn.slice(45, 70)); // five of these pairs are in train, and no candidates
  const served = scores(model);
  const known = new Set(drawn.slice(0, 50));
  for (const cutoff of [1, 3]) {
    const asked = [...new Set(held.user)];
    const hit = asked.filter((u) => {
      const open = Array.from({ length: items }, (_, i) => i).filter((i) => !known.has(u * items + i));
      const best = open.sort((a, b) => served[u * items + b]! - served[u * items + a]! || a - b).slice(0, cutoff);
      return best.some((i) => drawn.slice(45, 70).includes(u * items + i));
    });
    expect(hitRate(held, { ...shape, ...train }, cutoff, services.numeric)(model)).toBeCloseTo(
      hit.length / asked.length,
      12,
    );
  }
});
