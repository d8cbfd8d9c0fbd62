/** Files of clicks in MACR's text format: a line is a user and the items that the user clicked, `user item item ...`. */
import { Problem } from '../../core/index.ts';

export interface ClickFormat {
  /** The file and the data set, for messages. */
  readonly file: string;
  readonly dataset: string;
  readonly users: number;
  readonly items: number;
}
export interface ClickRows {
  readonly user: Uint32Array;
  readonly item: Uint32Array;
  /** 1 for every row: whoever clicked is positive. */
  readonly rating: Float32Array;
}

const lineEnd = 10;
const blank = 32;
const decoder = new TextDecoder('latin1');

/**
 * Whole numbers from 0, separated by blanks; lines in any order. A line that holds a user alone, and a blank line, give no
 * row. Rows keep the order of the file, and a repeated item stays repeated.
 * @throws Problem bad-data at the first line with something else than a user and items of the data set
 */
export function clickLists(bytes: Uint8Array, format: ClickFormat): ClickRows {
  const most = numbersIn(bytes);
  const user = new Uint32Array(most);
  const item = new Uint32Array(most);
  let rows = 0;
  for (let from = 0, line = 1; from < bytes.length; line++) {
    let to = bytes.indexOf(lineEnd, from);
    if (to < 0) to = bytes.length;
    let owner = -1;
    for (let at = from; at < to; ) {
      if (bytes[at]! <= blank) {
        at++;
        continue;
      }
      let [value, start] = [0, at];
      for (; at < to && bytes[at]! > blank; at++) {
        const digit = bytes[at]! - 48;
        value = digit >= 0 && digit <= 9 && at - start < 9 ? value * 10 + digit : Number.NaN;
      }
      if (!(value < (owner < 0 ? format.users : format.items)))
        throw noClicks(decoder.decode(bytes.subarray(start, at)), owner < 0 ? 'user' : 'item', line, format);
      if (owner < 0) owner = value;
      else {
        user[rows] = owner;
        item[rows++] = value;
      }
    }
    from = to + 1;
  }
  return { user: user.slice(0, rows), item: item.slice(0, rows), rating: new Float32Array(rows).fill(1) };
}

const noClicks = (word: string, what: 'user' | 'item', line: number, { file, dataset, users, items }: ClickFormat) =>
  new Problem('bad-data', `'${word.slice(0, 40)}' is no ${what} of ${dataset}`, {
    where: `${file}, line ${line}`,
    hint: `a line is user item item ..., with users 0..${users - 1} and items 0..${items - 1}`,
  });

function numbersIn(bytes: Uint8Array): number {
  let numbers = 0;
  for (let at = 0; at < bytes.length; at++) if (bytes[at]! > blank && (at === 0 || bytes[at - 1]! <= blank)) numbers++;
  return numbers;
}
