import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Column, frameOf } from '../../../core/numeric/frame.ts';
import { columnHash, columnHashes, jsonHash, tensorsHash } from '../../../core/numeric/hash.ts';
import { anyFrame, elsewhere } from './samples.ts';

const hashOf = (values: Parameters<typeof frameOf>[0][string]) =>
  columnHash(frameOf({ x: values }).columns.x as Column);

describe('the logical hash of a column', () => {
  test('does not see where the column lies, on which buffer, or how long that is', () => {
    fc.assert(
      fc.property(anyFrame, ({ columns }) => {
        for (const column of Object.values(columns)) {
          expect(columnHash(elsewhere(column))).toBe(columnHash(column));
          expect(columnHash(elsewhere(column, false))).toBe(columnHash(column));
        }
      }),
    );
  });
  test('does not see the names of columns or their order', () => {
    const a = Uint32Array.of(1, 2);
    const b = Float32Array.of(3, 4);
    expect(columnHashes(frameOf({ a, b }))).toEqual(columnHashes(frameOf({ b, a })));
    expect(columnHashes(frameOf({ a })).a).toBe(columnHashes(frameOf({ other: a })).other);
  });
  test('sees every value, the kind and the length', () => {
    const hashes = [
      hashOf(Uint32Array.of(1, 2)),
      hashOf(Uint32Array.of(2, 1)),
      hashOf(Int32Array.of(1, 2)),
      hashOf(Uint32Array.of(1, 2, 0)),
      hashOf(Uint8Array.of(1, 2)),
      hashOf(Float32Array.of(1, 2)),
      hashOf(BigInt64Array.of(1n, 2n)),
      hashOf(['1', '2']),
      hashOf(['12', '']),
      hashOf(['', '12']),
      hashOf(['12']),
      hashOf([]),
      hashOf(new Uint32Array(0)),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
  test('takes every NaN for the same, and tells the two zeros apart', () => {
    const odd = new Float32Array(new Uint32Array([0xffc00001, 0x7f800123]).buffer);
    expect(hashOf(odd)).toBe(hashOf(Float32Array.of(Number.NaN, Number.NaN)));
    expect(hashOf(Float64Array.of(-0))).not.toBe(hashOf(Float64Array.of(0)));
    const both = Float64Array.of(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    expect(hashOf(both)).not.toBe(hashOf(Float64Array.of(Number.NaN, Number.NaN)));
  });
});

// A changed vector means that every store in the world recomputes everything: give the recipe a new name if it must be.
const golden: readonly [string, string, string][] = [
  ['u8', hashOf(Uint8Array.of(0, 1, 255)), '119b5f7bccb9d0d4a848d97af5a5c0fff5a785aad86bdc3a1d5fff9bec771351'],
  [
    'u32',
    hashOf(Uint32Array.of(0, 1, 4_294_967_295)),
    'aa9299a6ba1c1a857b96cee9beb46f137a6d273c41147230adf617cd1aba98c7',
  ],
  [
    'i32',
    hashOf(Int32Array.of(-2_147_483_648, 0, 7)),
    '31be5eedcd1ad7827c75bbd48ec99fe5f06bb7ac3a62686bf6b865dbd0285328',
  ],
  ['i64', hashOf(BigInt64Array.of(-1n, 2n ** 62n)), 'c7b17e97045301cf077618c145ce82cf78b41262c78804f8c714045d9b676ad4'],
  [
    'f32',
    hashOf(Float32Array.of(0.1, -0, Number.NaN, Number.POSITIVE_INFINITY)),
    '2da78b117873533a4789aee467591b29d148e59b99cbd23f221149ccde21628d',
  ],
  [
    'f64',
    hashOf(Float64Array.of(0.1, -0, Number.NaN, Number.NEGATIVE_INFINITY)),
    '19ce2ca81e2ef11832b8f6c86f5d07df7f025c75110ef91d2bb31b14af74d6ef',
  ],
  ['utf8', hashOf(['', 'user', 'é😀']), '92371144108e50ecd00daa43bac7dd1558e9306332c3e09b925f91deed6b8115'],
  ['an empty column', hashOf(new Uint32Array(0)), '0ad1713aa7c4167eb4b2f06e83e9c7f13dc33a940de632107d34acb339dfd0d7'],
  [
    'a value',
    jsonHash({ users: 290, items: 300, nested: [null, -0, 1e-7, 'é'] }),
    '868e8940f6b17e13432855488b8a1bc3951c9808c60ffc4206312afc101b4763',
  ],
  [
    'tensors',
    tensorsHash({ head: { k: 2 }, tensors: { P: { shape: [1, 2], data: Float32Array.of(1, 2) } } }),
    'cf788b3fb7f59cbaac1d978997ad22354e7bfa9a2a6616160baaad6985cb9fa8',
  ],
];

describe('golden hashes, recipe t1', () => {
  test.each(golden)('%s', (_, hash, expected) => {
    expect(hash).toBe(expected);
  });
});
