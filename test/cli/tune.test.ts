/** A study that chooses its settings first, through the command line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answer, counterpoise, type Document, tiny } from './face.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterpoise-tune-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const sets = [...tiny, '--set', 'model.epochs=2', '--store', join(folder, 'store')];
const file = join(folder, 'fair.yaml');
writeFileSync(
  file,
  `study: fair
methods: [mf, ips]
on: simulation-5-5-90
seeds: 1..2
tune:
  budget: 4
  metric: mae
  spaces: { weights: { clip: [0.02, 0.2] } }
`,
);

let document: Document;
beforeAll(async () => {
  const said = await answer('study', file, ...sets);
  expect(said.code, said.err).toBe(0);
  document = said.document;
}, 240_000);

test('the document says what selected, how many trials each method had, and what was chosen', () => {
  const { selection } = document;
  expect(selection).toMatchObject({ on: 'validation', metric: 'mae', k: null, budget: 4, seed: 1 });
  expect(selection.label).toBe("the uniform slice 'validation' of simulation-5-5-90");
  expect(selection.methods.map((m: Document) => [m.pipeline, m.trials, m.failed])).toEqual([
    ['mf', 4, 0],
    ['ips', 4, 0],
  ]);
  for (const { pipeline, value, settings } of selection.methods) {
    const mine = selection.trials.filter((trial: Document) => trial.pipeline === pipeline);
    expect(mine.length).toBe(4);
    expect(value).toBe(Math.min(...mine.map((trial: Document) => trial.value)));
    expect(mine.find((trial: Document) => trial.value === value).settings).toEqual(settings);
  }
  const clips = selection.trials.flatMap(({ settings }: Document) => settings.weights?.clip ?? []);
  expect(clips.length).toBe(3);
  expect(clips.every((clip: number) => clip === 0.02 || clip === 0.2)).toBe(true);
});

test('the chosen settings run over the seeds on the test, under one split, with floors beside them', async () => {
  const auc = document.metrics.filter((row: Document) => row.metric === 'auc');
  expect(auc.map((row: Document) => `${row.pipeline} ${row.seed}`)).toEqual([
    ...['mf 1', 'mf 2', 'ips 1', 'ips 2'],
    ...['floor-random', 'floor-popularity', 'floor-item-mean', 'floor-item-user-mean'].map((name) => `${name} null`),
  ]);
  expect(new Set(auc.map((row: Document) => row.protocol))).toEqual(new Set(['simulation-5-5-90']));
  const splits = document.steps.filter((row: Document) => row.step === 'data.split').map((row: Document) => row.key);
  expect(new Set(splits).size).toBe(1);
  for (const { pipeline, settings } of document.selection.methods) {
    const words = Object.entries(settings as Record<string, Record<string, unknown>>).flatMap(([step, keys]) =>
      Object.entries(keys).flatMap(([key, value]) => ['--set', `${step}.${key}=${value}`]),
    );
    const on = ['--protocol', 'simulation-5-5-90', '--seed', '1', '--no-floors'];
    const plain = await answer('run', pipeline, ...on, ...sets, ...words);
    expect(new Set(plain.document.steps.map((row: Document) => row.status))).toEqual(new Set(['cached']));
    const value = auc.find((row: Document) => row.pipeline === pipeline && row.seed === 1).value;
    expect(plain.document.metrics.find((row: Document) => row.metric === 'auc').value).toBe(value);
  }
  const shown = await answer('show', document.run, '--store', join(folder, 'store'));
  expect(shown.document.record.results.selection).toEqual(document.selection);
});

test('running it again computes nothing, and a larger budget computes only what is new', async () => {
  const again = await answer('study', file, ...sets);
  expect(new Set(again.document.steps.map((row: Document) => row.status))).toEqual(new Set(['cached']));
  expect(again.document.selection.trials).toEqual(document.selection.trials);
  const more = await answer('study', file, ...sets, '--budget', '5');
  const of = (name: string, from: Document) =>
    from.selection.trials.filter((trial: Document) => trial.pipeline === name);
  expect(of('mf', more.document).slice(0, 4)).toEqual(of('mf', document));
  expect(of('mf', more.document).length).toBe(5);
});

test('people read under the table what was selected on what', async () => {
  const said = await counterpoise('study', file, ...sets);
  expect(said.out).toContain("settings selected on the uniform slice 'validation' of simulation-5-5-90,");
  expect(said.out).toContain(
    'by mae (dt-icde24), never on the test; 4 trials a method at most, seed 1, one split for all seeds',
  );
  expect(said.out).toMatch(/^mf +4 +0 /m);
});

test('--tune makes any study a tuned one; on the biased log it is labelled as such', async () => {
  const said = await answer(
    'study',
    'quickstart',
    '--tune',
    '--budget',
    '2',
    '--select',
    'snips',
    '--seeds',
    '1',
    ...sets,
  );
  expect(said.code, said.err).toBe(0);
  const { selection } = said.document;
  expect(selection.label).toBe('a held-out fifth of the biased log of simulation, weighted by SNIPS');
  expect(selection.definition).toBe('dt-icde24+snips');
  expect(selection.methods.map((m: Document) => m.trials)).toEqual([2, 2, 2]);
});

test.each([
  [['study', 'quickstart', '--budget', '3'], '--budget belongs to --tune'],
  [['study', 'quickstart', '--tune'], "protocol 'simulation' gives no role 'validation'"],
  [['study', 'quickstart', '--tune', '--select', 'test'], '--select: '],
  [['study', 'quickstart', '--tune', '--budget', '0'], '--budget: '],
  [['study', 'quickstart', '--tune', '--select', 'snips', '--metric', 'ndcg@5'], "'ndcg@5' cannot select on snips"],
  [['plan', file], "study 'fair' is tuned"],
])('%j is refused: %s', async (words, message) => {
  const said = await answer(...words, '--store', join(folder, 'other'), '--jobs', '0');
  expect(said.code).toBe(2);
  expect(said.document.error.message).toContain(message);
});
