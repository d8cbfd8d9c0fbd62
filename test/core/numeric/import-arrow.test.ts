import {
  Bool,
  Dictionary,
  Field,
  Float16,
  Int16,
  Int64,
  List,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  TimestampMicrosecond,
  tableFromArrays,
  tableToIPC,
  Uint16,
  Uint64,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { encodeFrame } from '../../../core/codec/arrow.ts';
import { type Column, frameOf, type NumericColumn, type TextColumn, textValues } from '../../../core/numeric/frame.ts';
import { importArrow, importedFrame } from '../../../core/numeric/import-arrow.ts';
import { joined } from '../codec/samples.ts';

const read = async (columns: Record<string, Vector>, as: 'file' | 'stream' = 'file') =>
  importArrow(tableToIPC(new Table(columns), as), 'ratings.arrow');
const values = (column: Column | undefined) =>
  column?.kind === 'utf8' ? textValues(column) : Array.from((column as NumericColumn).values as never);
const only = async (vector: Vector) => (await read({ x: vector })).columns[0];

describe('columns of other tools', () => {
  test('become the nearest kind that loses nothing', async () => {
    const cases: [Vector, string, unknown[]][] = [
      [vectorFromArray([1, -2], new Int16()), 'i32', [1, -2]],
      [vectorFromArray([1, 65535], new Uint16()), 'u32', [1, 65535]],
      [vectorFromArray([2n ** 60n, -1n], new Int64()), 'i64', [2n ** 60n, -1n]],
      [vectorFromArray([5n, 2n ** 62n], new Uint64()), 'i64', [5n, 2n ** 62n]],
      [vectorFromArray([true, false], new Bool()), 'u8', [1, 0]],
      [vectorFromArray([1.5, -2], new Float16()), 'f32', [1.5, -2]],
      [vectorFromArray(['é', ''], new Utf8()), 'utf8', ['é', '']],
    ];
    for (const [vector, kind, expected] of cases) {
      const column = await only(vector);
      expect(column?.column.kind).toBe(kind);
      expect(values(column?.column)).toEqual(expected);
    }
  });
  test('beyond 2^63 - 1 stay exact as text', async () => {
    const column = await only(vectorFromArray([1n, 2n ** 64n - 1n], new Uint64()));
    expect(values(column?.column)).toEqual(['1', '18446744073709551615']);
  });
  test('of dictionaries become what their entries are', async () => {
    const type = new Dictionary(new Utf8(), new Uint16());
    expect(values((await only(vectorFromArray(['b', 'a', 'b'], type)))?.column)).toEqual(['b', 'a', 'b']);
    const missing = await only(vectorFromArray(['b', null, 'b'], type));
    expect(values(missing?.column)).toEqual(['b', '', 'b']);
    expect(missing?.nulls).toEqual(Uint32Array.of(1));
  });
  test('of times keep the integers of the file and say their unit', async () => {
    const data = makeData({ type: new TimestampMicrosecond(), data: BigInt64Array.of(1n, 1_700_000_000_000_001n) });
    const schema = new Schema([new Field('x', data.type, false)]);
    const batch = new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: 2, children: [data] }));
    const { columns } = await importArrow(tableToIPC(new Table([batch]), 'file'), 'ratings.arrow');
    expect(columns[0]?.source).toBe('Timestamp<MICROSECOND>');
    expect(values(columns[0]?.column)).toEqual([1n, 1_700_000_000_000_001n]);
  });
  test('that are nested are left out and named', async () => {
    const list = vectorFromArray([[1n], [2n]], new List(new Field('item', new Int64())));
    const imported = await read({ user: vectorFromArray([1, 2], new Uint16()), tags: list });
    expect(imported.columns.map(({ name }) => name)).toEqual(['user']);
    expect(imported.skipped).toEqual([{ name: 'tags', source: 'List<Int64>' }]);
    expect(() => importedFrame(imported, ['tags'], 'r.arrow')).toThrow(
      "column 'tags' has the type List<Int64>, which is no number and no text",
    );
  });
  test('in several batches are joined, missing values with their row in the whole', async () => {
    const part = (of: (number | null)[]) => new Table({ x: vectorFromArray(of, new Int16()) }).batches;
    const batches = [...part([1, 2]), ...part([null, 4]), ...part([5])];
    const bytes = tableToIPC(new Table(batches[0]?.schema as Schema, batches), 'stream');
    const { rows, columns } = await importArrow(bytes, 'ratings.arrow');
    expect(rows).toBe(5);
    expect(values(columns[0]?.column)).toEqual([1, 2, 0, 4, 5]);
    expect(columns[0]?.nulls).toEqual(Uint32Array.of(2));
  });
  test('written by this project come back as views', async () => {
    const bytes = joined(encodeFrame(frameOf({ user: Uint32Array.of(1, 2), name: ['a', 'b'] })));
    const { columns } = await importArrow(bytes, 'own.arrow');
    expect((columns[0]!.column as NumericColumn).values.buffer).toBe(bytes.buffer);
    expect(textValues(columns[1]?.column as TextColumn)).toEqual(['a', 'b']);
  });
});

describe('tables that cannot be used', () => {
  test('for missing values name the rows, a few of many', async () => {
    const x = vectorFromArray([null, 2, null, null, null, null, null, 8], new Int16());
    const imported = await read({ x });
    expect(() => importedFrame(imported, ['x'], 'ratings.arrow')).toThrow(
      "column 'x' lacks a value in rows 1, 3, 4, 5, 6 and 1 more",
    );
  });
  test('for a column that is not there name those that are', async () => {
    const imported = await read({ user: vectorFromArray([1], new Int16()) });
    try {
      importedFrame(imported, ['item'], 'ratings.arrow');
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'bad-data', message: "there is no column 'item'", hint: 'there are: user' });
    }
  });
  test('because they are cut off, empty, or no Arrow say so', async () => {
    const whole = tableToIPC(tableFromArrays({ x: Int32Array.of(1, 2, 3) }), 'file');
    for (const length of [10, 100, whole.length - 1])
      await expect(importArrow(whole.slice(0, length), 'r.arrow')).rejects.toThrow(
        'the Arrow file is cut off: its end is missing',
      );
    await expect(importArrow(new Uint8Array(0), 'r.arrow')).rejects.toThrow('the file is empty');
    await expect(importArrow(new TextEncoder().encode('user,item,rating\n1,2,3\n'), 'r.arrow')).rejects.toMatchObject({
      code: 'bad-data',
      where: 'r.arrow',
    });
  });
});
