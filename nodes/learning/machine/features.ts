/** Side features by user or item, as the engine reads them. */
import { Problem } from '../../../core/index.ts';
import { groupBy } from '../../../core/numeric/index.ts';

/** Features in coordinate form. */
export interface FeatureTable {
  readonly row: Uint32Array;
  readonly feature: Uint32Array;
  readonly value: Float32Array;
}
/** Features of row r: places `start[r] .. start[r + 1]`, in the table's order. */
export interface FeatureRows {
  readonly start: Uint32Array;
  readonly feature: Uint32Array;
  readonly value: Float32Array;
}

/** @throws Problem bad-data for a row that the data set does not have, or a value that is no number */
export function featureRows({ row, feature, value }: FeatureTable, rows: number, port: string): FeatureRows {
  for (let n = 0; n < row.length; n++)
    if (row[n]! >= rows || !Number.isFinite(value[n]))
      throw new Problem(
        'bad-data',
        `the feature table has row ${row[n]} with value ${value[n]}, and ${rows} rows are known`,
        {
          where: `${port}, row ${n}`,
          hint: 'wire features and shape from the same data set',
        },
      );
  const { start, rows: order } = groupBy(row, rows);
  return {
    start,
    feature: Uint32Array.from(order, (n) => feature[n] as number),
    value: Float32Array.from(order, (n) => value[n] as number),
  };
}
