/**
 * A reproduction as a value: what a paper prints, what its authors' code measures, and which runs are held against both. The
 * runs are ordinary pipelines under ordinary protocols, so everything that the store knows is used again.
 */

/** One pipeline under one protocol with some settings; run once a seed. */
export interface Entry {
  readonly pipeline: string;
  readonly protocol: string;
  /** As `--set` takes them: `{ 'model.width': 16 }`. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** Seconds of one seed on one core, roughly: a bounded run takes the cheap ones first. */
  readonly cost: number;
}

/** What a column shows of an entry. */
export type Quantity =
  | { readonly of: 'metric'; readonly metric: string; readonly k: number | null; readonly definition: string }
  /** Numbers that the trained parts of an entry hold. */
  | { readonly of: 'parameters' }
  /** Seconds that the steps up to the model took when they were computed, the data's own left out. */
  | { readonly of: 'training-seconds' }
  /** Milliseconds of the best of five scorings of all candidates, divided by their number. */
  | { readonly of: 'inference-ms' };

/**
 * How a mean is judged against the measured reference: by seeds, with s the standard deviation over seeds, fixed beforehand
 * (z = difference / (s sqrt(1/n_ref + 1/n))); or by a limit on the difference, where the reference is one run.
 */
export type Rule = { readonly s: number } | { readonly limit: number };

export interface Column {
  readonly title: string;
  readonly quantity: Quantity;
  /** Without one nothing is judged. */
  readonly rule?: Rule;
  readonly lower?: boolean;
  readonly digits: number;
}
export interface Printed {
  readonly mean: number;
  readonly sd?: number;
  /** Decimals that the paper prints. */
  readonly digits: number;
}
export interface Measured {
  readonly mean: number;
  readonly sd?: number;
  /** Seeds behind the mean. */
  readonly n: number;
  readonly source: string;
}
export interface ReferenceValue {
  readonly printed?: Printed;
  readonly measured?: Measured;
}
export interface Row {
  /** As the paper calls it. */
  readonly label: string;
  /** What is run for it; or why nothing is. */
  readonly entry: Entry | { readonly none: string };
  /** One a column. */
  readonly references: readonly ReferenceValue[];
  readonly note?: string;
}
/** Rows that stand on the same data. */
export interface Section {
  /** Unique in its table; what claims look it up by. */
  readonly name: string;
  readonly title: string;
  /** The data set of the catalogue that must be there. */
  readonly data: string;
  /** Where floors run and whose choices are listed. */
  readonly protocol: string;
  /** Settings of the protocol for the floors. */
  readonly set?: Readonly<Record<string, unknown>>;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Floors that stand below the rows: all of the protocol's, or those of them that define a column. */
  readonly floors: 'all' | readonly string[];
  /** Seconds of a floor, roughly; next to nothing unless given. */
  readonly floorCost?: number;
  /** Of each seed, sections of level 0 (the default) are run before those of level 1, and so on. */
  readonly level?: number;
  /** Whether a seed with AUC below .60 counts as failed to train. */
  readonly plateau: boolean;
}

/** What a claim may look at: means of ours; undefined where nothing was run. */
export interface Look {
  mean(section: string, label: string, column: string): number | undefined;
  /** Whether two of our means differ by less than twice the noise that the column's rule gives. */
  ties(section: string, a: string, b: string, column: string): boolean | undefined;
  /** Welch's two-sided t test of the seeds of two rows; undefined where one was not run, or has one seed. */
  welch(
    section: string,
    a: string,
    b: string,
    column: string,
  ): { readonly statistic: number; readonly p: number } | undefined;
}
export type Finding = 'holds' | 'does not hold' | 'cannot tell';
/** Something that the paper says of its table, and how far it holds here, in plain words. */
export interface Claim {
  readonly claim: string;
  readonly judge: (look: Look) => { readonly finding: Finding; readonly because: string };
}
interface Common {
  readonly title: string;
  readonly seeds: readonly number[];
  /** Choices that somebody else might make otherwise. */
  readonly choices: readonly string[];
  readonly claims: readonly Claim[];
}
export interface PaperTable extends Common {
  /** What stands in the measured column, where it is not the authors' code. */
  readonly measuredTitle?: string;
  readonly sections: readonly Section[];
}

/** A curve over training: a weighted sum of columns of the model's history, by epoch. */
export interface Curve {
  readonly plus: readonly string[];
  readonly minus: readonly string[];
  readonly scale: number;
}
export interface Point {
  readonly x: number;
  readonly entry: Entry;
  /** In the place of the panel's. */
  readonly quantity?: Quantity;
}
export interface Series {
  readonly label: string;
  readonly points: readonly Point[];
  /** Drawn as bars in the background, on an axis of their own at the right that says so. */
  readonly bars?: string;
}
export interface CurveSeries {
  readonly label: string;
  readonly entry: Entry;
  readonly curve: Curve;
}
/** An output of a step. */
export interface OutputOf {
  readonly step: string;
  readonly output: string;
}
/** Users as points by two latents, in the colour of their class; of the first seed that is done. */
export interface Scatter {
  readonly entry: Entry;
  /** A table with `user` and `dimension`, whose dimensions 0 and 1 are the axes; `column` holds the values. */
  readonly latents: OutputOf & { readonly column: string };
  /** A table with `row` (the user) and `feature`: the first feature of a user is their class. */
  readonly classes: OutputOf;
  /** How many users are drawn, from user 0 on. */
  readonly users: number;
}
interface PanelCommon {
  readonly title: string;
  readonly data: string;
  /** With `names` x counts through them from 0: kinds of things, and not numbers. */
  readonly x: { readonly title: string; readonly log?: boolean; readonly names?: readonly string[] };
  readonly y: { readonly title: string; readonly log?: boolean };
}
export type Panel = PanelCommon &
  (
    | { readonly quantity: Quantity; readonly series: readonly Series[]; readonly plateau: boolean }
    | { readonly curves: readonly CurveSeries[] }
    | { readonly scatter: Scatter }
  );
export interface PaperFigure extends Common {
  readonly panels: readonly Panel[];
}

export interface Reproduction {
  /** What `counterpoise reproduce` takes. */
  readonly name: string;
  readonly paper: string;
  readonly code: string;
  readonly tables: Readonly<Record<string, PaperTable>>;
  readonly figures: Readonly<Record<string, PaperFigure>>;
}

/** `.696±.007` or `.0154`; undefined for an empty text. */
export function printed(text: string): Printed | undefined {
  if (text === '') return undefined;
  const [mean, sd] = text.split('±').map(Number) as [number, number?];
  if (Number.isNaN(mean) || Number.isNaN(sd ?? 0)) throw new TypeError(`'${text}' is no number with a spread`);
  const digits = (/\.(\d+)/.exec(text)?.[1] ?? '').length;
  return sd === undefined ? { mean, digits } : { mean, sd, digits };
}

/** References of a row, a column each, from texts like `.696±.007`. */
export function references(
  print: readonly string[],
  measure: readonly string[] = [],
  n = 0,
  source = '',
): readonly ReferenceValue[] {
  return Array.from({ length: Math.max(print.length, measure.length) }, (_, at) => {
    const p = printed(print[at] ?? '');
    const m = printed(measure[at] ?? '');
    const spread = m?.sd === undefined ? {} : { sd: m.sd };
    return { ...(p && { printed: p }), ...(m && { measured: { mean: m.mean, ...spread, n, source } }) };
  });
}

/** The claims' way of saying a number. */
export const said = (value: number, digits = 4): string => value.toFixed(digits).replace(/^(-?)0\./, '$1.');
