import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { definitionOf, type PresetName, presetNames } from '../../../nodes/evaluation/presets.ts';
import type { Overrides } from '../../../nodes/evaluation/schema.ts';
import { type Case, measured } from './measured.ts';

interface Golden extends Case {
  readonly title: string;
  readonly preset: PresetName;
  readonly overrides: Overrides;
  readonly cutoffs: number[];
  readonly expected: Readonly<Record<string, number>>;
}
const golden = JSON.parse(readFileSync(new URL('golden/metrics.json', import.meta.url), 'utf8')) as Golden[];

describe('metrics agree with golden vectors from an independent implementation', () => {
  test.each(golden.map((g) => [g.preset, g.title, g] as const))('%s, %s', async (_, __, g) => {
    const { values } = await measured(g, definitionOf(g.preset, { ...g.overrides, cutoffs: g.cutoffs }));
    for (const [cell, value] of Object.entries(g.expected)) expect(values[cell], cell).toBeCloseTo(value, 9);
  });

  test('every preset has golden vectors with and without ties, and over rated and all items', () => {
    for (const preset of presetNames) {
      const titles = golden.filter((g) => g.preset === preset && !g.title.startsWith('{')).map((g) => g.title);
      expect(titles).toEqual(['with ties', 'without ties', 'lists shorter than the cut-off', 'over all items']);
    }
  });

  test('every choice of a definition is flipped by some golden vector', () => {
    const flipped = new Set(golden.flatMap((g) => Object.keys(g.overrides)));
    for (const choice of 'threshold gain discount ideal recall precision map candidates average auc'.split(' '))
      expect(flipped, choice).toContain(choice);
  });
});
