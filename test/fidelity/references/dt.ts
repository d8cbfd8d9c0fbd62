/**
 * Li et al. 2024 (ICDE) on Coat. The judged means are those of the authors' code (haoxuanli-pku/ICDE24-MNAR, commit 7348f0d)
 * with its stored hyperparameters; beside them stands the paper's Table IV.
 */
import type { FloorCell, ReferenceCell, ReferenceSet } from '../reference.ts';

const metrics = [
  { metric: 'auc', k: null },
  { metric: 'ndcg', k: 5 },
  { metric: 'recall', k: 5 },
] as const;
type Three<T> = readonly [auc: T, ndcg: T, recall: T];

/** Three cells of a method; `measured` and `printed` are `mean±sd`. */
const method = (name: string, n: number, measured: Three<string>, printed: Three<string>): ReferenceCell[] =>
  metrics.map(({ metric, k }, at) => {
    const [mean, sd] = (measured[at] as string).split('±').map(Number);
    return {
      method: name,
      metric,
      k,
      preset: 'dt-icde24',
      mean: mean as number,
      sd: sd as number,
      n,
      source: `authors' code, ${n} seeds from 2020 on`,
      printed: printed[at] as string,
    };
  });
const floor = (pipeline: string, values: Three<string>): FloorCell[] =>
  metrics.map(({ metric, k }, at) => ({ pipeline, metric, k, value: values[at] as string }));

export const dt: ReferenceSet = {
  title: 'Li et al. 2024 (ICDE) on Coat',
  protocol: 'coat-dt',
  seeds: Array.from({ length: 10 }, (_, i) => 2020 + i),
  s: { auc: 0.0075, ndcg: 0.0092, recall: 0.0092 },
  cells: [
    ...method('mf', 10, ['.6977±.0084', '.6408±.0091', '.4499±.0087'], ['.696±.007', '.641±.007', '.453±.010']),
    ...method('ips', 10, ['.6866±.0088', '.6277±.0110', '.4423±.0121'], ['.698±.006', '.640±.011', '.455±.011']),
    ...method('dr-as-coded', 3, ['.6911±.0044', '.6526±.0100', '.4533±.0082'], ['.700±.006', '.658±.009', '.462±.010']),
  ],
  floors: [
    ...floor('floor-random', ['.5000', '.4604', '.3028']),
    ...floor('floor-popularity', ['.5403', '.5102', '.3452']),
    ...floor('floor-item-mean', ['.6226', '.6241', '.4374']),
    ...floor('floor-item-user-mean', ['.7667', '.6241', '.4374']),
  ],
};
