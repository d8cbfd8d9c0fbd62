import { expect, test } from 'vitest';
import type { Program } from '../../../nodes/learning/declaration.ts';
import { bound, draw, toyRows } from './bench.ts';
import { invPref, macrLightGcn, noisy, ultdTp } from './sketches.ts';

const rows = toyRows();
const known = { ...rows, columns: { ...rows.columns, userWeight: rows.columns.w!, environment: rows.columns.y! } };

test.each<[string, Program, string]>([
  ['InvPref', invPref, "the engine does not run 'every', which reassigns a state column between epochs, yet"],
  ['ULTD-TP', ultdTp, "the engine does not run 'by', a mean over the rows of another stream that share a key, yet"],
  ['noise', noisy, "the engine does not run 'noisy' in score 'z' (noise on the way into a score) yet"],
])('%s is written down, and bind says which of its words it does not run', (_, program, message) => {
  expect(() => bound(program, {}, known)).toThrow(message);
  expect(JSON.parse(JSON.stringify(program))).toEqual(program);
});

const plain = (program: Program): Program => {
  const { every: _, state: __, ...rest } = program;
  return {
    ...rest,
    groups: Object.fromEntries(Object.entries(rest.groups).map(([name, g]) => [name, { ...g, by: 'adam' }])),
  };
};
test.each<[string, Program, string]>([
  ['state columns', { ...plain(invPref), state: { environment: 'uniform over 6' } }, "state column 'environment'"],
  ['products on the way into a score', plain(invPref), "'times' in score 'aware'"],
])('each word is rejected for itself: %s', (_, program, message) => {
  expect(() => bound(program, {}, known)).toThrow(message);
});

test('MACR on LightGCN is written down, and runs', () => {
  const machine = bound(macrLightGcn, { clicks: rows }, known);
  draw(machine);
  machine.steps[0]!.gradient();
  // all scores start near 0: 2 ln 2 of the matching, and the same of the items and of the users by their weights
  expect(machine.steps[0]!.loss()).toBeCloseTo(2 * Math.LN2 * (1 + 1e-2 + 1e-3), 1);
  expect(JSON.parse(JSON.stringify(macrLightGcn))).toEqual(macrLightGcn);
});
