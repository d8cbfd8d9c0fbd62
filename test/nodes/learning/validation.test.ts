import fc from 'fast-check';
import { expect, test } from 'vitest';
import { definitionOf } from '../../../nodes/evaluation/presets.ts';
import { loggedNdcg } from '../../../nodes/learning/validation/logged-ndcg.ts';
import { rankAuc } from '../../../nodes/learning/validation/rank-auc.ts';
import { measured, type Row } from '../evaluation/measured.ts';

test('the AUC is the share of positive-negative pairs in the right order, ties one half', () =>
  fc.assert(
    fc.property(fc.array(fc.record({ s: fc.nat(6), y: fc.constantFrom(0, 1) }), { maxLength: 30 }), (rows) => {
      const [up, down] = [rows.filter(({ y }) => y === 1), rows.filter(({ y }) => y === 0)];
      let wins = 0;
      for (const a of up) for (const b of down) wins += a.s > b.s ? 1 : a.s === b.s ? 0.5 : 0;
      const auc = rankAuc(
        Float32Array.from(rows, ({ s }) => s),
        Float32Array.from(rows, ({ y }) => y),
      );
      if (up.length * down.length === 0) expect(auc).toBeNaN();
      else expect(auc).toBeCloseTo(wins / (up.length * down.length), 12);
    }),
  ));

test('the NDCG that training stops on is the NDCG@5 of preset idcf, ties included', async () => {
  const pairs = fc.uniqueArray(fc.record({ u: fc.nat(3), i: fc.nat(20), s: fc.nat(5), y: fc.constantFrom(0, 1) }), {
    minLength: 1,
    maxLength: 30,
    selector: ({ u, i }) => 100 * u + i,
  });
  await fc.assert(
    fc.asyncProperty(pairs, async (rows) => {
      const of = (key: 'u' | 'i') => Uint32Array.from(rows, (row) => row[key]);
      const ndcg = loggedNdcg({ user: of('u'), item: of('i'), rating: Float32Array.from(rows, ({ y }) => y) }, 5);
      const { values } = await measured(
        {
          shape: { users: 4, items: 21 },
          scores: rows.map(({ u, i, s }): Row => [u, i, s]),
          test: rows.map(({ u, i, y }): Row => [u, i, y]),
        },
        definitionOf('idcf'),
      );
      const value = ndcg(Float32Array.from(rows, ({ s }) => s));
      if (Number.isNaN(value)) expect(values['ndcg@5']).toBeNaN();
      else expect(value).toBeCloseTo(values['ndcg@5'] as number, 12);
    }),
    { numRuns: 30 },
  );
});
