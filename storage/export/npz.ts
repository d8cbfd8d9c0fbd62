/** Arrays for numpy: `numpy.load(file)` opens what this writes. A .npz is a zip of .npy files. */
import type { Zippable } from 'fflate';

/** One array: 32-bit floats of any shape, or texts. */
export type NamedArray =
  | { readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly texts: readonly string[] };

/** The same arrays give the same bytes; nothing is compressed, since floats hardly get smaller. */
export async function npzBytes(arrays: Readonly<Record<string, NamedArray>>): Promise<Uint8Array> {
  const { zipSync } = await import('fflate');
  const files: Zippable = {};
  for (const [name, array] of Object.entries(arrays)) files[`${name}.npy`] = npyBytes(array);
  return zipSync(files, { level: 0, mtime: new Date(1980, 0, 1) });
}

/** Format version 1.0: magic, length of the header, a Python literal padded to 64 bytes, the values. */
function npyBytes(array: NamedArray): Uint8Array {
  const { descr, shape, bytes } =
    'texts' in array
      ? { ...textValues(array.texts), shape: [array.texts.length] }
      : { descr: '<f4', shape: array.shape, bytes: bytesOf(array.data) };
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const file = new Uint8Array(10 + length + bytes.length);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, length & 255, length >> 8]);
  file.set(Buffer.from(`${text.padEnd(length - 1)}\n`, 'latin1'), 10);
  file.set(bytes, 10 + length);
  return file;
}

/** Four bytes a character, as wide as the longest text, the rest 0. */
function textValues(texts: readonly string[]) {
  const points = texts.map((text) => Array.from(text, (character) => character.codePointAt(0) as number));
  const width = Math.max(1, ...points.map(({ length }) => length));
  const codes = new Uint32Array(texts.length * width);
  for (const [row, mine] of points.entries()) codes.set(mine, row * width);
  return { descr: `<U${width}`, bytes: bytesOf(codes) };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Uint32Array) =>
  new Uint8Array(buffer, byteOffset, byteLength);
