/** Collects metric rows in the shape of the `Metrics` and `PerUserMetrics` ports. */
export interface MetricRows {
  add(metric: string, k: number, value: number, reason?: string): void;
  table(): { metric: string[]; k: Uint32Array; definition: string[]; value: Float64Array; reason: string[] };
}

/** Rows under one definition. A value that is not a number must come with its reason. */
export function metricRows(definition: string): MetricRows {
  const metric: string[] = [];
  const k: number[] = [];
  const value: number[] = [];
  const reason: string[] = [];
  return {
    add(name, cutoff, number, why = '') {
      metric.push(name);
      k.push(cutoff);
      value.push(number);
      reason.push(Number.isNaN(number) ? why : '');
    },
    table: () => ({
      metric,
      k: Uint32Array.from(k),
      definition: metric.map(() => definition),
      value: Float64Array.from(value),
      reason,
    }),
  };
}

export interface UserRows {
  add(user: number, metric: string, k: number, value: number): void;
  table(): { user: Uint32Array; metric: string[]; k: Uint32Array; value: Float64Array };
}

/** Rows by user, in the order they are added; `most` is an upper bound on their number. */
export function userRows(most: number): UserRows {
  const user = new Uint32Array(most);
  const metric: string[] = [];
  const k = new Uint32Array(most);
  const value = new Float64Array(most);
  return {
    add(who, name, cutoff, number) {
      const at = metric.push(name) - 1;
      user[at] = who;
      k[at] = cutoff;
      value[at] = number;
    },
    table: () => ({
      user: user.slice(0, metric.length),
      metric,
      k: k.slice(0, metric.length),
      value: value.slice(0, metric.length),
    }),
  };
}
