/**
 * Li et al. 2024 (ICDE) on Coat: the cells of their Table IV whose means were measured with the authors' code under the same
 * protocol. The numbers are those of the reproduction.
 */
import { coatFloors, coatRows } from '../../../pipelines/reproductions/dt/coat.ts';
import { dtSeeds, rankingColumns } from '../../../pipelines/reproductions/dt/ranking.ts';
import type { FloorCell, ReferenceCell, ReferenceSet } from '../reference.ts';

const protocol = 'coat-dt';
const columns = rankingColumns(5).flatMap(({ quantity, rule }) =>
  quantity.of === 'metric' && rule && 's' in rule ? [{ ...quantity, s: rule.s }] : [],
);
const cells = coatRows.flatMap(({ entry, references }): ReferenceCell[] =>
  'none' in entry || entry.protocol !== protocol
    ? []
    : columns.flatMap(({ metric, k, definition }, at) => {
        const { printed, measured } = references[at] ?? {};
        if (measured === undefined) return [];
        const { mean, sd, n, source } = measured;
        const text = printed && `${noZero(printed.mean, 3)}±${noZero(printed.sd ?? 0, 3)}`;
        return [
          {
            method: entry.pipeline,
            metric,
            k,
            preset: definition,
            mean,
            n,
            source,
            ...(sd !== undefined && { sd }),
            ...(text !== undefined && { printed: text }),
          },
        ];
      }),
);
function noZero(value: number, digits: number): string {
  return value.toFixed(digits).replace(/^0/, '');
}

export const dt: ReferenceSet = {
  title: 'Li et al. 2024 (ICDE) on Coat',
  protocol,
  seeds: dtSeeds,
  s: Object.fromEntries(columns.map(({ metric, s }) => [metric, s])),
  cells,
  floors: Object.entries(coatFloors).flatMap(([pipeline, values]): FloorCell[] =>
    columns.map(({ metric, k }, at) => ({ pipeline, metric, k, value: values[at] as string })),
  ),
};
