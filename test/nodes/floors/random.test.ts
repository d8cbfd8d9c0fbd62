import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runNode } from '../../../core/testing/index.ts';
import { definitionOf, presetNames } from '../../../nodes/evaluation/presets.ts';
import { randomFloor } from '../../../nodes/floors/random.ts';
import { expectClose, labelsOf, measured, pairsOf, type Row } from '../evaluation/measured.ts';

/** All orders of 0 .. n-1. */
function orders(n: number): number[][] {
  if (n === 0) return [[]];
  return orders(n - 1).flatMap((order) => Array.from({ length: n }, (_, at) => order.toSpliced(at, 0, n - 1)));
}

test('the random floor is the mean over every order of the candidates', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 5 }),
      fc.record({
        preset: fc.constantFrom(...presetNames),
        recall: fc.constantFrom('positives' as const, 'achievable' as const),
        map: fc.constantFrom('positives' as const, 'achievable' as const, 'hits' as const),
        precision: fc.constantFrom('cutoff' as const, 'list' as const),
        ideal: fc.constantFrom('achievable' as const, 'cutoff' as const, 'hits' as const),
      }),
      async (labels, { preset, ...overrides }) => {
        const shape = { users: 1, items: labels.length };
        const definition = definitionOf(preset, { ...overrides, cutoffs: [1, 2, 3] });
        const rated = labels.map((label, item): Row => [0, item, label]);
        const total: Record<string, number> = {};
        const all = orders(labels.length);
        for (const order of all) {
          const scores = order.map((item, rank): Row => [0, item, (1 + rank) / 8]);
          const { values } = await measured({ shape, scores, test: rated }, definition, { scores: 'order' });
          for (const [cell, value] of Object.entries(values)) total[cell] = (total[cell] ?? 0) + value / all.length;
        }
        const { metrics } = await runNode(randomFloor, {
          candidates: pairsOf(rated),
          test: labelsOf(rated),
          evaluation: definition,
          shape,
        });
        metrics.metric.forEach((name, row) => {
          const cell = `${name}@${metrics.k[row]}`;
          // the ideal of the retrieved hits has a closed form for gains of 0 and 1 alone
          if (name === 'ndcg' && definition.ideal === 'hits' && definition.gain !== 'binary') {
            expect(metrics.value[row]).toBeNaN();
            return;
          }
          expectClose(metrics.value[row], total[cell] as number, 10, cell);
        });
      },
    ),
    { numRuns: 25 },
  ));
