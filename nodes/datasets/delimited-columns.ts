/** Chosen columns of a CSV file with a header and no quotes, such as the logs of KuaiRand, without a string for every cell. */
import { Problem } from '../../core/index.ts';

const decoder = new TextDecoder('latin1');

/**
 * Visits every line with the texts of the chosen columns.
 * @param names columns to read, in the order in which `visit` gets them
 * @throws Problem bad-data when the header lacks a column, or a line has fewer cells
 */
export function eachRow(
  bytes: Uint8Array,
  file: string,
  names: readonly string[],
  visit: (cells: readonly string[], line: number) => void,
): void {
  const text = decoder.decode(bytes);
  const headerEnd = endOf(text, 0);
  const header = text.slice(0, headerEnd).trim().split(',');
  const wanted = names.map((name) => {
    const at = header.indexOf(name);
    if (at < 0)
      throw new Problem('bad-data', `the header has no column '${name}'`, {
        where: file,
        hint: `it has ${header.join(', ')}`,
      });
    return at;
  });
  const cells: string[] = names.map(() => '');
  for (let from = headerEnd + 1, line = 2; from < text.length; line++) {
    const end = endOf(text, from);
    const row = text.slice(from, end).trimEnd();
    from = end + 1;
    if (row === '') continue;
    const parts = row.split(',');
    wanted.forEach((at, n) => {
      const cell = parts[at];
      if (cell === undefined)
        throw new Problem('bad-data', `the line has ${parts.length} cells, and the header ${header.length}`, {
          where: `${file}, line ${line}`,
        });
      cells[n] = cell;
    });
    visit(cells, line);
  }
}

/** The names of the columns. */
export function headerOf(bytes: Uint8Array): readonly string[] {
  const end = bytes.indexOf(10);
  return decoder
    .decode(bytes.subarray(0, end < 0 ? bytes.length : end))
    .trim()
    .split(',');
}

function endOf(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
