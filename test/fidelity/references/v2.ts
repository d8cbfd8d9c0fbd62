/**
 * Li et al. 2023 (ICML) on Coat from 3 stars on: one run each of the authors' code (haoxuanli-pku/ICML23-Propensity, commit
 * 5dfddfa) on 90 % of the uniform ratings, measured by two rules for users without a positive.
 */
export const v2Seeds = Array.from({ length: 10 }, (_, i) => 2020 + i);
/** A mean of ten seeds must lie this near to the one run. */
export const v2Limit = 0.03;
/** MR has no code to compare with: it must not lose more AUC than this against mf on the same slice. */
export const mrLoss = 0.005;

export interface V2Cell {
  readonly method: string;
  /** Preset of the metric definitions: `dt-icde24` counts users without a positive, `autodebias` leaves them out. */
  readonly preset: 'dt-icde24' | 'autodebias';
  readonly metric: 'auc' | 'ndcg' | 'recall';
  readonly value: number;
}
const rows = (method: string, preset: V2Cell['preset'], auc: number, ndcg: number, recall: number): V2Cell[] => [
  { method, preset, metric: 'auc', value: auc },
  { method, preset, metric: 'ndcg', value: ndcg },
  { method, preset, metric: 'recall', value: recall },
];
export const v2Cells: readonly V2Cell[] = [
  ...rows('ips-v2-as-coded', 'dt-icde24', 0.718, 0.728, 0.531),
  ...rows('ips-v2-as-coded', 'autodebias', 0.718, 0.716, 0.554),
  ...rows('dr-v2-as-coded', 'dt-icde24', 0.739, 0.713, 0.52),
  ...rows('dr-v2-as-coded', 'autodebias', 0.739, 0.701, 0.542),
];
