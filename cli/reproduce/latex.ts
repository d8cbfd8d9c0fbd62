/** A table as LaTeX, with no package but the standard ones: one row a method, three columns a metric. */
import type { SectionResult, TableResult } from './result.ts';
import { numberText } from './words.ts';

export const latexText = (table: TableResult): string =>
  `${table.sections.map((section) => sectionLatex(section, table)).join('\n\n')}\n`;

function sectionLatex({ name, title, columns, rows, missing }: SectionResult, table: TableResult): string {
  const firstFloor = rows.findIndex(({ floor }) => floor);
  const lines = rows.map(({ label, cells }, at) => {
    const values = cells.flatMap(({ printed, measured, ours, verdict }, column) => {
      const digits = Math.min(columns[column]?.digits ?? 4, 4);
      const own = ours?.mean === null ? 'failed' : value(ours, digits);
      const marked =
        verdict === 'beyond 3.5' || verdict === 'beyond the limit'
          ? `${own}\\ddag`
          : verdict === 'beyond 2'
            ? `${own}\\dag`
            : own;
      return [value(printed, digits), value(measured, digits), marked.replace(/\\d?dag/, (mark) => `$^{${mark}}$`)];
    });
    return `${at === firstFloor ? '\\hline\n' : ''}${tex(label)} & ${values.join(' & ')} \\\\`;
  });
  const caption = [
    `${tex(table.title)}, ${tex(title)}.`,
    `Beside the paper's numbers those of ${tex(table.measuredTitle)} and ours.`,
    '$^{\\dag}$: beyond 2, $^{\\ddag}$: beyond 3.5 or the limit, against the middle column.',
    ...(missing === null ? [] : ['The data were not there.']),
  ].join(' ');
  return [
    '\\begin{table}',
    '\\centering\\footnotesize',
    `\\caption{${caption}}`,
    `\\label{tab:${name.replaceAll(/[^a-z0-9]+/gi, '-')}}`,
    `\\begin{tabular}{l${columns.map(() => 'rrr').join('|')}}`,
    `& ${columns.map((column, at) => `\\multicolumn{3}{c${at < columns.length - 1 ? '|' : ''}}{${tex(column.title)}}`).join(' & ')} \\\\`,
    `& ${columns.map(() => `paper & ${tex(table.measuredTitle)} & ours`).join(' & ')} \\\\`,
    '\\hline',
    ...lines,
    '\\end{tabular}',
    '\\end{table}',
  ].join('\n');
}

interface Number {
  readonly mean: number | null;
  readonly sd?: number | null;
}
function value(of: Number | null, digits: number): string {
  if (of === null || of.mean === null) return '--';
  const shown = numberText(of.mean, digits).replaceAll(',', '{,}');
  return `$${shown}${of.sd === undefined || of.sd === null ? '' : `{\\scriptstyle\\pm${numberText(of.sd, digits)}}`}$`;
}

const special: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '’': "'",
};
const tex = (text: string): string => text.replaceAll(/[\\~^’&%$#_{}]/g, (sign) => special[sign] ?? `\\${sign}`);
