/** The rows that results travel in: one number each, with all that it takes to know what the number means. */
export interface MetricRow {
  readonly pipeline: string;
  readonly dataset: string;
  readonly protocol: string;
  /** Null where the result is the same for every seed. */
  readonly seed: number | null;
  readonly metric: string;
  /** Null where the metric has no cut-off. */
  readonly k: number | null;
  readonly definition: string;
  /** Null (or NaN) where the metric is not defined. */
  readonly value: number | null;
  readonly reason?: string;
}

/** One pipeline's results over seeds in one metric, beside the baseline's. */
export interface SummaryRow {
  readonly pipeline: string;
  readonly metric: string;
  readonly k: number | null;
  readonly definition: string;
  /** Values in the mean. */
  readonly n: number;
  /** Seeds that gave no result: their runs failed, or ended untrained. */
  readonly failed: number;
  /** Null when n is 0. */
  readonly mean: number | null;
  /** Sample standard deviation over seeds (divisor n - 1); null below two values. */
  readonly sd: number | null;
  /** Mean minus the baseline's; over the common seeds where the test is paired. Absent on the baseline. */
  readonly delta?: number;
  /** Two-sided p of the chosen test against the baseline; absent below two seeds or without any spread. */
  readonly p?: number;
  /** `p` after Holm over all pipelines that are not floors, within this metric, k and definition. Absent on floors. */
  readonly pAdjusted?: number;
}

/** One metric under one definition. */
export interface Cell {
  readonly metric: string;
  readonly k: number | null;
  readonly definition: string;
}
export const cellKey = ({ metric, k, definition }: Cell): string => JSON.stringify([metric, k, definition]);
