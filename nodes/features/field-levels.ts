/** User features field by field: which level each user has in each field. */
import { Problem } from '../../core/index.ts';

interface FeatureColumns {
  readonly row: Uint32Array;
  readonly feature: Uint32Array;
}

/**
 * The level of each user in each field, an array a field; features are numbered field by field, and `fields` says how many levels
 * each has.
 * @throws Problem bad-data for a feature outside of the fields, a user outside of the shape, or a user without a level in a field
 */
export function levelsOf({ row, feature }: FeatureColumns, fields: readonly number[], users: number): Int32Array[] {
  const of = fields.flatMap((count, field) => Array.from({ length: count }, (_, level) => ({ field, level })));
  const levels = fields.map(() => new Int32Array(users).fill(-1));
  for (let n = 0; n < row.length; n++) {
    const known = of[feature[n] as number];
    if (known === undefined || (row[n] as number) >= users)
      throw new Problem('bad-data', `feature ${feature[n]} of user ${row[n]} lies outside of the fields or the users`, {
        where: `userFeatures, row ${n}`,
        hint: `the fields say ${of.length} features, and the data set has ${users} users`,
      });
    (levels[known.field] as Int32Array)[row[n] as number] = known.level;
  }
  levels.forEach((ofUsers, field) => {
    const without = ofUsers.indexOf(-1);
    if (without >= 0)
      throw new Problem('bad-data', `user ${without} has no level in field ${field}`, {
        where: 'userFeatures',
        hint: 'one-hot features are needed; check the sizes in `fields`',
      });
  });
  return levels;
}
