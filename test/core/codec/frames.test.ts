import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFrame, encodeFrame } from '../../../core/codec/arrow.ts';
import { frameOf, type NumericColumn, type TextColumn, textColumn, textValues } from '../../../core/numeric/frame.ts';
import { columnHashes } from '../../../core/numeric/hash.ts';
import { anyFrame, elsewhereFrame, joined } from './samples.ts';

const numbers = (of: unknown) => (of as NumericColumn).values;

describe('a frame as an Arrow file', () => {
  test('comes back with the same columns in the same order, whatever its kinds and values', () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        const back = decodeFrame(joined(encodeFrame(frame)));
        expect(back.rows).toBe(frame.rows);
        expect(Object.keys(back.columns)).toEqual(Object.keys(frame.columns));
        for (const [name, column] of Object.entries(frame.columns)) {
          const other = back.columns[name];
          expect(other?.kind).toBe(column.kind);
          if (column.kind === 'utf8') expect(textValues(other as TextColumn)).toEqual(textValues(column));
          else expect(numbers(other)).toEqual(column.values);
        }
        expect(columnHashes(back)).toEqual(columnHashes(frame));
      }),
    );
  });

  test('is the same bytes for the same content, wherever the columns lie in memory', () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        const bytes = joined(encodeFrame(frame));
        expect(Buffer.compare(joined(encodeFrame(elsewhereFrame(frame))), bytes)).toBe(0);
        expect(Buffer.compare(joined(encodeFrame(decodeFrame(bytes))), bytes)).toBe(0);
      }),
    );
  });

  test('writes every NaN as the same NaN, and keeps the sign of zero', () => {
    const bits = new Uint32Array([0x7fc00000, 0xffc00001, 0x7f800001, 0x80000000]);
    const odd = new Float32Array(bits.buffer);
    const even = Float32Array.of(Number.NaN, Number.NaN, Number.NaN, -0);
    const bytes = joined(encodeFrame(frameOf({ x: odd })));
    expect(Buffer.compare(bytes, joined(encodeFrame(frameOf({ x: even }))))).toBe(0);
    expect(Object.is(numbers(decodeFrame(bytes).columns.x)[3], -0)).toBe(true);
    expect(Array.from(bits)).toEqual([0x7fc00000, 0xffc00001, 0x7f800001, 0x80000000]);
  });

  test('copies no numeric column on the way out and none on the way back', () => {
    const user = new Uint32Array(new SharedArrayBuffer(4000));
    const rating = new Float64Array(1000);
    const pieces = encodeFrame(frameOf({ user, rating }));
    expect(pieces.some((piece) => piece.buffer === user.buffer && piece.byteLength === 4000)).toBe(true);
    expect(pieces.some((piece) => piece.buffer === rating.buffer)).toBe(true);
    const bytes = joined(pieces);
    for (const column of Object.values(decodeFrame(bytes).columns)) expect(numbers(column).buffer).toBe(bytes.buffer);
  });

  test('puts every column at a multiple of 64 bytes', () => {
    const texts = ['a', 'bcd', ''];
    const bytes = joined(encodeFrame(frameOf({ a: Uint8Array.of(1, 2, 3), s: texts, b: Float64Array.of(1, 2, 3) })));
    const { a, s, b } = decodeFrame(bytes).columns;
    const at = [numbers(a), (s as TextColumn).offsets, (s as TextColumn).bytes, numbers(b)];
    expect(at.map(({ byteOffset }) => byteOffset % 64)).toEqual([0, 0, 0, 0]);
  });

  test('is read from an odd position too, by copying', () => {
    const bytes = joined(encodeFrame(frameOf({ x: Float64Array.of(1.5, 2.5) })));
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(numbers(decodeFrame(shifted.subarray(3)).columns.x)).toEqual(Float64Array.of(1.5, 2.5));
  });

  test('may have no rows', () => {
    const back = decodeFrame(joined(encodeFrame(frameOf({ user: new Uint32Array(0), name: [] }))));
    expect(back.rows).toBe(0);
    expect(Object.values(back.columns).map(({ kind }) => kind)).toEqual(['u32', 'utf8']);
  });
});

describe('bytes that are no table of a store', () => {
  const whole = joined(encodeFrame(frameOf({ user: Uint32Array.of(1, 2, 3), name: ['a', 'b', 'c'] })));
  test('say that they are cut off, wherever they are cut', () => {
    for (let length = 0; length < whole.length; length++)
      expect(() => decodeFrame(whole.slice(0, length))).toThrow(/these bytes are no table of a store/);
    expect(() => decodeFrame(whole.slice(0, 300))).toThrow('it is cut off: the end marker of an Arrow file is missing');
  });
  test('say that they are something else', () => {
    expect(() => decodeFrame(new TextEncoder().encode('user,item\n1,2\n'))).toThrow(
      'it does not begin like an Arrow file',
    );
  });
});

test('text columns keep every character, also those of two code units', () => {
  const texts = ['', 'é', '😀 x', '\u0000', 'a'.repeat(300)];
  expect(textValues(textColumn(texts))).toEqual(texts);
});
