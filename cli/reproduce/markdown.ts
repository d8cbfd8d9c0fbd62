/** A table or figure as Markdown. */
import {
  type FigureResult,
  type ItemResult,
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

export function markdownPage(result: ReproductionResult, item: ItemResult): string {
  const parts = [
    `# ${item.title}`,
    `${result.paper}; code: ${result.code}. ${seedsText(item.seeds)}; ${result.date}; ${result.where}; \`counterpoise ${result.line}\`; ${reachedText(result)}.`,
    '## What holds and what does not',
    item.claims.map(({ claim, finding, because }) => `* ${claim}. **${finding}**: ${because}.`).join('\n'),
    ...(item.kind === 'table' ? item.sections.map((section) => sectionMarkdown(section, item)) : panels(item)),
    '## Choices made',
    item.choices.map((choice) => `* ${choice}`).join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

const cellText = (text: string) => text.replaceAll('|', '\\|');
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cellText).join(' | ')} |`).join('\n');

function sectionMarkdown(section: SectionResult, { measuredTitle }: TableResult): string {
  const { title, protocol, missing, columns, rows } = section;
  const lines = rows.flatMap(({ label, floor, cells }) =>
    cells.map((cell, at) => {
      const column = columns[at] as (typeof columns)[number];
      return [
        label,
        column.title,
        printedText(cell),
        measuredText(cell, column),
        oursText(cell, column),
        zText(cell.z),
        floor || cell.verdict === 'not judged' ? '' : cell.verdict,
        zText(cell.zPrinted),
      ];
    }),
  );
  const rule = ruleText(section);
  const notes = [
    ...(rule === null ? [] : [rule]),
    ...sectionRemarks(section),
    ...sourcesOf(section).map((source) => `reference of ${source}`),
  ];
  return [
    `## ${title}`,
    `Protocol \`${protocol}\`.${missing === null ? '' : ` **The data are not here**: ${missing}.`}`,
    table(['', '', 'paper', measuredTitle, 'ours', 'z', 'verdict', 'z to paper'], lines),
    ...(notes.length > 0 ? [notes.map((note) => `* ${note}`).join('\n')] : []),
  ].join('\n\n');
}

const panels = ({ panels: all }: FigureResult): readonly string[] =>
  all.map((panel) => {
    const { title, missing, x, y, series } = panel;
    if (missing !== null) return `## ${title}\n\n**The data are not here**: ${missing}.`;
    if (panel.marks === 'scatter') return `## ${title}\n\n${table(centreTitles(panel), centresOf(panel))}`;
    const rows = series.flatMap(({ label, points }) =>
      points.map((point) => [
        label,
        xText(panel, point.x),
        point.mean === null ? '' : numberText(point.mean, 6),
        point.sd === null ? '' : numberText(point.sd, 6),
        String(point.n),
        point.reason ?? '',
      ]),
    );
    return `## ${title}\n\n${table(['', x.title, y.title, 'sd', 'seeds', ''], rows)}`;
  });
