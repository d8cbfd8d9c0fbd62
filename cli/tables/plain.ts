/**
 * Any list as an aligned table without boxes. Written here because a plan may have ten thousand rows, for which the table
 * libraries that know wide characters take seconds; the widths themselves are string-width's.
 */
import stringWidth from 'string-width';

export type Align = 'left' | 'right';
export interface PlainTableOptions {
  /** By column; columns of numbers go to the right unless said. */
  readonly align?: readonly Align[];
  /** The last column is wrapped when the table would be wider; no limit unless given. */
  readonly width?: number;
  /** A thin line is drawn before the rows with these positions. */
  readonly linesBefore?: readonly number[];
}

const gap = 2;
/** A wrapped column is not made narrower than this. */
const narrowest = 24;

/** Cells may hold several lines and colour codes. The text has no trailing blanks and no line feed at the end. */
export function plainTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  options: PlainTableOptions = {},
): string {
  const last = head.length - 1;
  const cells = [head, ...rows].map((row) => head.map((_, column) => (row[column] ?? '').split('\n')));
  const widths = head.map((_, column) =>
    cells.reduce((most, row) => Math.max(most, blockWidth(row[column] as string[])), 0),
  );
  const aligns = head.map((_, column) => options.align?.[column] ?? alignOf(rows, column));
  if (options.width !== undefined) {
    const before = widths.slice(0, last).reduce((sum, width) => sum + width + gap, 0);
    const room = Math.max(narrowest, options.width - before);
    if ((widths[last] as number) > room) {
      for (const row of cells) row[last] = (row[last] as string[]).flatMap((line) => wrapped(line, room));
      widths[last] = room;
    }
  }
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width, gap * last));
  const lines: string[] = [];
  for (const [at, row] of cells.entries()) {
    if (at === 1 || options.linesBefore?.includes(at - 1)) lines.push(rule);
    const height = Math.max(...row.map((cell) => cell.length));
    for (let line = 0; line < height; line++)
      lines.push(
        row
          .map((cell, column) => aligned(cell[line] ?? '', widths[column] as number, aligns[column] as Align))
          .join(' '.repeat(gap))
          .trimEnd(),
      );
  }
  return lines.join('\n');
}

const blockWidth = (lines: readonly string[]) => Math.max(...lines.map(widthOf));

/** Most cells are plain ASCII, whose width is its length. */
export const widthOf = (text: string): number => (/^[\u0020-\u007e]*$/.test(text) ? text.length : stringWidth(text));

function aligned(text: string, width: number, align: Align): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'left' ? text + blanks : blanks + text;
}

/** Broken between words; a word that is too long stays whole. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

const number = /^[-+]?[\d,.]+( ?(%|ms|s|B|kB|MB|GB|TB))?$/;
function alignOf(rows: readonly (readonly string[])[], column: number): Align {
  let filled = 0;
  for (const row of rows) {
    const cell = row[column] ?? '';
    if (cell === '' || cell === '–') continue;
    if (!number.test(cell)) return 'left';
    filled++;
  }
  return filled > 0 ? 'right' : 'left';
}
