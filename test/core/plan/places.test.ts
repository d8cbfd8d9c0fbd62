import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Files, f32, node, pipeline, protocol, table } from '../../../core/index.ts';
import { trial } from '../../../core/plan/resolve.ts';
import { makePlan } from '../../../core/run/run.ts';
import { testBed } from '../run/bed.ts';

const Xs = table({ x: f32 });
const config = z.strictObject({ place: z.string(), scale: z.number().default(1) });
const numbers = node('test/numbers', {
  doc: 'Numbers of a file.',
  in: {},
  out: { xs: Xs },
  config,
  use: { files: Files },
  places: ['place'],
  reads: ({ place }) => [{ name: 'numbers', path: place }],
  run: (_, { scale }, { files }) => ({
    xs: { x: Float32Array.from(files.text('numbers').split(','), (word) => scale * Number(word)) },
  }),
});
const sum = pipeline('sum', { needs: { xs: Xs } }).step(
  'same',
  node('test/same', { doc: 'The same.', in: { xs: Xs }, out: { xs: Xs }, run: ({ xs }) => ({ xs }) }),
  (up) => ({ xs: up.xs }),
);
const folder = mkdtempSync(join(tmpdir(), 'counterpoise-places-'));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const identity = (settings: z.input<typeof config>) => {
  const data = protocol('data', { dataset: 'none', evaluation: 'none', floors: [] })
    .step('raw', numbers, () => ({}), settings)
    .gives((up) => ({ xs: up.raw.xs }));
  const { key, material } = makePlan([trial(sum.on(data))], testBed()).steps[0]?.[0] ?? {};
  return { key, material };
};

test('a place is no part of the key, what lies there is', () => {
  const place = file('a.txt', '1,2');
  const one = identity({ place });
  expect(one.key).toBeDefined();
  expect(JSON.stringify(one.material)).not.toContain(folder);
  expect(identity({ place: file('b.txt', '1,2') }).key).toBe(one.key);
  expect(identity({ place: file('c.txt', '1,3') }).key).not.toBe(one.key);
  expect(identity({ place, scale: 2 }).key).not.toBe(one.key);
});

test('a node with places and no files is refused: its key would see nothing of what it reads', () => {
  expect(() =>
    node('test/blind', {
      doc: '',
      in: {},
      out: { xs: Xs },
      config,
      places: ['place'],
      run: () => ({ xs: { x: new Float32Array() } }),
    }),
  ).toThrow("node 'test/blind' has places and reads no files: what lies there would never enter its key");
});
