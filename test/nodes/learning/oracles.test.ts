import { describe, expect, test } from 'vitest';
import { factors } from '../../../nodes/backbones/factors.ts';
import { dtDrOracle } from '../../../nodes/estimators/dt-dr-oracle.ts';
import { dtIpsOracle } from '../../../nodes/estimators/dt-ips-oracle.ts';
import type { Program } from '../../../nodes/learning/declaration.ts';
import type { TrainingRows } from '../../../nodes/learning/sampling/samplers.ts';
import { bound, draw, gapOf, items, programOf, toyRows, users, valuesOf } from './bench.ts';

const givens = { prior: 0.4 };
/** Soft labels, and an indicator that has nothing to do with them. */
const rows: TrainingRows = (() => {
  const toy = toyRows();
  const y = Float32Array.from(toy.user, (u, r) => ((3 * u + 5 * r) % 7) / 7);
  return { ...toy, columns: { ...toy.columns, y, indicator: Float32Array.from(y, (_, r) => (r % 3 === 0 ? 1 : 0)) } };
})();
const { y, indicator } = rows.columns as { y: Float32Array; indicator: Float32Array };
const small = { width: 3, backbone: factors({ sd: 1.5 }), clip: 0.5 };
const rowsOf = (program: Program) => {
  const machine = bound(program, { givens }, rows);
  draw(machine);
  machine.steps[0]!.gradient();
  const [P, Q] = [valuesOf(machine, 'P'), valuesOf(machine, 'Q')];
  const rating = (u: number, i: number) =>
    1 / (1 + Math.exp(-[0, 1, 2].reduce((dot, k) => dot + P[3 * u + k]! * Q[3 * i + k]!, 0)));
  return { loss: machine.steps[0]!.loss(), tracked: machine.steps[0]!.tracked(), rating };
};
const link = (r: number) => Math.min(1, Math.max(0.5, 2 ** r - 1));
/** Sum over all observed rows. */
const observed = (value: (r: number, label: number, o: number) => number, rating: (u: number, i: number) => number) =>
  [...rows.user.keys()].reduce((sum, n) => sum + value(rating(rows.user[n]!, rows.item[n]!), y[n]!, indicator[n]!), 0);

describe.each([
  ['dt-ips-oracle', (batch: number) => programOf(dtIpsOracle.with({ ...small, batch }))],
  ['dt-dr-oracle', (batch: number) => programOf(dtDrOracle.with({ ...small, batch, ratio: 1.5 }))],
])('%s', (_, make) => {
  test('its gradient equals finite differences, through the propensity and its inverse', () => {
    const machine = bound(make(6), { givens }, rows);
    draw(machine);
    for (const table of machine.tables.keys()) expect(gapOf(machine, 0, table), table).toBeLessThan(3e-6);
  });
  test('the stopping rule follows the whole loss', () => {
    const { loss, tracked } = rowsOf(make(6));
    expect(tracked).toBe(loss);
  });
});

test('IPS: half the squared error over the clipped link, and the squared error of the link', () => {
  const { loss, rating } = rowsOf(programOf(dtIpsOracle.with({ ...small, batch: 12 })));
  const expected = observed((r, label, o) => (0.5 * (label - r) ** 2) / link(r) + (link(r) - o) ** 2, rating);
  expect(loss).toBeCloseTo(expected / 12, 7);
  const clipped = [...rows.user.keys()].filter((n) => 2 ** rating(rows.user[n]!, rows.item[n]!) - 1 < 0.5);
  expect(clipped.length).toBeGreaterThan(0); // the clip is part of what is tested
});

test('DR: its constant imputed error is not weighted on observed pairs, and the imputation has a loss of its own', () => {
  const all = users * items;
  const program = programOf(dtDrOracle.with({ ...small, batch: 10, ratio: all / 10, theta: 0.7, alpha: 0.3 }));
  const ten = { ...rows, user: rows.user.slice(0, 10), item: rows.item.slice(0, 10) };
  const machine = bound(
    program,
    { givens },
    { ...ten, columns: { y: y.slice(0, 10), indicator: indicator.slice(0, 10) } },
  );
  draw(machine);
  machine.steps[0]!.gradient();
  const [P, Q] = [valuesOf(machine, 'P'), valuesOf(machine, 'Q')];
  const rating = (u: number, i: number) =>
    1 / (1 + Math.exp(-[0, 1, 2].reduce((dot, k) => dot + P[3 * u + k]! * Q[3 * i + k]!, 0)));
  let [robust, imputation, propensity] = [0, 0, 0];
  for (let pair = 0; pair < all; pair++) robust += (0.4 - rating(Math.floor(pair / items), pair % items)) ** 2;
  for (let n = 0; n < 10; n++) {
    const r = rating(ten.user[n]!, ten.item[n]!);
    const [e, eh, p] = [(y[n]! - r) ** 2, (0.4 - r) ** 2, link(r)];
    robust += e / p - eh;
    imputation += (e - eh) ** 2 / p;
    propensity += (p - indicator[n]!) ** 2;
  }
  expect(machine.steps[0]!.loss()).toBeCloseTo(robust / all + (0.7 * imputation + 0.3 * propensity) / 10, 7);
});
