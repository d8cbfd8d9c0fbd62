/**
 * Arrow files and streams of other tools (pyarrow, polars, R) as columns, by explicit rules.
 *
 * | Arrow                                   | becomes                                                            |
 * |-----------------------------------------|--------------------------------------------------------------------|
 * | bool, uint8                             | u8 (true is 1)                                                     |
 * | uint16, uint32                          | u32                                                                |
 * | int8, int16, int32                      | i32                                                                |
 * | int64                                   | i64, exact                                                         |
 * | uint64                                  | i64, exact; utf8 (decimal digits) when a value exceeds 2^63 - 1    |
 * | float16, float32                        | f32                                                                |
 * | float64                                 | f64                                                                |
 * | utf8, large utf8, utf8 view             | utf8                                                               |
 * | date, time, timestamp, duration         | i64 in the unit that the file uses (see `source`)                  |
 * | dictionary                              | what its values become                                             |
 * | null                                    | utf8, every row missing                                            |
 *
 * Batches are joined. Anything else (lists, structs, decimals, binary) is left out and named in `skipped`.
 */
import type { Data, DataType, Table, Vector } from 'apache-arrow';
import { Problem } from '../errors.ts';
import { arrayOf, type NumericKind } from '../ports/kinds.ts';
import { type Column, type Frame, type NumericArray, textColumn } from './frame.ts';

export interface ImportedColumn {
  readonly name: string;
  /** The type in the file, as Arrow prints it: `Timestamp<MICROSECOND>`. */
  readonly source: string;
  /** Missing values are 0 or the empty text here. */
  readonly column: Column;
  /** Rows without a value, ascending, counted from 0. */
  readonly nulls: Uint32Array;
}
export interface Imported {
  readonly rows: number;
  readonly columns: readonly ImportedColumn[];
  /** Columns whose type no rule covers. */
  readonly skipped: readonly { readonly name: string; readonly source: string }[];
}

/**
 * Reads the bytes of an Arrow IPC file or stream.
 * @param where what to call the bytes in a message, for example the file's path
 * @throws Problem bad-data when the bytes are truncated, compressed, no Arrow, or name a column twice
 */
export async function importArrow(bytes: Uint8Array, where: string): Promise<Imported> {
  const arrow = await import('apache-arrow');
  const table = open(arrow, bytes, where);
  const names = table.schema.fields.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new Problem('bad-data', `two columns are called '${twice}'`, { where, hint: 'rename one of them' });
  const columns: ImportedColumn[] = [];
  const skipped: { name: string; source: string }[] = [];
  try {
    table.schema.fields.forEach(({ name, type }, at) => {
      const vector = table.getChildAt(at) as Vector;
      const column = convert(arrow, type, vector);
      if (column === undefined) skipped.push({ name, source: String(type) });
      else columns.push({ name, source: String(type), column, nulls: nullsOf(vector, table.numRows) });
    });
  } catch (cause) {
    throw unreadable(where, cause);
  }
  return { rows: table.numRows, columns, skipped };
}

/**
 * The named columns as a frame.
 * @throws Problem bad-data when a column is not there, has a type that no rule covers, or lacks a value in some row
 */
export function importedFrame(imported: Imported, names: readonly string[], where: string): Frame {
  const columns: Record<string, Column> = {};
  for (const name of names) {
    const found = imported.columns.find((column) => column.name === name);
    if (found === undefined) throw absent(imported, name, where);
    if (found.nulls.length > 0) throw missing(found, where);
    columns[name] = found.column;
  }
  return { rows: imported.rows, columns };
}

function absent({ columns, skipped }: Imported, name: string, where: string): Problem {
  const unusable = skipped.find((column) => column.name === name);
  if (unusable)
    return new Problem('bad-data', `column '${name}' has the type ${unusable.source}, which is no number and no text`, {
      where,
      hint: 'convert it before writing the file',
    });
  const known = columns.map((column) => column.name);
  return new Problem('bad-data', `there is no column '${name}'`, {
    where,
    hint: `there are: ${known.slice(0, 12).join(', ')}${known.length > 12 ? ` and ${known.length - 12} more` : ''}`,
  });
}

function missing({ name, nulls }: ImportedColumn, where: string): Problem {
  const shown = Array.from(nulls.subarray(0, 5), (row) => row + 1).join(', ');
  const more = nulls.length > 5 ? ` and ${nulls.length - 5} more` : '';
  return new Problem(
    'bad-data',
    `column '${name}' lacks a value in ${nulls.length === 1 ? 'row' : 'rows'} ${shown}${more}`,
    {
      where,
      hint: 'drop or fill these rows before writing the file; rows count from 1',
    },
  );
}

function open(arrow: typeof import('apache-arrow'), bytes: Uint8Array, where: string): Table {
  const magic = (at: number) => Buffer.from(bytes.subarray(at, at + 6)).toString('latin1') === 'ARROW1';
  if (bytes.byteLength === 0) throw new Problem('bad-data', 'the file is empty', { where });
  if (magic(0) && !magic(bytes.byteLength - 6))
    throw new Problem('bad-data', 'the Arrow file is cut off: its end is missing', {
      where,
      hint: 'write or download it again',
    });
  try {
    const table = arrow.tableFromIPC(bytes);
    if (table.schema.fields.length > 0) return table;
  } catch (cause) {
    throw unreadable(where, cause);
  }
  throw new Problem('bad-data', 'this is no Arrow file or stream, or one without columns', {
    where,
    hint: 'CSV, TSV, JSONL and Parquet are told by the ending of the file name',
  });
}

function unreadable(where: string, cause: unknown): Problem {
  const text = cause instanceof Error ? cause.message : String(cause);
  if (/codec|compress/i.test(text))
    return new Problem('bad-data', 'the Arrow file is compressed, and compressed buffers cannot be read here', {
      where,
      hint: "write it with compression='uncompressed' (pyarrow: write_feather(..., compression='uncompressed')), or as Parquet",
      cause,
    });
  return new Problem('bad-data', 'the bytes cannot be read as Arrow: they are damaged, or of another format', {
    where,
    hint: 'write the file again, for example with pyarrow.ipc.new_file or polars.DataFrame.write_ipc',
    cause,
  });
}

type ArrowModule = typeof import('apache-arrow');
type Values = NumericArray | Int8Array | Int16Array | Uint16Array | BigUint64Array;

/** A column under the rules above; undefined when none covers the type. */
function convert(arrow: ArrowModule, type: DataType, vector: Vector): Column | undefined {
  const { DataType: is } = arrow;
  if (is.isDictionary(type)) return fromDictionary(arrow, vector);
  if (is.isInt(type)) {
    if (type.bitWidth === 64) return type.isSigned ? numbers('i64', vector) : unsigned64(vector);
    return numbers(type.isSigned ? 'i32' : type.bitWidth === 8 ? 'u8' : 'u32', vector);
  }
  if (is.isFloat(type)) {
    if (type.precision === arrow.Precision.HALF) return each('f32', vector, Number);
    return numbers(type.precision === arrow.Precision.SINGLE ? 'f32' : 'f64', vector);
  }
  if (is.isBool(type)) return each('u8', vector, Number);
  if (is.isUtf8(type) || is.isLargeUtf8(type) || is.isUtf8View(type)) return texts(vector);
  if (is.isNull(type)) return textColumn(new Array<string>(vector.length).fill(''));
  if (is.isDate(type) || is.isTime(type) || is.isTimestamp(type) || is.isDuration(type)) return times(vector);
  return undefined;
}

/** Values of one batch, without the padding behind them. */
const valuesOf = ({ values, length }: Data): Values => (values as Values).subarray(0, length);

/** A missing value has whatever bytes its writer left there; here it is 0. */
function clear(into: { fill(value: never, from: number, to: number): unknown }, data: Data, at: number, zero: unknown) {
  if (data.nullCount === 0) return;
  for (let i = 0; i < data.length; i++) if (!data.getValid(i)) into.fill(zero as never, at + i, at + i + 1);
}

function numbers(kind: NumericKind, vector: Vector): Column {
  const only = vector.data.length === 1 ? (vector.data[0] as Data) : undefined;
  const values = only && valuesOf(only);
  if (values instanceof arrayOf[kind] && only?.nullCount === 0) return { kind, values: values as NumericArray };
  const out = new arrayOf[kind](vector.length);
  let at = 0;
  for (const data of vector.data) {
    out.set(valuesOf(data) as never, at);
    clear(out, data, at, kind === 'i64' ? 0n : 0);
    at += data.length;
  }
  return { kind, values: out };
}

function unsigned64(vector: Vector): Column {
  const most = 2n ** 63n - 1n;
  const fits = vector.data.every((data) => {
    const values = valuesOf(data) as BigUint64Array;
    return !values.some((value, i) => value > most && data.getValid(i));
  });
  return fits ? numbers('i64', vector) : texts(vector);
}

function each(kind: 'u8' | 'f32', vector: Vector, of: (value: unknown) => number): Column {
  const values = new arrayOf[kind](vector.length);
  for (let row = 0; row < vector.length; row++) values[row] = of(vector.get(row) ?? 0);
  return { kind, values };
}

function texts(vector: Vector): Column {
  const values = new Array<string>(vector.length);
  for (let row = 0; row < vector.length; row++) values[row] = String(vector.get(row) ?? '');
  return textColumn(values);
}

/** The stored integers; `vector.get` would turn them into milliseconds and lose digits. */
function times(vector: Vector): Column {
  const out = new BigInt64Array(vector.length);
  let at = 0;
  for (const data of vector.data) {
    const values = valuesOf(data) as unknown as BigInt64Array | Int32Array;
    if (values instanceof BigInt64Array) out.set(values, at);
    else if (values.length === data.length)
      for (let i = 0; i < data.length; i++) out[at + i] = BigInt(values[i] as number);
    clear(out, data, at, 0n);
    at += data.length;
  }
  return { kind: 'i64', values: out };
}

/** Each batch may bring a dictionary of its own, so the entries are looked up batch by batch. */
function fromDictionary(arrow: ArrowModule, vector: Vector): Column | undefined {
  const parts: { column: Column; texts: readonly string[] | undefined; data: Data }[] = [];
  for (const data of vector.data) {
    const entries = data.dictionary as Vector;
    const column = convert(arrow, (vector.type as unknown as { dictionary: DataType }).dictionary, entries);
    if (column === undefined) return undefined;
    parts.push({ column, data, texts: column.kind === 'utf8' ? entryTexts(entries) : undefined });
  }
  const kind = parts[0]?.column.kind ?? 'utf8';
  if (parts.some(({ column }) => column.kind !== kind) || kind === 'utf8') {
    const out: string[] = [];
    for (const { data, texts: known, column } of parts)
      eachIndex(data, (index) => {
        out.push(
          index < 0
            ? ''
            : known
              ? (known[index] as string)
              : String((column as { values: NumericArray }).values[index]),
        );
      });
    return textColumn(out);
  }
  const out = new arrayOf[kind](vector.length);
  let at = 0;
  for (const { data, column } of parts)
    eachIndex(data, (index) => {
      if (index >= 0) out[at] = (column as { values: NumericArray }).values[index] as never;
      at++;
    });
  return { kind, values: out };
}

function entryTexts(entries: Vector): readonly string[] {
  const out = new Array<string>(entries.length);
  for (let i = 0; i < out.length; i++) out[i] = String(entries.get(i) ?? '');
  return out;
}

/** Calls with the place in the dictionary, or -1 for a missing value. */
function eachIndex(data: Data, visit: (index: number) => void): void {
  const indices = valuesOf(data);
  for (let i = 0; i < data.length; i++) visit(data.getValid(i) ? Number(indices[i]) : -1);
}

function nullsOf(vector: Vector, rows: number): Uint32Array {
  const isNull = (row: number) => vector.get(row) === null;
  const inEntries = vector.data.some(({ dictionary }) => ((dictionary as Vector | undefined)?.nullCount ?? 0) > 0);
  if (vector.nullCount === 0 && !inEntries && vector.type.typeId !== 1) return new Uint32Array(0);
  const found: number[] = [];
  for (let row = 0; row < rows; row++) if (isNull(row)) found.push(row);
  return Uint32Array.from(found);
}
