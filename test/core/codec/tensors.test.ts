import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFrame, decodeTensors, encodeFrame, encodeTensors } from '../../../core/codec/arrow.ts';
import { frameOf } from '../../../core/numeric/frame.ts';
import { tensorsHash } from '../../../core/numeric/hash.ts';
import type { Tensor } from '../../../core/ports/ports.ts';
import { joined } from './samples.ts';

const anyTensor: fc.Arbitrary<Tensor> = fc.array(fc.nat({ max: 5 }), { maxLength: 3 }).chain((shape) => {
  const size = shape.reduce((a, b) => a * b, 1);
  return fc
    .array(fc.float(), { minLength: size, maxLength: size })
    .map((values) => ({ shape, data: Float32Array.from(values) }));
});
const anyBundle = fc.record({
  head: fc.jsonValue(),
  tensors: fc.dictionary(fc.stringMatching(/^[A-Za-zé][\w/.]{0,10}$/), anyTensor, {
    maxKeys: 5,
    noNullPrototype: true,
  }),
});

describe('tensors as an Arrow file', () => {
  test('come back with their head, names, shapes and values', () => {
    fc.assert(
      fc.property(anyBundle, (bundle) => {
        const back = decodeTensors(joined(encodeTensors(bundle)));
        expect(back.head).toEqual(bundle.head);
        expect(back.tensors).toEqual(bundle.tensors);
        expect(tensorsHash(back)).toBe(tensorsHash(bundle));
      }),
    );
  });
  test('are the same bytes whatever the order in which they were named', () => {
    const P = { shape: [2, 1], data: Float32Array.of(1, 2) };
    const Q = { shape: [1], data: Float32Array.of(3) };
    const one = joined(encodeTensors({ head: { a: 1, b: 2 }, tensors: { P, Q } }));
    const other = joined(encodeTensors({ head: { b: 2, a: 1 }, tensors: { Q, P } }));
    expect(Buffer.compare(one, other)).toBe(0);
  });
  test('are not copied in either direction', () => {
    const data = new Float32Array(new SharedArrayBuffer(400));
    const pieces = encodeTensors({ head: null, tensors: { P: { shape: [10, 10], data } } });
    expect(pieces.some(({ buffer }) => buffer === data.buffer)).toBe(true);
    const bytes = joined(pieces);
    expect(decodeTensors(bytes).tensors.P?.data.buffer).toBe(bytes.buffer);
  });
  test('whose shape does not fit say which and how', () => {
    const tensors = { P: { shape: [2, 2], data: new Float32Array(3) } };
    expect(() => encodeTensors({ head: null, tensors })).toThrow("tensor 'P' has 3 values and the shape [2, 2]");
  });
  test('are told from tables, and tables from them', () => {
    const table = joined(encodeFrame(frameOf({ x: Uint32Array.of(1) })));
    const tensors = joined(encodeTensors({ head: null, tensors: {} }));
    expect(() => decodeTensors(table)).toThrow('it holds a table and not tensors');
    expect(() => decodeFrame(tensors)).toThrow("column 'shape' has the type List<Uint32>");
    expect(() => decodeTensors(tensors.slice(0, -7))).toThrow('it is cut off');
  });
});
