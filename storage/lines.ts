/**
 * The lines of a memo segment: JSON whose first fields lie at fixed places, so that a line can be checked and found by its
 * key without being parsed.
 *
 *     {"crc":"89abcdef","key":"<64 digits>", ... }
 *
 * The checksum (CRC-32 of all that follows it, without the line's end) only has to tell a torn line from a whole one.
 */
import { crc32 } from 'node:zlib';

const head = Buffer.from('{"crc":"');
const checkedFrom = 18;
const keyFrom = 25;
const keyTo = 89;
const shortest = 92;

const digits = (value: number): string => value.toString(16).padStart(8, '0');

/** One line; `rest` is JSON fields, begun with a comma and closed with a brace. */
export function lineOf(key: string, rest: string): Buffer {
  const body = Buffer.from(`"key":"${key}"${rest}\n`);
  return Buffer.concat([
    Buffer.from(`{"crc":"${digits(crc32(body.subarray(0, body.byteLength - 1)))}",`, 'latin1'),
    body,
  ]);
}

/** Where a good line lies in the bytes of its segment. */
export interface Line {
  readonly bytes: Buffer;
  readonly start: number;
  /** Of its line feed. */
  readonly end: number;
}
export interface Scan {
  /** Bytes up to the last line feed. */
  readonly consumed: number;
  /** Whole lines that are not what was written. */
  readonly bad: number;
}

/** Visits the good lines. What follows the last line feed is a line that is being written, or was never finished. */
export function scanLines(bytes: Buffer, visit: (key: string, line: Line) => void): Scan {
  let start = 0;
  let bad = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    if (isGood(bytes, start, end))
      visit(bytes.toString('latin1', start + keyFrom, start + keyTo), { bytes, start, end });
    else bad++;
    start = end + 1;
  }
  return { consumed: start, bad };
}

function isGood(bytes: Buffer, start: number, end: number): boolean {
  if (end - start < shortest) return false;
  for (let i = 0; i < head.byteLength; i++) if (bytes[start + i] !== head[i]) return false;
  let claimed = 0;
  for (let i = start + head.byteLength; i < start + 16; i++) {
    const byte = bytes[i] as number;
    const digit = byte >= 48 && byte <= 57 ? byte - 48 : byte >= 97 && byte <= 102 ? byte - 87 : Number.NaN;
    claimed = claimed * 16 + digit;
  }
  return claimed === crc32(bytes.subarray(start + checkedFrom, end));
}

export const parseLine = <T>({ bytes, start, end }: Line): T => JSON.parse(bytes.toString('utf8', start, end)) as T;
export const rawLine = ({ bytes, start, end }: Line): Buffer => bytes.subarray(start, end + 1);
