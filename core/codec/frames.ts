/** Frames as Arrow IPC files that pyarrow, polars and DuckDB's friends open without us. */
import { DataType, Field, Float32, Float64, Int32, Int64, Precision, Schema, Uint8, Uint32, Utf8 } from 'apache-arrow';
import type { Column, Frame, TextColumn } from '../numeric/frame.ts';
import { oneNaN } from '../numeric/hash.ts';
import { arrayOf, type Kind } from '../ports/kinds.ts';
import { bytesOf, viewAs } from './arrays.ts';
import { type Body, type FieldLength, layOut, readLayout, typeText, unreadable } from './layout.ts';

const typeOf = {
  u8: () => new Uint8(),
  u32: () => new Uint32(),
  i32: () => new Int32(),
  i64: () => new Int64(),
  f32: () => new Float32(),
  f64: () => new Float64(),
  utf8: () => new Utf8(),
} as const satisfies Record<Kind, () => DataType>;

/** The kind of an Arrow type that a frame can hold as it is. */
function kindOfType(type: DataType): Kind | undefined {
  if (DataType.isInt(type)) {
    if (type.bitWidth === 8) return type.isSigned ? undefined : 'u8';
    if (type.bitWidth === 32) return type.isSigned ? 'i32' : 'u32';
    return type.bitWidth === 64 && type.isSigned ? 'i64' : undefined;
  }
  if (DataType.isFloat(type))
    return type.precision === Precision.DOUBLE ? 'f64' : type.precision === Precision.SINGLE ? 'f32' : undefined;
  return DataType.isUtf8(type) ? 'utf8' : undefined;
}

/**
 * A frame as an Arrow IPC file: uncompressed, one record batch, no nulls, buffers at multiples of 64 bytes, columns in the
 * frame's order. Equal frames give equal bytes; every NaN is written as the same NaN.
 * @returns pieces of the file in order; those of numeric columns are views of the columns, not copies
 */
export function encodeFrame(frame: Frame): Uint8Array[] {
  const fields: Field[] = [];
  const nodes: FieldLength[] = [];
  const bodies: Body[] = [];
  for (const [name, column] of Object.entries(frame.columns)) {
    fields.push(new Field(name, typeOf[column.kind](), false));
    nodes.push({ length: frame.rows });
    bodies.push([], ...bodiesOf(column));
  }
  return layOut(new Schema(fields), frame.rows, nodes, bodies);
}

function bodiesOf(column: Column): Body[] {
  if (column.kind !== 'utf8') {
    const { values } = column;
    const floats = values instanceof Float32Array || values instanceof Float64Array;
    return [[bytesOf(floats ? oneNaN(values) : values)]];
  }
  const { offsets, bytes } = column;
  const start = offsets[0] as number;
  // a slice of a longer column must give the bytes of a column of its own
  const relative = start === 0 ? offsets : offsets.map((at) => at - start);
  return [[bytesOf(relative)], [bytes.subarray(start, offsets[offsets.length - 1])]];
}

/**
 * A frame from the bytes of an Arrow IPC file that `encodeFrame` made. Columns are views of `bytes` where their position in
 * memory allows it: give bytes that begin at a multiple of 8.
 * @throws Problem store-corrupt when the file is truncated or another tool's
 */
export function decodeFrame(bytes: Uint8Array): Frame {
  const laid = readLayout(bytes);
  const columns: Record<string, Column> = {};
  for (const { name, type } of laid.schema.fields) {
    const kind = kindOfType(type);
    if (kind === undefined) throw unreadable(`column '${name}' has the type ${typeText(type)}`);
    const { length, nulls } = laid.field();
    if (nulls !== 0) throw unreadable(`column '${name}' holds nulls`);
    if (length !== laid.rows) throw unreadable(`column '${name}' has ${length} rows instead of ${laid.rows}`);
    laid.buffer();
    columns[name] =
      kind === 'utf8'
        ? textOf(name, laid.buffer(), laid.buffer(), length)
        : { kind, values: viewAs(arrayOf[kind] as typeof Uint32Array, laid.buffer(), length) };
  }
  return { rows: laid.rows, columns };
}

function textOf(name: string, offsetBytes: Uint8Array, bytes: Uint8Array, rows: number): TextColumn {
  const offsets = viewAs(Int32Array, offsetBytes, rows + 1);
  for (let row = 0; row < rows; row++)
    if ((offsets[row] as number) > (offsets[row + 1] as number))
      throw unreadable(`the texts of column '${name}' overlap`);
  if ((offsets[0] as number) < 0 || (offsets[rows] as number) > bytes.byteLength)
    throw unreadable(`the texts of column '${name}' reach beyond their buffer`);
  return { kind: 'utf8', offsets, bytes: bytes.subarray(0, offsets[rows]) };
}
