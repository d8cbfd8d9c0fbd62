/** How closely repeated runs agree with a reference: the rule by which a port counts as faithful. */
import { mean, standardDeviation } from './moments.ts';

/** One method in one metric. */
export interface FidelityCell {
  readonly method: string;
  readonly metric: string;
  /** The reference's mean over its seeds. */
  readonly reference: number;
  /** How many seeds the reference has, where it differs from the table's. */
  readonly nRef?: number;
  /** Our values, one a seed, without failed ones. */
  readonly values: readonly number[];
  /** Seeds that ended on the initial plateau: printed, and left out of the mean. */
  readonly failed?: number;
}
export interface FidelityResult extends FidelityCell {
  readonly failed: number;
  readonly mean: number;
  readonly sd: number;
  /** |mean - reference| in units of s sqrt(1/nRef + 1/seeds); infinite when no seed trained. */
  readonly distance: number;
  /** Whether the sd over our seeds is at most 2.5 s. */
  readonly steady: boolean;
}
export interface Fidelity {
  readonly cells: readonly FidelityResult[];
  /** Cells beyond 2, and how many of them are allowed: one in ten, rounded up. */
  readonly beyond: number;
  readonly allowed: number;
  /** Cells beyond 3.5; none is allowed. */
  readonly far: number;
  readonly unsteady: number;
  readonly passes: boolean;
}

/** A run whose AUC stays below this has not left its initial plateau. */
const plateau = 0.6;

/** Splits seeds into those that trained and those that ended on the initial plateau (AUC below .60, or no AUC). */
export function trainedSeeds(aucBySeed: Readonly<Record<number, number>>): { trained: number[]; failed: number[] } {
  const seeds = Object.keys(aucBySeed).map(Number);
  const trained = seeds.filter((seed) => (aucBySeed[seed] as number) >= plateau);
  return { trained, failed: seeds.filter((seed) => !trained.includes(seed)) };
}

/**
 * Judges a set of cells. The distance of a cell is |our mean - reference mean| / (s sqrt(1/nRef + 1/n)), n being the seeds that
 * were run, failed ones included (ten, by convention), so that failures never widen the limits. The set passes when at most
 * one cell in ten, rounded up, lies beyond 2, none beyond 3.5, and no sd exceeds 2.5 s.
 * @param s the standard deviation over seeds, by metric; fixed beforehand, never estimated from the runs that are judged
 * @param nRef seeds behind the reference, for cells that do not say
 * @throws RangeError when a metric has no s, or there is no cell
 */
export function fidelity(cells: readonly FidelityCell[], s: Readonly<Record<string, number>>, nRef: number): Fidelity {
  if (cells.length === 0) throw new RangeError('there is no cell to judge');
  const judged = cells.map((cell): FidelityResult => {
    const scale = s[cell.metric];
    if (scale === undefined || !(scale > 0))
      throw new RangeError(`there is no standard deviation s for '${cell.metric}'`);
    const failed = cell.failed ?? 0;
    const own = mean(cell.values);
    const sd = standardDeviation(cell.values);
    const error = scale * Math.sqrt(1 / (cell.nRef ?? nRef) + 1 / (cell.values.length + failed));
    const distance = cell.values.length === 0 ? Number.POSITIVE_INFINITY : Math.abs(own - cell.reference) / error;
    return { ...cell, failed, mean: own, sd, distance, steady: !(sd > 2.5 * scale) };
  });
  const beyond = judged.filter(({ distance }) => !(distance <= 2)).length;
  const far = judged.filter(({ distance }) => !(distance <= 3.5)).length;
  const unsteady = judged.filter(({ steady }) => !steady).length;
  const allowed = Math.ceil(cells.length / 10);
  return { cells: judged, beyond, allowed, far, unsteady, passes: beyond <= allowed && far === 0 && unsteady === 0 };
}
