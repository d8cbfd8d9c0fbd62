/** What a reproduction declares must be runnable and complete before anybody waits for it. */
import { tmpdir } from 'node:os';
import { beforeAll, describe, expect, test } from 'vitest';
import { workOf } from '../../cli/reproduce/units.ts';
import type { Registry } from '../../core/registry.ts';
import { loadRegistry } from '../../definitions.ts';
import { datasets } from '../../nodes/datasets/catalogue/datasets.ts';
import { presets } from '../../nodes/evaluation/presets.ts';
import { type Look, type PaperTable, printed, references } from '../../pipelines/reproductions/declaration.ts';
import { reproductions } from '../../pipelines/reproductions/reproductions.ts';

let registry: Registry;
beforeAll(async () => {
  ({ registry } = await loadRegistry([], tmpdir()));
});
const nothing: Look = { mean: () => undefined, ties: () => undefined, welch: () => undefined };

describe.each(reproductions.map((paper) => [paper.name, paper] as const))('%s', (_, paper) => {
  const tables = Object.entries(paper.tables);
  const figures = Object.entries(paper.figures);

  test('every entry is a pipeline that closes on its protocol and takes its settings', () => {
    const items = [
      ...tables.map(([name, value]) => ({ kind: 'table', name, value }) as const),
      ...figures.map(([name, value]) => ({ kind: 'figure', name, value }) as const),
    ];
    const { units, trials } = workOf(items, registry, () => true);
    expect(
      [...units.values()].flatMap(({ id, problem }) => (problem === undefined ? [] : [`${id}: ${problem}`])),
    ).toEqual([]);
    expect(new Set(trials.map(({ unit }) => unit.id)).size).toBe(units.size);
  });

  test.each(tables)('table %s has a reference for every cell, and names that tell its rows apart', (_name, table) => {
    expect(new Set(table.sections.map(({ name }) => name)).size).toBe(table.sections.length);
    for (const { name, data, columns, rows } of table.sections) {
      expect(
        datasets.map((entry) => entry.name),
        name,
      ).toContain(data);
      expect(new Set(rows.map(({ label }) => label)).size, name).toBe(rows.length);
      for (const { label, references: known } of rows) {
        expect(known, `${name} ${label}`).toHaveLength(columns.length);
        for (const { measured } of known) if (measured) expect(measured.source).toMatch(/\w/);
      }
      for (const { quantity } of columns)
        if (quantity.of === 'metric') expect(presets).toHaveProperty([quantity.definition]);
    }
  });

  test('a claim about what was not run cannot tell', () => {
    for (const { claims } of [...Object.values(paper.tables), ...Object.values(paper.figures)])
      for (const { judge } of claims) {
        const { finding, because } = judge(nothing);
        expect(because).toMatch(/\w/);
        expect(finding).not.toBe('holds');
      }
  });
});

test('a bounded Table III ends one rho of a seed before it begins the next, the middle one first', () => {
  const [dt] = reproductions;
  const item = { kind: 'table', name: 'III', value: dt?.tables.III as PaperTable } as const;
  const { trials } = workOf([item], registry, () => true);
  const ofFirst = trials.filter(({ named }) => named.seed === 2020);
  const rhos = ofFirst.map(({ unit }) => unit.entry.set?.['data.selection.rho']);
  expect([...new Set(rhos)]).toEqual([1, 0.5, 1.5, 0.75, 1.25]);
  expect(rhos, 'no rho comes back').toEqual([...new Set(rhos)].flatMap((rho) => rhos.filter((other) => other === rho)));
  const first = trials.slice(0, 2).map(({ unit }) => [unit.entry.pipeline, unit.entry.set?.['data.truth.axis']]);
  expect(first, 'both axes of one training').toEqual([
    ['mf', 'as-coded'],
    ['mf', 'fixed'],
  ]);
});

test('a number is read with its spread and the digits that are printed', () => {
  expect(printed('.640±.011')).toEqual({ mean: 0.64, sd: 0.011, digits: 3 });
  expect(printed('2.30e4')).toEqual({ mean: 23_000, digits: 2 });
  expect(printed('')).toBeUndefined();
  expect(() => printed('about .7')).toThrow('is no number');
});

test('references stand in the order of the columns, with or without a measured one', () => {
  expect(references(['.7', ''], ['', '.5±.1'], 3, 'by hand')).toEqual([
    { printed: { mean: 0.7, digits: 1 } },
    { measured: { mean: 0.5, sd: 0.1, n: 3, source: 'by hand' } },
  ]);
});
