import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runNode } from '../../../core/testing/index.ts';
import { evaluateLists } from '../../../nodes/evaluation/evaluate-lists.ts';
import { definitionOf } from '../../../nodes/evaluation/presets.ts';
import { expectClose, measured, pairsOf, type Row } from './measured.ts';

const shape = { users: 5, items: 12 };
const pair = fc.tuple(fc.nat(shape.users - 1), fc.nat(shape.items - 1));
const pairs = (most: number) =>
  fc
    .array(pair, { minLength: 1, maxLength: most })
    .map((rows) => [...new Map(rows.map((row) => [row.join(), row])).values()]);
const has = (rows: readonly (readonly [number, number])[], user: number, item: number) =>
  rows.some(([u, i]) => u === user && i === item);

test('lists and ranks say of popularity and of users exactly what the scores say that they were made from', () =>
  fc.assert(
    fc.asyncProperty(
      pairs(25),
      pairs(12),
      fc.array(fc.nat(6), { minLength: 60, maxLength: 60 }),
      async (train, asked, drawn) => {
        const wanted = asked.filter(([u, i]) => !has(train, u, i));
        fc.pre(wanted.length > 0);
        const definition = definitionOf('macr', { cutoffs: [1, 3, 5], itemGroups: [0, 1, 2], headShare: 0.6 });
        const scores: Row[] = drawn.map((score, n) => [Math.floor(n / 12), n % 12, score]);
        const ranked = Array.from({ length: shape.users }, (_, u) =>
          scores
            .filter(([user, item]) => user === u && !has(train, u, item))
            .sort((a, b) => b[2] - a[2] || a[1] - b[1]),
        );
        const lists = ranked.flatMap((rows) => rows.slice(0, 5).map(([u, i], n): Row => [u, i, n + 1]));
        const rank = wanted.map(([u, i]) => ranked[u]!.findIndex(([, item]) => item === i) + 1);
        const whole = await measured(
          { shape, scores, test: wanted.map(([u, i]): Row => [u, i, 1]), train },
          definition,
        );
        const made = await runNode(evaluateLists, {
          lists: { ...pairsOf(lists), rank: Uint32Array.from(lists, (row) => row[2]) },
          test: pairsOf(wanted),
          known: pairsOf(train),
          train: pairsOf(train),
          ranks: { ...pairsOf(wanted), rank: Uint32Array.from(rank) },
          evaluation: definition,
          shape,
        });
        expect(made.metrics.metric).toEqual(whole.metrics.metric);
        expect(made.metrics.reason).toEqual(whole.metrics.reason);
        for (const [row, value] of made.metrics.value.entries())
          expectClose(value, whole.metrics.value[row]!, 12, `${made.metrics.metric[row]}@${made.metrics.k[row]}`);
      },
    ),
    { numRuns: 25 },
  ));
