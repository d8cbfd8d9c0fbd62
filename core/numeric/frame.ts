/**
 * A frame is a table in memory: equally long columns. Numbers are typed arrays on any buffer (shared ones travel between
 * threads without a copy); strings are offsets into UTF-8 bytes, decoded when somebody asks.
 */
import { type Arrays, arrayOf, type Kind, kindOf, type NumericKind } from '../ports/kinds.ts';

export type NumericArray = Arrays[NumericKind];
export interface NumericColumn {
  readonly kind: NumericKind;
  readonly values: NumericArray;
}
export interface TextColumn {
  readonly kind: 'utf8';
  /** `rows + 1` positions in `bytes`. */
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
}
export type Column = NumericColumn | TextColumn;
export interface Frame {
  readonly rows: number;
  readonly columns: Readonly<Record<string, Column>>;
}

/** What a node returns for a table port: arrays by column name. */
export type ColumnValues = Readonly<Record<string, Arrays[Kind] | undefined>>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Packs strings as offsets and UTF-8 bytes. */
export function textColumn(values: readonly string[]): TextColumn {
  const offsets = new Int32Array(values.length + 1);
  let room = 64;
  for (const value of values) room += value.length;
  let bytes = new Uint8Array(room);
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as string;
    if (bytes.length - at < value.length * 3) {
      const wider = new Uint8Array(Math.max(bytes.length * 2, at + value.length * 3));
      wider.set(bytes);
      bytes = wider;
    }
    at += encoder.encodeInto(value, bytes.subarray(at)).written;
    offsets[i + 1] = at;
  }
  return { kind: 'utf8', offsets, bytes: bytes.subarray(0, at) };
}

export function textValues({ offsets, bytes }: TextColumn): readonly string[] {
  // TextDecoder refuses shared memory
  const own = bytes.buffer instanceof ArrayBuffer ? bytes : Uint8Array.from(bytes);
  const out = new Array<string>(offsets.length - 1);
  for (let i = 0; i < out.length; i++) out[i] = decoder.decode(own.subarray(offsets[i], offsets[i + 1]));
  return out;
}

export const columnLength = (column: Column): number =>
  column.kind === 'utf8' ? column.offsets.length - 1 : column.values.length;

/**
 * Makes a frame of arrays; nothing is copied. Columns given as `undefined` are left out.
 * @throws RangeError when the columns differ in length, TypeError when a value is no column
 */
export function frameOf(columns: ColumnValues): Frame {
  const made: Record<string, Column> = {};
  let rows: number | undefined;
  let first = '';
  for (const [name, values] of Object.entries(columns)) {
    if (values === undefined) continue;
    const kind = kindOf(values);
    if (kind === undefined) throw new TypeError(`column '${name}' is not a typed array or a list of strings`);
    rows ??= values.length;
    first ||= name;
    if (values.length !== rows)
      throw new RangeError(`column '${name}' has ${values.length} rows and column '${first}' has ${rows}`);
    made[name] = kind === 'utf8' ? textColumn(values as readonly string[]) : { kind, values: values as NumericArray };
  }
  return { rows: rows ?? 0, columns: made };
}

/** Rows of a view: the length of its first column. */
export const rowsOf = (view: Readonly<Record<string, { readonly length: number } | undefined>>): number => {
  for (const column of Object.values(view)) if (column !== undefined) return column.length;
  return 0;
};

/** The rows at `at`, of every column of a view, in the order of `at`. */
export function take<V extends ColumnValues>(view: V, at: ArrayLike<number>): V {
  const out: Record<string, Arrays[Kind]> = {};
  for (const [name, values] of Object.entries(view)) {
    if (values === undefined) continue;
    const kind = kindOf(values) as Kind;
    if (kind === 'utf8') {
      out[name] = Array.from(at, (row) => (values as readonly string[])[row] as string);
      continue;
    }
    const taken = new arrayOf[kind](at.length);
    for (let i = 0; i < at.length; i++) taken[i] = (values as NumericArray)[at[i] as number] as never;
    out[name] = taken;
  }
  return out as V;
}

/** The rows for which `keep` holds. */
export function filter<V extends ColumnValues>(view: V, keep: (row: number) => boolean): V {
  const rows = rowsOf(view);
  const at = new Uint32Array(rows);
  let kept = 0;
  for (let row = 0; row < rows; row++) if (keep(row)) at[kept++] = row;
  return take(view, at.subarray(0, kept));
}
