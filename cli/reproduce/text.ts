/** A reproduction for the terminal: one line a cell. */
import pc from 'picocolors';
import { plainTable } from '../tables.ts';
import {
  type FigureResult,
  type ItemResult,
  type PointResult,
  type ReproductionResult,
  type SectionResult,
  type TableResult,
  xText,
} from './result.ts';
import { centresOf, centreTitles } from './scatter-chart.ts';
import {
  measuredText,
  numberText,
  oursText,
  printedText,
  reachedText,
  ruleText,
  sectionRemarks,
  seedsText,
  sourcesOf,
  zText,
} from './words.ts';

export function reproductionText(result: ReproductionResult, files: readonly string[], color: boolean): string {
  const colours = pc.createColors(color);
  const items = result.items.map((item) => itemText(item, colours));
  return [
    `${result.paper}\ncode: ${result.code}`,
    ...items,
    [reachedText(result), ...(files.length > 0 ? ['written:', ...files.map((file) => `  ${file}`)] : [])].join('\n'),
  ].join('\n\n');
}
type Colours = ReturnType<typeof pc.createColors>;

function itemText(item: ItemResult, colours: Colours): string {
  const head = colours.bold(`${item.title} (${seedsText(item.seeds)})`);
  const body =
    item.kind === 'table' ? item.sections.map((section) => sectionText(section, item, colours)) : panelTexts(item);
  const claims = item.claims.map(
    ({ claim, finding, because }) => `* ${claim}.\n  ${finding.toUpperCase()}: ${because}.`,
  );
  const choices = item.choices.map((choice) => `* ${choice}`);
  return [head, ...body, `What holds:\n${claims.join('\n')}`, `Choices:\n${choices.join('\n')}`].join('\n\n');
}

function sectionText(section: SectionResult, { measuredTitle }: TableResult, colours: Colours): string {
  const { title, protocol, missing, columns, rows } = section;
  if (missing !== null) return `${title}: the data are ${missing}`;
  const lines = rows.flatMap(({ label, floor, cells }) =>
    cells.map((cell, at) => {
      const column = columns[at] as (typeof columns)[number];
      return [
        at === 0 ? label : '',
        column.title,
        printedText(cell),
        measuredText(cell, column),
        oursText(cell, column),
        zText(cell.z),
        floor || cell.verdict === 'not judged' ? '' : verdictText(cell.verdict, colours),
        zText(cell.zPrinted),
      ];
    }),
  );
  const firstFloor = rows.findIndex(({ floor }) => floor);
  const table = plainTable(['', '', 'paper', measuredTitle, 'ours', 'z', 'verdict', 'z to paper'], lines, {
    align: ['left', 'left', 'left', 'left', 'left', 'right', 'left', 'right'],
    linesBefore: firstFloor > 0 ? [firstFloor * columns.length] : [],
  });
  const rule = ruleText(section);
  const notes = [
    ...(rule === null ? [] : [rule]),
    ...sectionRemarks(section),
    ...sourcesOf(section).map((source) => `reference of ${source}`),
  ];
  return [`${title}, protocol ${protocol}`, table, ...(notes.length > 0 ? [colours.dim(notes.join('\n'))] : [])].join(
    '\n',
  );
}

function verdictText(verdict: string, colours: Colours): string {
  if (verdict.startsWith('within')) return colours.green(verdict);
  return verdict === 'not run' ? colours.dim(verdict) : colours.red(verdict);
}

/** Points as small tables; long curves by some of their points. */
function panelTexts({ panels }: FigureResult): readonly string[] {
  return panels.map((panel) => {
    const { title, missing, x, series } = panel;
    if (missing !== null) return `${title}: the data are ${missing}`;
    if (panel.marks === 'scatter')
      return `${title}\n${plainTable(centreTitles(panel), centresOf(panel), { align: ['left', 'right', 'right', 'right'] })}`;
    const all = [...new Set(series.flatMap(({ points }) => points.map((point) => point.x)))].sort((a, b) => a - b);
    const step = Math.max(1, Math.ceil(all.length / 8));
    const shown = all.filter((_, at) => at % step === 0 || at === all.length - 1);
    const rows = series.map(({ label, points }) => [
      label,
      ...shown.map((at) => pointText(points.find((point) => point.x === at))),
    ]);
    return `${title}\n${plainTable([x.title, ...shown.map((at) => xText(panel, at))], rows, { align: ['left', ...shown.map(() => 'right' as const)] })}`;
  });
}
const pointText = (point: PointResult | undefined) =>
  point === undefined || point.mean === null ? '–' : numberText(point.mean, Math.abs(point.mean) < 0.01 ? 6 : 4);
