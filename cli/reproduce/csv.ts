/** A table or figure as CSV: one row a cell or point, full precision, for spreadsheets and scripts. */
import type { ItemResult } from './result.ts';

export function csvText(item: ItemResult): string {
  const rows = item.kind === 'table' ? tableRows(item) : figureRows(item);
  return `${rows.map((row) => row.map(field).join(',')).join('\r\n')}\r\n`;
}

type Field = string | number | null | undefined;
const field = (value: Field): string => {
  const text = value === null || value === undefined ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const tableRows = ({ sections }: Extract<ItemResult, { kind: 'table' }>): readonly (readonly Field[])[] => [
  [
    ...['section', 'protocol', 'label', 'pipeline', 'floor', 'column', 'paper', 'paper_sd'],
    ...['reference', 'reference_sd', 'reference_n', 'reference_source'],
    ...['ours', 'ours_sd', 'ours_n', 'failed', 'z', 'z_paper', 'verdict', 'reason'],
  ],
  ...sections.flatMap(({ name, protocol: own, columns, rows }) =>
    rows.flatMap(({ label, pipeline, protocol, floor, cells }) =>
      cells.map(({ printed, measured, ours, z, zPrinted, verdict, reason }, at): readonly Field[] => [
        ...[name, protocol ?? own, label, pipeline, floor ? 1 : 0, columns[at]?.title, printed?.mean, printed?.sd],
        ...[measured?.mean, measured?.sd, measured?.n, measured?.source],
        ...[ours?.mean, ours?.sd, ours?.n, ours?.failed, z, zPrinted, verdict, reason],
      ]),
    ),
  ),
];

const figureRows = ({ panels }: Extract<ItemResult, { kind: 'figure' }>): readonly (readonly Field[])[] => [
  ['panel', 'line', 'x', 'y', 'sd', 'n', 'failed', 'reason'],
  ...panels.flatMap((panel) =>
    panel.series.flatMap(({ label, points }) =>
      points.map(({ x, mean, sd, n, failed, reason }): readonly Field[] => [
        panel.title,
        label,
        panel.x.names?.[x] ?? x,
        mean,
        sd,
        n,
        failed,
        reason,
      ]),
    ),
  ),
];
