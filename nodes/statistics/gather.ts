/** Tidy rows gathered by pipeline and metric, with mixtures refused and failed trials kept in sight. */
import { Problem } from '../../core/index.ts';
import { type Cell, cellKey, type MetricRow } from './tidy.ts';

export type BySeed = Map<number | null, number>;
/** By pipeline and by metric, both in the order of first appearance. */
export type Gathered = Map<string, Map<string, { readonly cell: Cell; readonly bySeed: BySeed }>>;
export interface Trial {
  readonly pipeline: string;
  readonly seed: number | null;
}

/** How many seeds of each pipeline gave no result. */
export function failuresOf(failed: readonly Trial[]): Map<string, Set<number | null>> {
  const byPipeline = new Map<string, Set<number | null>>();
  for (const { pipeline, seed } of failed) {
    const seeds = byPipeline.get(pipeline) ?? new Set();
    byPipeline.set(pipeline, seeds.add(seed));
  }
  return byPipeline;
}

/**
 * Gathers finite values; what failed trials left is not used. A pipeline of which every trial failed gets an empty entry in
 * each metric that the others have, so that no table hides it.
 * @throws Problem `usage` when a pipeline has two values for one metric and seed
 */
export function gather(
  rows: readonly MetricRow[],
  failures: ReadonlyMap<string, ReadonlySet<number | null>>,
): Gathered {
  const table: Gathered = new Map();
  const all = new Map<string, Cell>();
  const seen = new Set<string>();
  const entry = (pipeline: string, key: string, cell: Cell): BySeed => {
    let cells = table.get(pipeline);
    if (!cells) table.set(pipeline, (cells = new Map()));
    let found = cells.get(key);
    if (!found) cells.set(key, (found = { cell, bySeed: new Map() }));
    return found.bySeed;
  };
  for (const row of rows) {
    const key = cellKey(row);
    const once = JSON.stringify([row.pipeline, key, row.seed]);
    if (seen.has(once))
      throw new Problem('usage', `'${row.pipeline}' has two values of ${row.metric} for seed ${row.seed}`, {
        hint: 'a summary takes one trial for each pipeline and seed; give settings that differ their own pipeline names',
      });
    seen.add(once);
    all.set(key, row);
    const bySeed = entry(row.pipeline, key, row);
    if (row.value !== null && Number.isFinite(row.value) && !failures.get(row.pipeline)?.has(row.seed))
      bySeed.set(row.seed, row.value);
  }
  for (const pipeline of failures.keys())
    if (!table.has(pipeline)) for (const [key, cell] of all) entry(pipeline, key, cell);
  return table;
}

/** @throws Problem `usage` when rows mix protocols, data sets or metric definitions */
export function refuseMixtures(rows: readonly MetricRow[]) {
  const kinds = [
    ['protocol', 'protocols', 'name one with --protocol, and all methods are run again under it'],
    ['dataset', 'data sets', 'compare one data set at a time'],
    ['definition', 'metric definitions', 'the same metric name means different numbers there; evaluate all under one'],
  ] as const;
  for (const [field, plural, hint] of kinds) {
    const names = [...new Set(rows.map((row) => row[field]))];
    if (names.length < 2) continue;
    const named = names
      .slice(0, 4)
      .map((n) => `'${n}'`)
      .join(', ');
    const more = names.length > 4 ? `, and ${names.length - 4} more` : '';
    throw new Problem('usage', `results under different ${plural} cannot share a table: ${named}${more}`, { hint });
  }
}
