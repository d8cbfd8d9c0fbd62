import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankAuc } from '../../../nodes/learning/rank-auc.ts';

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
