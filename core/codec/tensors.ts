/** Named f32 arrays of any shape as an Arrow IPC file: a row a tensor, the head in the schema's metadata. */
import { DataType, Field, Float32, List, Schema, Uint32, Utf8 } from 'apache-arrow';
import { Problem } from '../errors.ts';
import { canonicalJson } from '../numeric/canonical-json.ts';
import { textColumn, textValues } from '../numeric/frame.ts';
import { oneNaN } from '../numeric/hash.ts';
import type { Tensor, TensorBundle } from '../ports/ports.ts';
import { bytesOf, viewAs } from './arrays.ts';
import { layOut, readLayout, unreadable } from './layout.ts';

const headName = 'counterpoise.head';
const mostValues = 2 ** 31 - 1;

const schemaOf = (head: string) =>
  new Schema(
    [
      new Field('name', new Utf8(), false),
      new Field('shape', new List(new Field('item', new Uint32(), false)), false),
      new Field('values', new List(new Field('item', new Float32(), false)), false),
    ],
    new Map([[headName, head]]),
  );

/**
 * Columns `name: utf8`, `shape: list<u32>`, `values: list<f32>` (row-major), rows in the order of the names; the head is
 * canonical JSON under `counterpoise.head`. Equal bundles give equal bytes.
 * @returns pieces of the file in order; values are views, not copies
 * @throws Problem bad-output when a shape does not fit its data, or all values together exceed 2^31 - 1
 */
export function encodeTensors({ head, tensors }: TensorBundle<unknown>): Uint8Array[] {
  const names = Object.keys(tensors).sort();
  const ordered = names.map((name) => tensors[name] as Tensor);
  ordered.forEach(({ shape, data }, i) => {
    if (shape.some((extent) => !Number.isInteger(extent) || extent < 0 || extent > 0xffffffff))
      throw new Problem('bad-output', `tensor '${names[i]}' has the impossible shape [${shape.join(', ')}]`);
    if (shape.reduce((product, extent) => product * extent, 1) !== data.length)
      throw new Problem(
        'bad-output',
        `tensor '${names[i]}' has ${data.length} values and the shape [${shape.join(', ')}]`,
      );
  });
  const shapeOffsets = offsetsOf(ordered.map(({ shape }) => shape.length));
  const valueOffsets = offsetsOf(ordered.map(({ data }) => data.length));
  const shapes = Uint32Array.from(ordered.flatMap(({ shape }) => [...shape]));
  const text = textColumn(names);
  const rows = names.length;
  return layOut(
    schemaOf(canonicalJson(head)),
    rows,
    [
      { length: rows },
      { length: rows },
      { length: shapes.length },
      { length: rows },
      { length: valueOffsets[rows] as number },
    ],
    [
      ...[[], [bytesOf(text.offsets)], [text.bytes]],
      ...[[], [bytesOf(shapeOffsets)], [], [bytesOf(shapes)]],
      ...[[], [bytesOf(valueOffsets)], [], ordered.map(({ data }) => bytesOf(oneNaN(data)))],
    ],
  );
}

function offsetsOf(lengths: readonly number[]): Int32Array {
  const offsets = new Int32Array(lengths.length + 1);
  let sum = 0;
  lengths.forEach((length, i) => {
    sum += length;
    if (sum > mostValues)
      throw new Problem('bad-output', `a model cannot hold more than ${mostValues} values`, {
        hint: 'give the parameters on several ports',
      });
    offsets[i + 1] = sum;
  });
  return offsets;
}

/**
 * Tensors from the bytes of a file that `encodeTensors` made; data are views of `bytes` where their position allows it.
 * @throws Problem store-corrupt when the file is truncated or holds something else
 */
export function decodeTensors(bytes: Uint8Array): TensorBundle<unknown> {
  const laid = readLayout(bytes);
  const head = laid.schema.metadata.get(headName);
  const [name, shape, values] = laid.schema.fields;
  if (head === undefined || !name || !shape || !values || !DataType.isList(shape.type) || !DataType.isList(values.type))
    throw unreadable('it holds a table and not tensors');
  const { rows } = laid;
  laid.field();
  laid.buffer();
  const names = textValues({
    kind: 'utf8',
    offsets: viewAs(Int32Array, laid.buffer(), rows + 1),
    bytes: laid.buffer(),
  });
  const lists = <A extends Uint32Array | Float32Array>(make: new (b: ArrayBufferLike, at: number, n: number) => A) => {
    laid.field();
    laid.buffer();
    const offsets = viewAs(Int32Array, laid.buffer(), rows + 1);
    const { length } = laid.field();
    laid.buffer();
    const all = viewAs(make as never, laid.buffer(), length) as A;
    return (row: number): A => all.subarray(offsets[row], offsets[row + 1]) as A;
  };
  const shapeAt = lists(Uint32Array);
  const dataAt = lists(Float32Array);
  const tensors: Record<string, Tensor> = {};
  names.forEach((key, row) => {
    tensors[key] = { shape: Array.from(shapeAt(row)), data: dataAt(row) };
  });
  return { head: parsed(head), tensors };
}

function parsed(head: string): unknown {
  try {
    return JSON.parse(head);
  } catch (cause) {
    throw unreadable('its head is no JSON', cause);
  }
}
