/**
 * The table that a run ends with. A row is a pipeline, floors stand below a line; a column is a metric at its cut-off. It
 * says by which definition and under which protocol, what was left out, and what the p-values are; nothing stands out that
 * the statistics do not support.
 */
import pc from 'picocolors';
import { plainTable, widthOf } from './plain.ts';

/** A tidy row: one metric of one pipeline and seed. */
export interface TableRow {
  readonly pipeline: string;
  readonly seed: number | null;
  readonly metric: string;
  readonly k: number | null;
  readonly definition: string;
  readonly value: number | null;
  readonly reason?: string | undefined;
}
/** Over the seeds of a pipeline; `delta` and `pAdjusted` compare with the baseline. */
export interface TableSummary {
  readonly pipeline: string;
  readonly metric: string;
  readonly k: number | null;
  readonly definition: string;
  readonly n: number;
  /** Seeds that ended on the initial plateau and are left out of the mean. */
  readonly failed: number;
  readonly mean: number | null;
  readonly sd: number | null;
  readonly delta?: number | null | undefined;
  readonly p?: number | null | undefined;
  readonly pAdjusted?: number | null | undefined;
}
export interface MetricTable {
  readonly rows: readonly TableRow[];
  readonly summary: readonly TableSummary[];
  /** Names of the floor pipelines. */
  readonly floors: readonly string[];
  /** Names of pipelines that look at labels of the test set. */
  readonly usesTestLabels?: readonly string[];
  readonly protocol: string;
  readonly dataset: string;
  /** `t`, `wilcoxon`, `bootstrap` or `welch`. */
  readonly test?: string;
  /** The first pipeline unless given. */
  readonly baseline?: string | undefined;
  readonly color?: boolean;
  /** Columns that fit side by side, the terminal's or 140 unless given; more metrics than that continue below. */
  readonly width?: number;
}

const titles: Readonly<Record<string, string>> = {
  auc: 'AUC',
  ndcg: 'NDCG',
  recall: 'Recall',
  precision: 'Precision',
  map: 'MAP',
  mrr: 'MRR',
  hr: 'HR',
  mse: 'MSE',
  mae: 'MAE',
  logloss: 'log loss',
  ece: 'ECE',
  arp: 'ARP',
  aplt: 'APLT',
  coverage: 'coverage',
  gini: 'Gini',
  popreo: 'PopREO',
  poprsp: 'PopRSP',
  pru: 'PRU',
  pri: 'PRI',
};
/** What says how lists lean on popular items: more is neither better nor worse. */
const descriptive = new Set(['arp', 'aplt', 'coverage', 'gini', 'popreo', 'poprsp', 'pru', 'pri']);
/** `recall:<=10` is of one group of items. */
const isOfGroup = (metric: string) => metric.includes(':');
const describes = (metric: string) => descriptive.has(metric) || isOfGroup(metric);
const lowerIsBetter = new Set(['mse', 'mae', 'logloss', 'ece']);
const tests: Readonly<Record<string, string>> = {
  t: 'paired t-test',
  wilcoxon: 'Wilcoxon signed-rank test',
  bootstrap: 'paired bootstrap',
  welch: "Welch's t-test",
};
const significant = 0.05;

interface Column {
  readonly metric: string;
  readonly k: number | null;
  readonly definition: string;
  readonly title: string;
  readonly lower: boolean;
  readonly cells: ReadonlyMap<string, TableSummary>;
  /** The pipeline that is best with statistical support. */
  readonly best: string | undefined;
}

export function metricTable(given: MetricTable): string {
  const { floors } = given;
  // differences between groups of items would double the table and say little
  const summary = given.summary.map((row) => (isOfGroup(row.metric) ? { ...row, delta: undefined } : row));
  const all = [...new Set(summary.map(({ pipeline }) => pipeline))];
  const methods = all.filter((name) => !floors.includes(name));
  const baseline = given.baseline ?? methods[0];
  const columns = columnsOf(summary, methods);
  const color = given.color ?? false;
  const colours = pc.createColors(color);
  const shownFloors = all.filter((name) => floors.includes(name));
  const order = [...methods, ...shownFloors];
  const labelled = new Set(given.usesTestLabels ?? []);
  const names = order.map((name) => nameCell(name, columns, isMarked(name, labelled)));
  const cells = columns.map((column) => valueCells(column, order, colours));
  const blocks = split(names, columns, cells, given.width ?? (color ? (process.stdout.columns ?? 80) : 140)).map(
    (part) =>
      plainTable(
        ['pipeline', ...part.map((at) => (columns[at] as Column).title)],
        order.map((_, row) => [names[row] as string, ...part.map((at) => cells[at]?.[row] as string)]),
        {
          align: ['left', ...part.map(() => 'left' as const)],
          linesBefore: methods.length > 0 && shownFloors.length > 0 ? [methods.length] : [],
        },
      ),
  );
  const notes = footnotes(given, columns, methods, shownFloors, baseline, labelled);
  return [
    caption(given, columns),
    '',
    blocks.join('\n\n'),
    ...(notes.length > 0 ? ['', ...notes.map((note) => colours.dim(note))] : []),
  ].join('\n');
}

function columnsOf(summary: readonly TableSummary[], methods: readonly string[]): readonly Column[] {
  const definitions = new Set(summary.map(({ definition }) => definition));
  const groups = new Map<string, TableSummary[]>();
  for (const row of summary) {
    const id = `${row.metric} ${row.k ?? ''} ${row.definition}`;
    const held = groups.get(id);
    if (held) held.push(row);
    else groups.set(id, [row]);
  }
  return [...groups.values()].map((rows): Column => {
    const { metric, k, definition } = rows[0] as TableSummary;
    const lower = lowerIsBetter.has(metric);
    const cells = new Map(rows.map((row) => [row.pipeline, row]));
    const title = `${titles[metric] ?? metric.replace(':', '\n')}${k === null ? '' : `@${k}`}${lower ? ' ↓' : ''}`;
    return {
      metric,
      k,
      definition,
      lower,
      cells,
      title: definitions.size > 1 ? `${title}\n${definition}` : title,
      best: describes(metric) ? undefined : bestOf(cells, methods, lower),
    };
  });
}

/**
 * The best mean, if the tests carry it: it improves on the baseline with p below .05 after correction, or it is the
 * baseline and every other method is worse with such a p.
 */
function bestOf(cells: ReadonlyMap<string, TableSummary>, methods: readonly string[], lower: boolean) {
  const better = (a: number, b: number) => (lower ? a < b : a > b);
  let best: TableSummary | undefined;
  for (const row of cells.values())
    if (row.mean !== null && (best?.mean == null || better(row.mean, best.mean))) best = row;
  if (!best || !methods.includes(best.pipeline)) return undefined;
  const carried = ({ pAdjusted }: TableSummary) => typeof pAdjusted === 'number' && pAdjusted < significant;
  if (typeof best.delta === 'number') return carried(best) ? best.pipeline : undefined;
  const others = methods.filter((name) => name !== best.pipeline).map((name) => cells.get(name));
  return others.length > 0 && others.every((row) => row !== undefined && carried(row)) ? best.pipeline : undefined;
}

function nameCell(name: string, columns: readonly Column[], marked: boolean): string {
  const rows = columns.map(({ cells }) => cells.get(name)).filter((row) => row !== undefined);
  const failed = Math.max(0, ...rows.map((row) => row.failed));
  const of = Math.max(0, ...rows.map((row) => row.n + row.failed));
  const note = failed === 0 ? '' : `\n  ${failed} of ${of} seeds failed`;
  return `${name}${marked ? ' †' : ''}${note}`;
}

/** `ips[weights.clip=0.1]` is the pipeline ips. */
const isMarked = (name: string, labelled: ReadonlySet<string>) => labelled.has(name.replace(/\[.*$/, ''));

/** The cells of a column, so padded that the decimal points of means and differences stand below each other. */
function valueCells({ cells, best }: Column, names: readonly string[], colours: ReturnType<typeof pc.createColors>) {
  const parts = names.map((name) => cells.get(name)).map((row) => (row === undefined ? undefined : textsOf(row)));
  const width = Math.max(...parts.map((part) => Math.max(part?.mean.length ?? 1, part?.delta?.length ?? 0)));
  return parts.map((part, at) => {
    if (part === undefined) return '–'.padStart(width);
    const first = `${part.mean.padStart(width)}${part.spread}`;
    const shown = best === names[at] ? colours.bold(first) : first;
    return part.delta === undefined ? shown : `${shown}\n${part.delta.padStart(width)}${part.p}`;
  });
}

function textsOf({ mean, sd, n, delta, pAdjusted }: TableSummary) {
  return {
    mean: mean === null ? '–' : decimals(mean),
    spread: mean !== null && n > 1 && sd !== null ? ` ± ${decimals(sd)} (${n})` : '',
    delta: typeof delta === 'number' ? `${delta < 0 ? '-' : '+'}${decimals(Math.abs(delta))}` : undefined,
    p: typeof pAdjusted === 'number' ? ` ${pText(pAdjusted)}` : '',
  };
}

/** Four decimals below 100, four significant digits above. */
const decimals = (value: number) => (Math.abs(value) < 100 ? value.toFixed(4) : value.toPrecision(4));
const pText = (p: number) => (p < 0.0001 ? 'p<.0001' : `p=${p.toFixed(4).replace(/^0/, '')}`);

/** Positions of the columns that stand side by side. */
function split(
  names: readonly string[],
  columns: readonly Column[],
  cells: readonly (readonly string[])[],
  width: number,
): readonly (readonly number[])[] {
  const wide = (text: string) => Math.max(...text.split('\n').map((line) => widthOf(line)));
  const first = Math.max(8, ...names.map(wide));
  const parts: number[][] = [];
  let room = 0;
  for (const [at, column] of columns.entries()) {
    const needs = 2 + Math.max(wide(column.title), ...(cells[at] as readonly string[]).map(wide));
    if (parts.length === 0 || needs > room) {
      parts.push([]);
      room = width - first;
    }
    (parts.at(-1) as number[]).push(at);
    room -= needs;
  }
  return parts;
}

function caption({ dataset, protocol }: MetricTable, columns: readonly Column[]): string {
  const definitions = [...new Set(columns.map(({ definition }) => definition))];
  const by = definitions.length === 1 ? `defined as in ${definitions[0]}` : 'as the heads of the columns define them';
  const at = dataset === '' || dataset === protocol ? `protocol ${protocol}` : `${dataset} under protocol ${protocol}`;
  return `${at}; metrics ${by}`;
}

function footnotes(
  given: MetricTable,
  columns: readonly Column[],
  methods: readonly string[],
  floors: readonly string[],
  baseline: string | undefined,
  labelled: ReadonlySet<string>,
): readonly string[] {
  const notes: string[] = [];
  const rows = columns.flatMap(({ cells }) => [...cells.values()]);
  const compared = rows.filter(({ delta }) => typeof delta === 'number');
  if (rows.some(({ n, sd }) => n > 1 && sd !== null)) notes.push('mean ± standard deviation (number of seeds)');
  if (compared.length > 0) {
    const tested = compared.some(({ pAdjusted }) => typeof pAdjusted === 'number');
    const how = tested
      ? `, with p of a ${tests[given.test ?? 't'] ?? given.test} over seeds, Holm-adjusted within each metric`
      : '; no p: a test needs two seeds';
    notes.push(`second line: difference to ${baseline}${how}`);
  }
  if (columns.some(({ metric }) => isOfGroup(metric)))
    notes.push('frequency (lists an item), slots (share of all) and recall of items in groups by their train rows');
  if (floors.length > 0 && methods.length > 0) notes.push('below the line: floors, which no method should fall under');
  for (const column of columns) {
    if (describes(column.metric)) continue;
    const beaten = beatenBy(column, methods, floors);
    if (beaten) notes.push(beaten);
  }
  if ([...methods, ...floors].some((name) => isMarked(name, labelled)))
    notes.push('† looks at labels of the test set: not comparable with the rest');
  if (rows.some(({ failed }) => failed > 0))
    notes.push('failed seeds gave no result or never left their initial plateau; they are left out of the means');
  return [...notes, ...reasons(given)];
}

function beatenBy(
  { cells, lower, title }: Column,
  methods: readonly string[],
  floors: readonly string[],
): string | undefined {
  const best = (names: readonly string[]) => {
    const rows = names.map((name) => cells.get(name)).filter((row) => row !== undefined && row.mean !== null);
    return rows.sort((a, b) => ((a?.mean as number) - (b?.mean as number)) * (lower ? 1 : -1))[0];
  };
  const [method, floor] = [best(methods), best(floors)];
  if (method?.mean == null || floor?.mean == null) return undefined;
  if (lower ? method.mean < floor.mean : method.mean > floor.mean) return undefined;
  return `${title.split('\n')[0]?.replace(' ↓', '')}: no method here beats ${floor.pipeline} (${decimals(floor.mean)})`;
}

/** Why cells are empty: each reason once, with an example of where. */
function reasons({ rows }: MetricTable): readonly string[] {
  const by = new Map<string, Set<string>>();
  for (const { value, reason, pipeline, metric } of rows) {
    if (value !== null || reason === undefined) continue;
    const where = by.get(reason) ?? new Set();
    where.add(`${pipeline} ${titles[metric] ?? metric}`);
    by.set(reason, where);
  }
  return [...by].slice(0, 5).map(([reason, where]) => {
    const some = [...where];
    const more = some.length > 3 ? ` and ${some.length - 3} more` : '';
    return `– ${reason} (${some.slice(0, 3).join(', ')}${more})`;
  });
}
