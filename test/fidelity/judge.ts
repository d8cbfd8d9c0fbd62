/** Holds measured rows against a set of references: cells by the fidelity rule, floors to four digits. */
import { type Fidelity, type FidelityResult, fidelity, trainedSeeds } from '../../nodes/statistics/fidelity.ts';
import type { MetricRow } from '../../nodes/statistics/tidy.ts';
import type { FloorCell, ReferenceCell, ReferenceSet } from './reference.ts';

export interface JudgedCell extends FidelityResult {
  readonly reference: number;
  readonly of: ReferenceCell;
  /** (our mean - reference mean) / (s sqrt(1/n_ref + 1/n)), with its sign. */
  readonly z: number;
}
export interface Verdict {
  readonly rule: Fidelity;
  readonly cells: readonly JudgedCell[];
  /** Seeds that ended on the initial plateau, or gave no result, by method. */
  readonly failed: ReadonlyMap<string, readonly number[]>;
  readonly floors: readonly { readonly of: FloorCell; readonly value: string; readonly equal: boolean }[];
  readonly passes: boolean;
}

/** As the references print numbers: four digits, no leading zero. */
export const fourDigits = (value: number): string => value.toFixed(4).replace(/^(-?)0\./, '$1.');

/**
 * @param rows what the methods and the floors measured, in the order of `set.seeds`
 * @throws RangeError when a cell was measured under another definition than the reference's
 */
export function judgeFidelity(set: ReferenceSet, rows: readonly MetricRow[]): Verdict {
  const failed = new Map<string, readonly number[]>();
  for (const method of new Set(set.cells.map((cell) => cell.method))) {
    const aucs = new Map(rows.flatMap((r) => (r.pipeline === method && r.metric === 'auc' ? [[r.seed, r.value]] : [])));
    failed.set(
      method,
      trainedSeeds(Object.fromEntries(set.seeds.map((seed) => [seed, aucs.get(seed) ?? Number.NaN]))).failed,
    );
  }
  const rule = fidelity(
    set.cells.map((of) => {
      const lost = failed.get(of.method) as readonly number[];
      const mine = rows.filter((row) => row.pipeline === of.method && row.metric === of.metric && row.k === of.k);
      const stranger = mine.find((row) => row.definition !== of.preset);
      if (stranger)
        throw new RangeError(
          `${of.method} measured ${of.metric} as '${stranger.definition}', and the reference as '${of.preset}'`,
        );
      return {
        method: of.method,
        metric: of.metric,
        reference: of.mean,
        nRef: of.n,
        values: mine.flatMap(({ seed, value }) => (value === null || lost.includes(seed as number) ? [] : [value])),
        failed: lost.length,
      };
    }),
    set.s,
    set.seeds.length,
  );
  const cells = rule.cells.map((cell, at): JudgedCell => {
    const z = cell.mean < cell.reference ? -cell.distance : cell.distance;
    return { ...cell, of: set.cells[at] as ReferenceCell, z };
  });
  const floors = set.floors.map((of) => {
    const row = rows.find((r) => r.pipeline === of.pipeline && r.metric === of.metric && r.k === of.k);
    const value = fourDigits(row?.value ?? Number.NaN);
    return { of, value, equal: value === of.value };
  });
  return { rule, cells, failed, floors, passes: rule.passes && floors.every(({ equal }) => equal) };
}
