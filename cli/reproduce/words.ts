/** How numbers, verdicts and references are written on every page. */
import type { Column } from '../../pipelines/reproductions/declaration.ts';
import type { CellResult, ReproductionResult, RowResult, SectionResult } from './result.ts';

/** No leading zero, as the papers print; large counts with separators. */
export function numberText(value: number, digits: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en');
  return value.toFixed(digits).replace(/^(-?)0\./, '$1.');
}
const spread = (mean: number, sd: number | null | undefined, digits: number) =>
  `${numberText(mean, digits)}${sd === null || sd === undefined ? '' : `±${numberText(sd, digits)}`}`;

/** As the paper prints it: with the digits that it has. */
export const printedText = ({ printed }: CellResult): string =>
  printed === null ? '' : spread(printed.mean, printed.sd, printed.digits);

export const measuredText = ({ measured }: CellResult, { digits }: Column): string =>
  measured === null ? '' : `${spread(measured.mean, measured.sd, digits)} (${measured.n})`;

export const oursText = ({ ours }: CellResult, { digits }: Column): string =>
  ours === null ? '' : ours.mean === null ? 'failed' : `${spread(ours.mean, ours.sd, digits)} (${ours.n})`;

export const zText = (z: number | null): string => (z === null ? '' : `${z < 0 ? '-' : '+'}${Math.abs(z).toFixed(2)}`);

export const seedsText = (seeds: readonly number[]): string => {
  const [first, last] = [seeds[0] as number, seeds.at(-1) as number];
  if (seeds.length === 1) return `seed ${first}`;
  return last - first === seeds.length - 1 ? `seeds ${first}..${last}` : `seeds ${seeds.join(', ')}`;
};

/** What a reader must know of a row: its note, seeds that failed or were not reached, and why nothing was run. */
export function remarksOf({ label, note, cells }: RowResult): readonly string[] {
  const failed = Math.max(0, ...cells.map(({ ours }) => ours?.failed ?? 0));
  const of = Math.max(0, ...cells.map(({ ours }) => (ours ? ours.n + ours.failed : 0)));
  const reasons = [...new Set(cells.flatMap(({ reason }) => (reason === null ? [] : [reason])))];
  return [
    ...(note === null ? [] : [`${label}: ${note}`]),
    ...(failed === 0 ? [] : [`${label}: ${failed} of ${of} seeds failed to train and are left out of the mean`]),
    ...reasons.map((reason) => `${label}: ${reason}`),
  ];
}

/** All remarks of a section, rows with the same one together. */
export function sectionRemarks({ rows, missing }: SectionResult): readonly string[] {
  const by = new Map<string, string[]>();
  for (const row of rows)
    for (const remark of remarksOf(missing === null ? row : { ...row, cells: [] })) {
      const text = remark.slice(row.label.length + 2);
      by.set(text, [...(by.get(text) ?? []), row.label]);
    }
  return [...by].map(([text, labels]) => `${labels.join(', ')}: ${text}`);
}

export function ruleText({ rule }: SectionResult): string | null {
  if (rule === null) return null;
  const { cells, beyond, allowed, far, unsteady, seeds, passes } = rule;
  const counts = `${beyond} of ${cells} cells beyond 2 (allowed ${allowed}), ${far} beyond 3.5 (allowed 0), ${unsteady} with an sd above 2.5 s (allowed 0)`;
  if (passes === null)
    return `no verdict on the whole: the rule is for ten seeds, and some cells have ${seeds}; ${counts}`;
  return `${passes ? 'faithful' : 'NOT faithful'} to the reference as a whole: ${counts}`;
}

/** Where the references of a section come from, each once. */
export function sourcesOf({ rows }: SectionResult): readonly string[] {
  const by = new Map<string, Set<string>>();
  for (const { label, cells } of rows)
    for (const { measured } of cells)
      if (measured) by.set(measured.source, (by.get(measured.source) ?? new Set()).add(label));
  return [...by].map(([source, labels]) => `${[...labels].join(', ')}: ${source}`);
}

export function reachedText({ trials, outOfTime }: ReproductionResult): string {
  const { wanted, done, failed, left } = trials;
  const parts = [`${done} of ${wanted} runs are there`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (left > 0)
    parts.push(`${left} were not reached${outOfTime ? ' in the time given' : ''}; the same command goes on from here`);
  return parts.join(', ');
}
