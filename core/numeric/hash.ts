/**
 * Logical hashes, recipe `t1`. A column's hash covers its kind, its length and its values; never its name, its position, how
 * it was chunked, where it lies in a buffer or how a file encoded it. -0 differs from 0; every NaN is the same NaN.
 */
import { createHash, type Hash } from 'node:crypto';
import type { TensorBundle } from '../ports/ports.ts';
import { canonicalJson } from './canonical-json.ts';
import { type Column, columnLength, type Frame, type NumericArray } from './frame.ts';

declare const hashBrand: unique symbol;
/** SHA-256 of logical content, 64 lower-case hexadecimal digits. */
export type ContentHash = string & { readonly [hashBrand]: true };

const recipe = 't1';
const finish = (hash: Hash) => hash.digest('hex') as ContentHash;
const bytesOf = (values: NumericArray | Int32Array) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

const mostAtOnce = 1 << 30;
/** The hash function refuses more than 2^31 - 1 bytes in one call. */
function feed(hash: Hash, bytes: Uint8Array): Hash {
  for (let at = 0; at < bytes.byteLength; at += mostAtOnce) hash.update(bytes.subarray(at, at + mostAtOnce));
  return hash;
}

/** True when some value is NaN. Four running sums are several times faster than a test of each value. */
function holdsNaN(values: Float32Array | Float64Array): boolean {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const even = values.length & ~3;
  for (let i = 0; i < even; i += 4) {
    a += values[i] as number;
    b += values[i + 1] as number;
    c += values[i + 2] as number;
    d += values[i + 3] as number;
  }
  for (let i = even; i < values.length; i++) a += values[i] as number;
  const sum = a + b + c + d;
  return Number.isNaN(sum) && values.some(Number.isNaN); // infinities of both signs also sum to NaN
}

function withOneNaN(values: Float32Array | Float64Array): Float32Array | Float64Array {
  const own = values.slice();
  for (let i = 0; i < own.length; i++) if (Number.isNaN(own[i])) own[i] = Number.NaN;
  return own;
}

/** The same array, or a copy in which every NaN has the same bits when some value is NaN. */
export const oneNaN = <A extends Float32Array | Float64Array>(values: A): A =>
  holdsNaN(values) ? (withOneNaN(values) as A) : values;

export function columnHash(column: Column): ContentHash {
  const hash = createHash('sha256').update(`${recipe} ${column.kind} ${columnLength(column)}\0`);
  if (column.kind === 'utf8') {
    const { offsets, bytes } = column;
    const start = offsets[0] as number;
    const relative = start === 0 ? offsets : offsets.map((at) => at - start);
    feed(feed(hash, bytesOf(relative)), bytes.subarray(start, offsets[offsets.length - 1]));
    return finish(hash);
  }
  const { values } = column;
  const floats = values instanceof Float32Array || values instanceof Float64Array;
  return finish(feed(hash, bytesOf(floats ? oneNaN(values) : values)));
}

/** Hash by column; what a key takes is the hashes of the columns that a port declares. */
export const columnHashes = (frame: Frame): Readonly<Record<string, ContentHash>> =>
  Object.fromEntries(
    Object.keys(frame.columns)
      .sort()
      .map((name) => [name, columnHash(frame.columns[name] as Column)]),
  );

export const jsonHash = (value: unknown): ContentHash =>
  finish(createHash('sha256').update(`${recipe} json\0`).update(canonicalJson(value)));

export function tensorsHash({ head, tensors }: TensorBundle<unknown>): ContentHash {
  const hash = createHash('sha256').update(`${recipe} tensors\0`).update(canonicalJson(head));
  for (const name of Object.keys(tensors).sort()) {
    const tensor = tensors[name] as { shape: readonly number[]; data: Float32Array };
    hash.update(`\0${canonicalJson([name, tensor.shape])}\0`);
    feed(hash, bytesOf(oneNaN(tensor.data)));
  }
  return finish(hash);
}
