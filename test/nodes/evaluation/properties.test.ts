import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFrame, encodeFrame } from '../../../core/codec/arrow.ts';
import { frameOf } from '../../../core/numeric/frame.ts';
import { definitionOf, presetNames } from '../../../nodes/evaluation/presets.ts';
import { rankingMetrics } from '../../../nodes/evaluation/schema.ts';
import { joined } from '../../core/codec/samples.ts';
import { type Case, expectClose, measured, type Row } from './measured.ts';

const users = 5;
const items = 8;
/** Some pairs, each with a score on a grid (so that ties are common) and a label. */
const anyCase: fc.Arbitrary<Case> = fc
  .array(
    fc.record({
      user: fc.nat(users - 1),
      item: fc.nat(items - 1),
      score: fc.integer({ min: 0, max: 8 }).map((n) => n / 8),
      label: fc.constantFrom(0, 1),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((rows) => {
    const unique = [...new Map(rows.map((row) => [`${row.user},${row.item}`, row])).values()];
    return {
      shape: { users, items },
      scores: unique.map(({ user, item, score }): Row => [user, item, score]),
      test: unique.map(({ user, item, label }): Row => [user, item, label]),
    };
  });
const anyDefinition = fc
  .record({
    preset: fc.constantFrom(...presetNames),
    recall: fc.constantFrom('positives' as const, 'achievable' as const),
    map: fc.constantFrom('positives' as const, 'achievable' as const, 'hits' as const),
    precision: fc.constantFrom('cutoff' as const, 'list' as const),
    ideal: fc.constantFrom('achievable' as const, 'hits' as const),
    auc: fc.constantFrom('pooled' as const, 'users' as const),
  })
  .map(({ preset, ...overrides }) => definitionOf(preset, { ...overrides, cutoffs: [1, 2, 5, 20] }));
const ranking = [...rankingMetrics, 'auc'];

describe('metrics of any scores', () => {
  test('lie in [0, 1], or are not a number and say why', () =>
    fc.assert(
      fc.asyncProperty(anyCase, anyDefinition, async (data, definition) => {
        const { metrics } = await measured(data, definition);
        metrics.value.forEach((value, row) => {
          const cell = `${metrics.metric[row]}@${metrics.k[row]}`;
          if (Number.isNaN(value)) expect(metrics.reason[row], cell).not.toBe('');
          else if (metrics.metric[row] !== 'logloss') {
            expect(value, cell).toBeGreaterThanOrEqual(0);
            expect(value, cell).toBeLessThanOrEqual(1 + 1e-12);
          }
          expect(metrics.definition[row]).toBe(definition.name);
        });
      }),
      { numRuns: 100 },
    ));

  test('depend on the order of scores alone, where they rank', () =>
    fc.assert(
      fc.asyncProperty(anyCase, anyDefinition, async (data, definition) => {
        const rise = (s: number) => Math.fround(s ** 3 / 4 + s / 2 + 0.1);
        const before = (await measured(data, definition)).values;
        const moved = { ...data, scores: data.scores.map(([u, i, s]): Row => [u, i, rise(s)]) };
        const after = (await measured(moved, definition)).values;
        for (const [cell, value] of Object.entries(before))
          if (ranking.includes(cell.split('@')[0] as string)) expect(after[cell], cell).toEqual(value);
      }),
      { numRuns: 60 },
    ));

  test('do not depend on the order of rows', () =>
    fc.assert(
      fc.asyncProperty(anyCase, anyDefinition, async (data, definition) => {
        const turned = { ...data, scores: data.scores.toReversed(), test: data.test.toReversed() };
        const before = await measured(data, definition);
        const after = await measured(turned, definition);
        for (const [cell, value] of Object.entries(before.values)) expectClose(after.values[cell], value, 12, cell);
        expect(after.perUser.value).toEqual(before.perUser.value);
      }),
      { numRuns: 60 },
    ));

  test('over users are the means of their per-user rows', () =>
    fc.assert(
      fc.asyncProperty(anyCase, anyDefinition, async (data, definition) => {
        const { values, perUser } = await measured(data, definition);
        for (const [cell, value] of Object.entries(values)) {
          const [name, k] = cell.split('@');
          if (!ranking.includes(name as string) || (name === 'auc' && definition.auc === 'pooled')) continue;
          const own = [...perUser.value].filter(
            (_, row) => perUser.metric[row] === name && perUser.k[row] === Number(k),
          );
          if (Number.isNaN(value)) expect(own, cell).toEqual([]);
          else expect(own.reduce((a, b) => a + b, 0) / own.length, cell).toBeCloseTo(value, 12);
        }
      }),
      { numRuns: 60 },
    ));

  test('never fall when a positive trades places with a negative above it', () =>
    fc.assert(
      fc.asyncProperty(anyCase, async (data) => {
        const label = new Map(data.test.map(([u, i, y]) => [`${u},${i}`, y]));
        const y = ([u, i]: Row) => label.get(`${u},${i}`);
        const worse = data.scores.find((a) =>
          data.scores.some((b) => a[0] === b[0] && y(a) === 1 && y(b) === 0 && b[2] > a[2]),
        );
        fc.pre(worse !== undefined);
        const better = data.scores.find((b) => b[0] === worse![0] && y(b) === 0 && b[2] > worse![2]) as Row;
        const swap = (row: Row): Row =>
          row === worse ? [row[0], row[1], better[2]] : row === better ? [row[0], row[1], worse![2]] : row;
        const definition = definitionOf('dt-icde24', { cutoffs: [1, 2, 5] });
        const before = (await measured(data, definition)).values;
        const after = (await measured({ ...data, scores: data.scores.map(swap) }, definition)).values;
        for (const [cell, value] of Object.entries(before))
          if (ranking.includes(cell.split('@')[0] as string) && !Number.isNaN(value))
            expect(after[cell], cell).toBeGreaterThanOrEqual(value - 1e-12);
      }),
      { numRuns: 60 },
    ));

  test('by user travel as an Arrow table and come back as they were', async () => {
    const data = fc.sample(anyCase, { numRuns: 1, seed: 7 })[0] as Case;
    const { perUser } = await measured(data);
    const { user, metric, k, value } = perUser;
    const back = decodeFrame(joined(encodeFrame(frameOf({ user, metric, k, value }))));
    expect(back.rows).toBe(perUser.value.length);
    expect(Object.keys(back.columns)).toEqual(['user', 'metric', 'k', 'value']);
    expect((back.columns.value as { values: Float64Array }).values).toEqual(value);
  });
});
