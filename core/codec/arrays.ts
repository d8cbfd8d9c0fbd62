/** Typed arrays as bytes and back, without a copy wherever the position allows it. */
import { unreadable } from './layout.ts';

/** The bytes of a typed array, on the same buffer (shared buffers too). */
export const bytesOf = (values: ArrayBufferView): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

interface ArrayMaker<A> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): A;
}

/**
 * `length` elements at the start of `bytes`: a view where the position allows it, else a copy.
 * @throws Problem store-corrupt when the bytes do not hold that many
 */
export function viewAs<A>(make: ArrayMaker<A>, bytes: Uint8Array, length: number): A {
  const width = make.BYTES_PER_ELEMENT;
  if (bytes.byteLength < length * width) throw unreadable('a column has fewer values than rows');
  const aligned = bytes.byteOffset % width === 0;
  const own = aligned ? bytes : bytes.slice(0, length * width);
  return new make(own.buffer, own.byteOffset, length);
}
