/** What a reproduction found: the one value from which every page, table and document is written. */
import type { Column, Finding, Printed } from '../../pipelines/reproductions/declaration.ts';

export const verdicts = [
  'within 2',
  'beyond 2',
  'beyond 3.5',
  'within the limit',
  'beyond the limit',
  'failed',
  'not judged',
  'not run',
] as const;
/** By the fidelity rule against the measured reference, or by a limit where the reference is one run. */
export type Verdict = (typeof verdicts)[number];

export interface Ours {
  /** Null when no seed trained. */
  readonly mean: number | null;
  /** Null below two seeds. */
  readonly sd: number | null;
  /** Seeds in the mean. */
  readonly n: number;
  /** Seeds that gave no result or ended on the initial plateau. */
  readonly failed: number;
  /** One a seed in the mean. */
  readonly values: readonly number[];
}
export interface CellResult {
  readonly printed: Printed | null;
  readonly measured: {
    readonly mean: number;
    readonly sd?: number;
    readonly n: number;
    readonly source: string;
  } | null;
  readonly ours: Ours | null;
  /** (ours - measured) in units of the rule's spread; null where there is no such rule. */
  readonly z: number | null;
  /** (ours - printed) / printed sd. */
  readonly zPrinted: number | null;
  readonly verdict: Verdict;
  /** Why there is no number, or fewer seeds than wanted. */
  readonly reason: string | null;
}
export interface RowResult {
  readonly label: string;
  readonly pipeline: string | null;
  readonly protocol: string | null;
  readonly floor: boolean;
  readonly cells: readonly CellResult[];
  readonly note: string | null;
}
export interface SectionResult {
  readonly name: string;
  readonly title: string;
  readonly data: string;
  readonly protocol: string;
  /** How to get the data; null where they are here. */
  readonly missing: string | null;
  readonly columns: readonly Column[];
  readonly rows: readonly RowResult[];
  /** The fidelity rule over the section's cells; null where none is judged by it. */
  readonly rule: {
    readonly cells: number;
    readonly beyond: number;
    readonly allowed: number;
    readonly far: number;
    readonly unsteady: number;
    /** The fewest seeds behind a cell. */
    readonly seeds: number;
    /** Null below ten seeds. */
    readonly passes: boolean | null;
  } | null;
}
export interface Found {
  readonly claim: string;
  readonly finding: Finding;
  readonly because: string;
}
interface Common {
  readonly name: string;
  readonly title: string;
  readonly seeds: readonly number[];
  readonly choices: readonly string[];
  readonly claims: readonly Found[];
}
export interface TableResult extends Common {
  readonly kind: 'table';
  readonly measuredTitle: string;
  readonly sections: readonly SectionResult[];
}
export interface PointResult {
  readonly x: number;
  readonly mean: number | null;
  readonly sd: number | null;
  readonly n: number;
  readonly failed: number;
  readonly reason: string | null;
}
export interface PanelResult {
  readonly title: string;
  readonly data: string;
  readonly missing: string | null;
  /** With names x counts through them. */
  readonly x: { readonly title: string; readonly log: boolean; readonly names: readonly string[] | null };
  readonly y: { readonly title: string; readonly log: boolean };
  /** Whether the points of a series belong together in a line, or each is one of many: x and mean are then its two coordinates. */
  readonly marks: 'lines' | 'scatter';
  readonly series: readonly {
    readonly label: string;
    /** The title of their axis, where the points are bars; null for a line. */
    readonly bars: string | null;
    readonly points: readonly PointResult[];
  }[];
}
/** How a place on the x axis is called. */
export const xText = ({ x }: Pick<PanelResult, 'x'>, at: number): string => x.names?.[at] ?? String(at);
export interface FigureResult extends Common {
  readonly kind: 'figure';
  readonly panels: readonly PanelResult[];
}
export type ItemResult = TableResult | FigureResult;

export interface ReproductionResult {
  readonly paper: string;
  readonly code: string;
  readonly name: string;
  readonly date: string;
  /** Version of this tool, Node's, and the machine. */
  readonly where: string;
  /** The command line. */
  readonly line: string;
  readonly items: readonly ItemResult[];
  readonly trials: { readonly wanted: number; readonly done: number; readonly failed: number; readonly left: number };
  readonly outOfTime: boolean;
}
