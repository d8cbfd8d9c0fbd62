/**
 * Zhang et al. 2023 (iDCF) and Deng et al. 2024 (IViDR) on Coat: the cells that were measured with ten seeds of iDCF's code. The
 * numbers are those of the reproduction.
 */
import { coatProtocol, coatRows, ividrSeeds, spread } from '../../../pipelines/reproductions/ividr/coat.ts';
import type { ReferenceCell, ReferenceSet } from '../reference.ts';

const metrics = ['ndcg', 'recall'] as const;
const cells = coatRows.flatMap(({ entry, references }): ReferenceCell[] =>
  'none' in entry
    ? []
    : metrics.flatMap((metric, at) => {
        const { printed, measured } = references[at] ?? {};
        if (measured === undefined || printed === undefined) return [];
        const { mean, sd, n, source } = measured;
        return [
          {
            method: entry.pipeline,
            metric,
            k: 5,
            preset: 'idcf',
            mean,
            n,
            source,
            ...(sd !== undefined && { sd }),
            printed: `${printed.mean.toFixed(4).slice(1)}±${(printed.sd ?? 0).toFixed(4).slice(1)}`,
          },
        ];
      }),
);

export const idcf: ReferenceSet = {
  title: 'Deng et al. 2024 (IViDR), Table 3 on Coat',
  protocol: coatProtocol,
  seeds: ividrSeeds,
  s: spread,
  cells,
  floors: [],
};
