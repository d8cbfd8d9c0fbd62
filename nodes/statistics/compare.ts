/** Methods beside a baseline over seeds: mean, sd, difference, test, and Holm's adjustment over the table. */
import { Problem } from '../../core/index.ts';
import { bootstrapTest } from './bootstrap.ts';
import { type BySeed, failuresOf, gather, refuseMixtures, type Trial } from './gather.ts';
import { holm } from './holm.ts';
import { mean, standardDeviation } from './moments.ts';
import { pairedT } from './paired-t.ts';
import { type Cell, cellKey, type MetricRow, type SummaryRow } from './tidy.ts';
import { welchT } from './welch-t.ts';
import { wilcoxonSignedRank } from './wilcoxon.ts';

/** `t`, `wilcoxon` and `bootstrap` pair on seeds; `welch` takes each pipeline's own seeds as independent. */
export const significanceTests = ['t', 'wilcoxon', 'bootstrap', 'welch'] as const;
export type SignificanceTest = (typeof significanceTests)[number];

export interface CompareOptions {
  /** The pipeline that the others are compared with. */
  readonly baseline: string;
  readonly test?: SignificanceTest;
  /** Floors get a difference and a p, but do not weigh on the adjustment of the methods. */
  readonly isFloor?: (pipeline: string) => boolean;
  /** Trials without a result. Rows that such a seed may have left are not used. */
  readonly failed?: readonly Trial[];
}

/**
 * Summary rows, by pipeline and metric in the order of first appearance. A value that is null or not finite is left out of
 * `n`. Pairs are the seeds that both pipelines have; fewer than two give no `p`. A result without a seed has a difference
 * and no `p`.
 * @throws Problem `usage` when rows mix protocols, data sets or definitions, when a pipeline has two values for one cell and
 * seed, or when no row belongs to the baseline
 */
export async function compareMethods(rows: readonly MetricRow[], options: CompareOptions): Promise<SummaryRow[]> {
  const { baseline, test = 't', isFloor = () => false, failed = [] } = options;
  refuseMixtures(rows);
  const failures = failuresOf(failed);
  const table = gather(rows, failures);
  if (rows.length > 0 && !table.has(baseline))
    throw new Problem('unknown-name', `there is no result of the baseline '${baseline}'`, {
      where: 'baseline',
      hint: `name one of ${[...table.keys()].join(', ')}`,
    });
  const summary: Writable<SummaryRow>[] = [];
  for (const [pipeline, cells] of table)
    for (const [key, { cell, bySeed }] of cells) {
      const made = describe(pipeline, cell, bySeed, failures.get(pipeline)?.size ?? 0);
      const base = pipeline === baseline ? undefined : table.get(baseline)?.get(key)?.bySeed;
      if (base) Object.assign(made, await contrast(bySeed, base, test));
      summary.push(made);
    }
  adjust(summary, isFloor);
  return summary;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function describe(pipeline: string, { metric, k, definition }: Cell, bySeed: BySeed, failed: number): SummaryRow {
  const values = [...bySeed.values()];
  return {
    pipeline,
    metric,
    k,
    definition,
    n: values.length,
    failed,
    mean: values.length > 0 ? mean(values) : null,
    sd: values.length > 1 ? standardDeviation(values) : null,
  };
}

/** Difference from the baseline and its p, each where it exists. */
async function contrast(own: BySeed, base: BySeed, test: SignificanceTest): Promise<{ delta?: number; p?: number }> {
  if (own.size === 0 || base.size === 0) return {};
  const seeds = [...own.keys()].filter((seed) => seed !== null && base.has(seed)).sort((a, b) => Number(a) - Number(b));
  const apart = test === 'welch' || seeds.length === 0;
  const a = apart ? [...own.values()] : seeds.map((seed) => own.get(seed) as number);
  const b = apart ? [...base.values()] : seeds.map((seed) => base.get(seed) as number);
  const delta = mean(a) - mean(b);
  if (test === 'welch') return withP(delta, own.has(null) || base.has(null) ? Number.NaN : (await welchT(a, b)).p);
  if (seeds.length < 2) return { delta };
  // Runs that agree but for rounding agree: the rest of the difference is no evidence.
  const d = a.map((x, i) => {
    const y = b[i] as number;
    return Math.abs(x - y) <= 1e-12 * Math.max(Math.abs(x), Math.abs(y)) ? 0 : x - y;
  });
  const zero = d.map(() => 0);
  if (test === 't') return withP(delta, (await pairedT(d, zero)).p);
  return withP(delta, test === 'wilcoxon' ? (await wilcoxonSignedRank(d, zero)).p : bootstrapTest(d).p);
}

const withP = (delta: number, p: number) => (Number.isNaN(p) ? { delta } : { delta, p });

function adjust(summary: Writable<SummaryRow>[], isFloor: (pipeline: string) => boolean) {
  const families = new Map<string, Writable<SummaryRow>[]>();
  for (const row of summary) {
    if (row.p === undefined || isFloor(row.pipeline)) continue;
    const key = cellKey(row);
    const family = families.get(key);
    if (family) family.push(row);
    else families.set(key, [row]);
  }
  for (const family of families.values()) {
    const adjusted = holm(family.map((row) => row.p as number));
    family.forEach((row, i) => {
      row.pAdjusted = adjusted[i] as number;
    });
  }
}
