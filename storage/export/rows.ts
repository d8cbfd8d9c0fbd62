/** Rows of a frame as lines of text: CSV (RFC 4180, with a header) and JSONL. */
import { type Column, type Frame, textValues } from '../../core/numeric/frame.ts';

/** Lines are handed on in pieces of about this many characters. */
const pieceLength = 1 << 20;
type Cell = (row: number) => string;

export function* csvText(frame: Frame): Iterable<string> {
  const columns = Object.entries(frame.columns);
  const cells = columns.map(([, column]) =>
    column.kind === 'utf8' ? textCells(column, quoted) : numberCells(column, (value) => String(value)),
  );
  yield `${columns.map(([name]) => quoted(name)).join(',')}\r\n`;
  yield* joined(frame.rows, (row) => `${cells.map((cell) => cell(row)).join(',')}\r\n`);
}

/** NaN and the infinities, which JSON lacks, become null. */
export function* jsonlText(frame: Frame): Iterable<string> {
  const columns = Object.entries(frame.columns);
  const names = columns.map(([name]) => JSON.stringify(name));
  const cells = columns.map(([, column]) =>
    column.kind === 'utf8' ? textCells(column, (text) => JSON.stringify(text)) : numberCells(column, () => 'null'),
  );
  yield* joined(frame.rows, (row) => `{${cells.map((cell, at) => `${names[at]}:${cell(row)}`).join(',')}}\n`);
}

function* joined(rows: number, line: (row: number) => string): Iterable<string> {
  let piece = '';
  for (let row = 0; row < rows; row++) {
    piece += line(row);
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

function textCells(column: Column & { kind: 'utf8' }, form: (text: string) => string): Cell {
  const texts = textValues(column);
  return (row) => form(texts[row] as string);
}

/** An empty text is quoted, so that readers tell it from a missing value. */
const quoted = (text: string): string =>
  text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

function numberCells(column: Exclude<Column, { kind: 'utf8' }>, strange: (value: number) => string): Cell {
  const { kind, values } = column;
  if (kind !== 'f32' && kind !== 'f64') return (row) => String(values[row]);
  const form = kind === 'f32' ? shortest32 : String;
  return (row) => {
    const value = values[row] as number;
    if (!Number.isFinite(value)) return strange(value);
    return Object.is(value, -0) ? '-0.0' : form(value);
  };
}

/** The fewest digits that read back as the same 32-bit float: 0.1 and not 0.10000000149011612. */
function shortest32(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return String(shorter);
  }
  return String(Number(value.toPrecision(9)));
}
