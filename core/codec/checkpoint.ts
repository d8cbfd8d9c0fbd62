/**
 * A checkpoint as bytes: a line that names the format, the lengths of what follows, a JSON head (the step's key, where the
 * step stood, kinds and lengths of the arrays), the arrays one after the other at multiples of eight bytes, and the SHA-256 of
 * all that. Whoever reads it gets exactly what was saved for this key, or a reason why not.
 */
import { createHash } from 'node:crypto';
import { Problem } from '../errors.ts';
import { arrayOf, kindOf, type NumericKind } from '../ports/kinds.ts';
import type { Checkpoint } from '../services/services.ts';
import { bytesOf } from './arrays.ts';

const magic = new TextEncoder().encode('counterpoise checkpoint 1\n');
/** Where the head's length stands: four bytes after the magic. */
const lengthAt = magic.byteLength;
const headAt = lengthAt + 4;
const digestBytes = 32;
const padded = (length: number): number => Math.ceil(length / 8) * 8;

interface Head {
  readonly key: string;
  readonly at: string;
  readonly head: unknown;
  readonly arrays: readonly { readonly name: string; readonly kind: NumericKind; readonly length: number }[];
}

/** @returns one piece on shared memory, so that it reaches another thread without a copy */
export function encodeCheckpoint(key: string, { at, head, arrays }: Checkpoint): Uint8Array {
  const entries = Object.entries(arrays);
  const described: Head = {
    key,
    at,
    head,
    arrays: entries.map(([name, values]) => ({ name, kind: kindOf(values) as NumericKind, length: values.length })),
  };
  const text = new TextEncoder().encode(JSON.stringify(described));
  const start = padded(headAt + text.byteLength);
  const end = entries.reduce((sum, [, { byteLength }]) => sum + padded(byteLength), start);
  const out = new Uint8Array(new SharedArrayBuffer(end + digestBytes));
  out.set(magic);
  new DataView(out.buffer).setUint32(lengthAt, text.byteLength, true);
  out.set(text, headAt);
  let position = start;
  for (const [, values] of entries) {
    out.set(bytesOf(values), position);
    position += padded(values.byteLength);
  }
  out.set(createHash('sha256').update(out.subarray(0, end)).digest(), end);
  return out;
}

/**
 * The arrays are views of `bytes` where their position allows it.
 * @throws Problem store-corrupt when the bytes are cut off, changed, of another version, or were saved for another key
 */
export function decodeCheckpoint(key: string, bytes: Uint8Array): Checkpoint {
  if (bytes.byteLength < headAt + digestBytes || magic.some((byte, i) => bytes[i] !== byte))
    throw unusable('it does not begin like a checkpoint of this version');
  const end = bytes.byteLength - digestBytes;
  const digest = createHash('sha256').update(bytes.subarray(0, end)).digest();
  if (digest.some((byte, i) => bytes[end + i] !== byte)) throw unusable('its bytes are not those that were saved');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(lengthAt, true);
  // text decoders refuse shared memory
  const text = new TextDecoder().decode(Uint8Array.from(bytes.subarray(headAt, headAt + length)));
  const saved = JSON.parse(text) as Head;
  if (saved.key !== key) throw unusable('it was saved by another step');
  const arrays: Record<string, Checkpoint['arrays'][string]> = {};
  let position = padded(headAt + length);
  for (const { name, kind, length: count } of saved.arrays) {
    const make = arrayOf[kind];
    const size = count * make.BYTES_PER_ELEMENT;
    const own = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice(position, position + size);
    arrays[name] = new make(own.buffer as ArrayBuffer, own === bytes ? bytes.byteOffset + position : 0, count);
    position += padded(size);
  }
  return { at: saved.at, head: saved.head, arrays };
}

const unusable = (why: string) => new Problem('store-corrupt', why);
