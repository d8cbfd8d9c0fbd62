/** Holds what was measured against what is known: every cell, point and claim. */

import type { Distributions } from '../../nodes/statistics/distributions.ts';
import { fidelity, trainedSeeds } from '../../nodes/statistics/fidelity.ts';
import { mean, standardDeviation } from '../../nodes/statistics/moments.ts';
import { welchWith } from '../../nodes/statistics/welch-t.ts';
import type { Claim, Column, Entry, Look, ReferenceValue, Section } from '../../pipelines/reproductions/declaration.ts';
import type { CellResult, Found, Ours, RowResult, SectionResult } from './result.ts';
import type { SeedValue, Values } from './values.ts';

export interface JudgeOptions {
  readonly values: Values;
  readonly seeds: readonly number[];
  /** How to get the data; null where they are here. */
  readonly missing: string | null;
  readonly floors: readonly Entry[];
}

export function judgeSection(section: Section, options: JudgeOptions): SectionResult {
  const { name, title, data, protocol, columns, plateau } = section;
  const { values, seeds, missing } = options;
  const rows: RowResult[] = section.rows.map(({ label, entry, references, note }) => ({
    label,
    pipeline: 'none' in entry ? null : entry.pipeline,
    protocol: 'none' in entry ? null : entry.protocol,
    floor: false,
    note: note ?? null,
    cells: columns.map((column, at) => {
      const reference = references[at] ?? {};
      if ('none' in entry) return notRun(reference, entry.none);
      if (missing !== null) return notRun(reference, `the data set ${data} is not here`);
      return judgeCell(column, reference, gathered(values, entry, column, seeds, plateau));
    }),
  }));
  const floors = (missing === null ? options.floors : []).map(
    (entry): RowResult => ({
      label: entry.pipeline,
      pipeline: entry.pipeline,
      protocol: entry.protocol,
      floor: true,
      note: null,
      cells: columns.map((column) => judgeCell(column, {}, gathered(values, entry, column, seeds, false))),
    }),
  );
  return { name, title, data, protocol, missing, columns, rows: [...rows, ...floors], rule: ruleOf(columns, rows) };
}

export interface Gathered {
  readonly ours: Ours | null;
  readonly reason: string | null;
}

/** The values of an entry over seeds; failed seeds are counted, those that were not reached are said. */
export function gathered(
  values: Values,
  entry: Entry,
  { quantity }: Pick<Column, 'quantity'>,
  seeds: readonly number[],
  plateau: boolean,
): Gathered {
  const problem = values.problem(entry);
  if (problem !== undefined) return { ours: null, reason: problem };
  const found = values.of(entry, quantity).filter(({ seed }) => seed === null || seeds.includes(seed));
  const lost = plateau ? plateauSeeds(values, entry) : new Set<number | null>();
  const done = found.filter(({ status, seed }) => status === 'done' && !lost.has(seed));
  const all = done.flatMap(({ value }) => (value === undefined || !Number.isFinite(value) ? [] : [value]));
  const failed = found.filter(({ status, seed }) => status === 'failed' || lost.has(seed)).length;
  const left = found.filter(({ status }) => status === 'not reached').length;
  const reason = reasonOf(found, all.length, failed, left);
  if (all.length === 0) return { ours: failed > 0 ? { mean: null, sd: null, n: 0, failed, values: [] } : null, reason };
  const sd = all.length > 1 ? standardDeviation(all) : null;
  return { ours: { mean: mean(all), sd, n: all.length, failed, values: all }, reason };
}

function reasonOf(found: readonly SeedValue[], n: number, failed: number, left: number): string | null {
  if (n > 0 && left > 0) return `${left} of ${found.length} seeds were not reached`;
  const said = found.find(({ reason }) => reason !== undefined)?.reason;
  if (n === 0) return said ?? (failed > 0 ? 'no seed left the initial plateau' : 'it gives no such number');
  return found.some(({ status }) => status === 'failed') ? (said ?? null) : null;
}

const aucOf = { of: 'metric', metric: 'auc', k: null, definition: 'dt-icde24' } as const;
function plateauSeeds(values: Values, entry: Entry): ReadonlySet<number | null> {
  const aucs = values
    .of(entry, aucOf)
    .flatMap(({ seed, status, value }) => (status === 'done' && seed !== null ? [[seed, value ?? Number.NaN]] : []));
  return new Set(trainedSeeds(Object.fromEntries(aucs)).failed);
}

export function judgeCell(column: Column, reference: ReferenceValue, { ours, reason }: Gathered): CellResult {
  const printed = reference.printed ?? null;
  const measured = reference.measured ?? null;
  const known = { printed, measured, ours, z: null, zPrinted: null, reason };
  if (ours === null) return { ...known, verdict: 'not run' };
  if (ours.mean === null) return { ...known, verdict: 'failed' };
  const zPrinted = printed?.sd ? (ours.mean - printed.mean) / printed.sd : null;
  const { rule } = column;
  if (rule === undefined || measured === null) return { ...known, zPrinted, verdict: 'not judged' };
  const gap = ours.mean - measured.mean;
  if ('limit' in rule)
    return { ...known, zPrinted, verdict: Math.abs(gap) <= rule.limit ? 'within the limit' : 'beyond the limit' };
  const z = gap / (rule.s * Math.sqrt(1 / measured.n + 1 / (ours.n + ours.failed)));
  return {
    ...known,
    z,
    zPrinted,
    verdict: Math.abs(z) <= 2 ? 'within 2' : Math.abs(z) <= 3.5 ? 'beyond 2' : 'beyond 3.5',
  };
}

const notRun = ({ printed, measured }: ReferenceValue, reason: string): CellResult => ({
  printed: printed ?? null,
  measured: measured ?? null,
  ours: null,
  z: null,
  zPrinted: null,
  verdict: 'not run',
  reason,
});

/** The rule over all cells of a section that were run and have a reference. */
function ruleOf(columns: readonly Column[], rows: readonly RowResult[]): SectionResult['rule'] {
  const scales: Record<string, number> = {};
  for (const { title, rule } of columns) if (rule && 's' in rule) scales[title] = rule.s;
  const cells = rows.flatMap((row) =>
    row.cells.flatMap(({ ours, measured }, at) => {
      const { title } = columns[at] as Column;
      if (ours === null || measured === null || scales[title] === undefined) return [];
      const { values, failed } = ours;
      return [{ method: row.label, metric: title, reference: measured.mean, nRef: measured.n, values, failed }];
    }),
  );
  if (cells.length === 0) return null;
  const { beyond, allowed, far, unsteady, passes } = fidelity(cells, scales, 1);
  const seeds = Math.min(...cells.map(({ values, failed }) => values.length + failed));
  return { cells: cells.length, beyond, allowed, far, unsteady, seeds, passes: seeds < 10 ? null : passes };
}

/** Claims see means by section, label and the title of the column. */
export const judgeClaims = (claims: readonly Claim[], look: Look): readonly Found[] =>
  claims.map(({ claim, judge }) => ({ claim, ...judge(look) }));

export function lookAt(sections: readonly SectionResult[], studentTails: Distributions['studentTails']): Look {
  const cell = (section: string, label: string, title: string) => {
    const found = sections.find(({ name }) => name === section);
    const at = found?.columns.findIndex((column) => column.title === title) ?? -1;
    const result = found?.rows.find((row) => row.label === label)?.cells[at];
    if (!result?.ours || result.ours.mean === null) return undefined;
    const { mean, n, values } = result.ours;
    return { mean, n, values, column: found?.columns[at] as Column };
  };
  return {
    mean: (section, label, column) => cell(section, label, column)?.mean,
    ties: (section, a, b, title) => {
      const [one, other] = [cell(section, a, title), cell(section, b, title)];
      const rule = one?.column.rule;
      if (one === undefined || other === undefined || rule === undefined || !('s' in rule)) return undefined;
      const noise = rule.s * Math.sqrt(1 / one.n + 1 / other.n);
      return Math.abs(one.mean - other.mean) <= 2 * noise;
    },
    welch: (section, a, b, title) => {
      const [one, other] = [cell(section, a, title), cell(section, b, title)];
      if (one === undefined || other === undefined) return undefined;
      const test = welchWith(studentTails, one.values, other.values);
      return Number.isNaN(test.p) ? undefined : test;
    },
  };
}
