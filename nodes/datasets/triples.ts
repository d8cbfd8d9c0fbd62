/** Files of `user SEPARATOR item SEPARATOR value` lines, read byte by byte: twelve million lines need no string each. */
import { Problem } from '../../core/index.ts';

export interface TripleFormat {
  /** The file and the data set, for messages. */
  readonly file: string;
  readonly dataset: string;
  readonly separator: ',' | '\t';
  /** The id of the first user and of the first item in the file. */
  readonly firstId: 0 | 1;
  readonly users: number;
  readonly items: number;
  /** Whether a number can be the value of a line. */
  readonly accepts: (value: number) => boolean;
}
export interface Triples {
  readonly user: Uint32Array;
  readonly item: Uint32Array;
  readonly rating: Float32Array;
}
/** What is known of a file whose digest is not: a file that differs in one of these is another file. */
export interface TripleCounts {
  readonly rows: number;
  /** Users and items that occur. */
  readonly users?: number;
  readonly items?: number;
  /** Rows with the rating 1, 2, ... */
  readonly ratings?: readonly number[];
}

const lineEnd = 10;
const decoder = new TextDecoder('latin1');

/**
 * Dense ids are the file's ids less `firstId`; rows keep their order.
 * @throws Problem bad-data at the first line that is not such a triple
 */
export function triples(bytes: Uint8Array, format: TripleFormat): Triples {
  const end = contentEnd(bytes);
  let rows = end === 0 ? 0 : 1;
  for (let at = 0; at < end; at++) if (bytes[at] === lineEnd) rows++;
  const user = new Uint32Array(rows);
  const item = new Uint32Array(rows);
  const rating = new Float32Array(rows);
  const separator = format.separator.charCodeAt(0);
  for (let row = 0, from = 0; row < rows; row++) {
    let to = bytes.indexOf(lineEnd, from);
    if (to < 0 || to > end) to = end;
    const first = bytes.indexOf(separator, from);
    const second = first < 0 ? -1 : bytes.indexOf(separator, first + 1);
    const u = second < 0 || second >= to ? -1 : wholeNumber(bytes, from, first) - format.firstId;
    const i = u < 0 ? -1 : wholeNumber(bytes, first + 1, second) - format.firstId;
    const value = i < 0 ? Number.NaN : numberAt(bytes, second + 1, to);
    if (!(u >= 0 && u < format.users && i >= 0 && i < format.items && format.accepts(value)))
      throw new Problem(
        'bad-data',
        `'${decoder.decode(bytes.subarray(from, Math.min(to, from + 60))).trim()}' is not a line of ${format.dataset}`,
        {
          where: `${format.file}, line ${row + 1}`,
          hint: `a line is user${format.separator === '\t' ? ' TAB ' : format.separator}item${format.separator === '\t' ? ' TAB ' : format.separator}value with ids ${format.firstId}..${format.users - 1 + format.firstId} and ${format.firstId}..${format.items - 1 + format.firstId}`,
        },
      );
    user[row] = u;
    item[row] = i;
    rating[row] = belowInteger(value);
    from = to + 1;
  }
  return { user, item, rating };
}

/** @throws Problem bad-data when the file is not the one that was counted */
export function checkCounts({ user, item, rating }: Triples, expected: TripleCounts, format: TripleFormat): void {
  const different = (what: string, found: number, wanted: number) =>
    new Problem('bad-data', `${format.file} holds ${found} ${what}, and that file of ${format.dataset} has ${wanted}`, {
      where: format.file,
      hint: 'it is cut short or another version; read a file of your own with --on FILE',
    });
  if (user.length !== expected.rows) throw different('rows', user.length, expected.rows);
  const users = expected.users === undefined ? undefined : distinct(user, format.users);
  if (users !== expected.users) throw different('users', users as number, expected.users as number);
  const items = expected.items === undefined ? undefined : distinct(item, format.items);
  if (items !== expected.items) throw different('items', items as number, expected.items as number);
  for (const [n, wanted] of (expected.ratings ?? []).entries()) {
    let found = 0;
    for (const value of rating) if (value === n + 1) found++;
    if (found !== wanted) throw different(`ratings of ${n + 1}`, found, wanted);
  }
}

/** Length without the blank end of the file. */
function contentEnd(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] as number) <= 32) end--;
  return end;
}

/** Digits only; -1 for anything else. */
function wholeNumber(bytes: Uint8Array, from: number, to: number): number {
  if (to <= from || to - from > 9) return -1;
  let n = 0;
  for (let at = from; at < to; at++) {
    const digit = (bytes[at] as number) - 48;
    if (digit < 0 || digit > 9) return -1;
    n = n * 10 + digit;
  }
  return n;
}

const longest = 32;
const codes: number[] = [];
function numberAt(bytes: Uint8Array, from: number, to: number): number {
  const whole = wholeNumber(bytes, from, to);
  if (whole >= 0) return whole;
  if (to - from > longest) return Number.NaN;
  codes.length = 0;
  for (let at = from; at < to; at++) codes.push(bytes[at] as number);
  const text = String.fromCharCode(...codes).trim(); // a TextDecoder takes ten times as long for so few bytes
  return text === '' ? Number.NaN : Number(text);
}

/** As f32, but never rounded up to an integer: 0.99999999 must not pass a threshold of 1. */
function belowInteger(value: number): number {
  const rounded = Math.fround(value);
  return Math.floor(rounded) > Math.floor(value) ? Math.fround(value * (1 - 2 ** -24)) : rounded;
}

function distinct(ids: Uint32Array, limit: number): number {
  const seen = new Uint8Array(limit);
  let count = 0;
  for (const id of ids) if (seen[id] === 0) count += seen[id] = 1;
  return count;
}
