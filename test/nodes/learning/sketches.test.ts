import { expect, test } from 'vitest';
import type { Program } from '../../../nodes/learning/declaration.ts';
import { bound, draw, toyRows } from './bench.ts';
import { macrLightGcn, ultdTp } from './sketches.ts';

const rows = toyRows();
const known = { ...rows, columns: { ...rows.columns, userWeight: rows.columns.w!, environment: rows.columns.y! } };

test.each<[string, Program, string]>([
  ['ULTD-TP', ultdTp, "the engine does not run 'by', a mean over the rows of another stream that share a key, yet"],
])('%s is written down, and bind says which of its words it does not run', (_, program, message) => {
  expect(() => bound(program, {}, known)).toThrow(message);
  expect(JSON.parse(JSON.stringify(program))).toEqual(program);
});

test('MACR on LightGCN is written down, and runs', () => {
  const machine = bound(macrLightGcn, { clicks: rows }, known);
  draw(machine);
  machine.steps[0]!.gradient();
  // all scores start near 0: 2 ln 2 of the matching, and the same of the items and of the users by their weights
  expect(machine.steps[0]!.loss()).toBeCloseTo(2 * Math.LN2 * (1 + 1e-2 + 1e-3), 1);
  expect(JSON.parse(JSON.stringify(macrLightGcn))).toEqual(macrLightGcn);
});
