import { node, Problem } from '../../core/index.ts';
import { groupBy } from '../../core/numeric/index.ts';
import { Pairs, Propensities, Shape } from '../ports.ts';

/**
 * Propensities that are known already: from a file, or the true ones of a simulator (an oracle). They are looked up for each
 * train row, so the given table may hold more pairs, in any order.
 *
 * @throws Problem bad-data when a train pair is missing or a propensity is not in (0, 1]
 */
export const givenPropensity = node('propensity/given', {
  doc: 'Propensities from another table, looked up for the train rows: from a file, or an oracle.',
  in: { train: Pairs, given: Propensities, shape: Shape },
  out: { p: Propensities },
  run({ train, given, shape }) {
    for (let row = 0; row < given.p.length; row++) {
      const value = given.p[row]!;
      if (!(value > 0 && value <= 1))
        throw new Problem('bad-data', `a propensity is ${value}, and must be above 0 and at most 1`, {
          where: `given, row ${row} (user ${given.user[row]}, item ${given.item[row]})`,
        });
    }
    const known = groupBy(given.user, shape.users);
    const wanted = groupBy(train.user, shape.users);
    const p = new Float32Array(train.user.length);
    const ofItem = new Float32Array(shape.items);
    const missing: string[] = [];
    let lacking = 0;
    for (let u = 0; u < shape.users; u++) {
      const rows = known.rows.subarray(known.start[u], known.start[u + 1]);
      for (const row of rows) ofItem[given.item[row]!] = given.p[row]!;
      for (const row of wanted.rows.subarray(wanted.start[u], wanted.start[u + 1])) {
        p[row] = ofItem[train.item[row]!]!;
        if (p[row] === 0 && lacking++ < 3) missing.push(`user ${u}, item ${train.item[row]}`);
      }
      for (const row of rows) ofItem[given.item[row]!] = 0;
    }
    if (lacking > 0)
      throw new Problem(
        'bad-data',
        `${lacking} train pairs have no given propensity: ${missing.join('; ')}${lacking > 3 ? `; and ${lacking - 3} more` : ''}`,
        { where: 'given' },
      );
    return { p: { user: train.user, item: train.item, p } };
  },
});
