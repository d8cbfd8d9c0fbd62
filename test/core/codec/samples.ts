/** Frames of every kind for property tests. */
import fc from 'fast-check';
import { type Column, type Frame, frameOf } from '../../../core/numeric/frame.ts';
import { type Arrays, arrayOf, type Kind } from '../../../core/ports/kinds.ts';

const valuesOf: Record<Kind, fc.Arbitrary<unknown>> = {
  u8: fc.integer({ min: 0, max: 255 }),
  u32: fc.integer({ min: 0, max: 0xffffffff }),
  i32: fc.integer({ min: -0x80000000, max: 0x7fffffff }),
  i64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  f32: fc.float(),
  f64: fc.double(),
  utf8: fc.string({ unit: 'grapheme' }),
};
const kinds = Object.keys(valuesOf) as Kind[];

const arrayOfKind = (kind: Kind, values: readonly unknown[]): Arrays[Kind] =>
  kind === 'utf8' ? (values as string[]) : (arrayOf[kind].from as (of: unknown) => Arrays[Kind])(values);

export const anyFrame: fc.Arbitrary<Frame> = fc
  .tuple(
    fc.nat({ max: 40 }),
    fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-zé][\w -]{0,12}$/), fc.constantFrom(...kinds)), {
      selector: ([name]) => name,
      minLength: 1,
      maxLength: 7,
    }),
  )
  .chain(([rows, columns]) =>
    fc
      .tuple(...columns.map(([, kind]) => fc.array(valuesOf[kind], { minLength: rows, maxLength: rows })))
      .map((values) =>
        frameOf(
          Object.fromEntries(columns.map(([name, kind], at) => [name, arrayOfKind(kind, values[at] as unknown[])])),
        ),
      ),
  );

/** The same column on another place of another, longer, shared buffer. */
export function elsewhere(column: Column, shared = true): Column {
  const move = <A extends { length: number; BYTES_PER_ELEMENT: number }>(array: A, before: number): A => {
    const bytes = (array.length + before + 3) * array.BYTES_PER_ELEMENT;
    const room = shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
    new Uint8Array(room).fill(7);
    const make = (array as unknown as { constructor: new (...of: unknown[]) => A }).constructor;
    const moved = new make(room, before * array.BYTES_PER_ELEMENT, array.length);
    (moved as unknown as { set(of: A): void }).set(array);
    return moved;
  };
  if (column.kind !== 'utf8') return { kind: column.kind, values: move(column.values, 3) };
  // a slice of a longer text column: its offsets do not begin at zero
  const pad = 5;
  const bytes = new Uint8Array(column.bytes.length + 2 * pad).fill(65);
  bytes.set(column.bytes, pad);
  return {
    kind: 'utf8',
    offsets: move(
      column.offsets.map((at) => at + pad),
      1,
    ),
    bytes,
  };
}
export const elsewhereFrame = ({ rows, columns }: Frame): Frame => ({
  rows,
  columns: Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, elsewhere(column)])),
});

/** Concatenates, as a file's bytes come back from a store: at the start of a buffer of their own. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.byteLength;
  }
  return out;
}
