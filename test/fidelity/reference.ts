/** What a reference is: results that somebody else measured, as data. */

/** One method in one metric, as a reference measured it. */
export interface ReferenceCell {
  /** The pipeline that is held against it. */
  readonly method: string;
  readonly metric: string;
  readonly k: number | null;
  /** The metric definition under which both are measured. */
  readonly preset: string;
  readonly mean: number;
  readonly sd?: number;
  /** Seeds behind `mean`. */
  readonly n: number;
  /** What was run to get it. */
  readonly source: string;
  /** What the paper prints; shown beside and not judged. */
  readonly printed?: string;
}
/** A value that must come out exactly, to four digits. */
export interface FloorCell {
  readonly pipeline: string;
  readonly metric: string;
  readonly k: number | null;
  readonly value: string;
}
/** Cells that are judged together, by one rule. */
export interface ReferenceSet {
  readonly title: string;
  readonly protocol: string;
  readonly seeds: readonly number[];
  /** The standard deviation over seeds, by metric; fixed, never estimated from the runs that are judged. */
  readonly s: Readonly<Record<string, number>>;
  readonly cells: readonly ReferenceCell[];
  readonly floors: readonly FloorCell[];
}
