import { expect, test } from 'vitest';
import type { Program } from '../../../nodes/learning/declaration.ts';
import { bound, toyRows } from './bench.ts';
import { invPref, macrLightGcn, noisy, ultdTp } from './sketches.ts';

const rows = toyRows();
const known = { ...rows, columns: { ...rows.columns, userWeight: rows.columns.w!, environment: rows.columns.y! } };

test.each<[string, Program, string]>([
  ['MACR on LightGCN', macrLightGcn, "the engine does not run 'cross', a sum over all pairs of batch rows, yet"],
  ['InvPref', invPref, "the engine does not run 'every', which reassigns a state column between epochs, yet"],
  ['ULTD-TP', ultdTp, "the engine does not run 'by', a mean over the rows of another stream that share a key, yet"],
  ['noise', noisy, "the engine does not run 'noisy' in score 'z' (noise on the way into a score) yet"],
])('%s is written down, and bind says which of its words it does not run', (_, program, message) => {
  expect(() => bound(program, { clicks: rows }, known)).toThrow(message);
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
  [
    'sums over all pairs of a batch',
    {
      ...plain(macrLightGcn),
      scores: Object.fromEntries(['k', 'i', 'u'].map((name) => [name, { dot: ['P', 'Q'] }])),
      streams: { T: { draw: 'observed', batch: 4 } },
    },
    "'cross', a sum over all pairs of batch rows",
  ],
])('each word is rejected for itself: %s', (_, program, message) => {
  expect(() => bound(program, {}, known)).toThrow(message);
});
