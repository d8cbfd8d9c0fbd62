import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decodeFrame } from '../../core/codec/arrow.ts';
import { frameOf } from '../../core/numeric/frame.ts';
import { columnHashes } from '../../core/numeric/hash.ts';
import { exportFrame, formatOfPath } from '../../storage/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterpoise-export-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const frame = frameOf({
  user: Uint32Array.of(0, 7, 4_294_967_295),
  rating: Float32Array.of(0.1, Number.NaN, -0),
  time: BigInt64Array.of(-1n, 0n, 2n ** 60n),
  'its "name"': ['plain', '', 'a, "b"\nc é'],
});

test('CSV quotes what needs it and writes the fewest digits that read back the same', async () => {
  await exportFrame(frame, at('x.csv'), 'csv');
  expect(readFileSync(at('x.csv'), 'utf8')).toBe(
    'user,rating,time,"its ""name"""\r\n0,0.1,-1,plain\r\n7,NaN,0,""\r\n4294967295,-0.0,1152921504606846976,"a, ""b""\nc é"\r\n',
  );
});

test('JSON lines have null for what JSON cannot say', async () => {
  await exportFrame(frame, at('x.jsonl'), 'jsonl');
  expect(readFileSync(at('x.jsonl'), 'utf8').split('\n')[1]).toBe(
    '{"user":7,"rating":null,"time":0,"its \\"name\\"":""}',
  );
});

test('Arrow files are those of the store', async () => {
  const { bytes, rows } = await exportFrame(frame, at('x.arrow'), 'arrow');
  const back = decodeFrame(new Uint8Array(readFileSync(at('x.arrow'))));
  expect(columnHashes(back)).toEqual(columnHashes(frame));
  expect([bytes, rows]).toEqual([readFileSync(at('x.arrow')).length, 3]);
});

test('DuckDB opens our Parquet, CSV and JSON lines with every row in its place', async () => {
  const rows = 10_000;
  const user = Uint32Array.from({ length: rows }, (_, i) => (i * 7919) % rows);
  const score = Float64Array.from(user, (id) => id / 3);
  const name = Array.from(user, (id) => `item ${id}, "x"`);
  const table = frameOf({ user, score, name });
  for (const format of ['parquet', 'csv', 'jsonl'] as const) await exportFrame(table, at(`x.${format}`), format);
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  for (const [format, reader] of [
    ['parquet', 'read_parquet'],
    ['csv', 'read_csv'],
    ['jsonl', 'read_json'],
  ]) {
    const read = await connection.runAndReadAll(`select * from ${reader}('${at(`x.${format}`)}')`);
    const got = read.getRows();
    expect(got).toHaveLength(rows);
    for (const row of [0, 2047, 2048, 2049, rows - 1])
      expect(got[row]?.map((value) => (typeof value === 'bigint' ? Number(value) : value))).toEqual([
        user[row],
        score[row],
        name[row],
      ]);
  }
  const types = await connection.runAndReadAll(`describe select * from '${at('x.parquet')}'`);
  expect(types.getRows().map(([title, type]) => [title, type])).toEqual([
    ['user', 'UINTEGER'],
    ['score', 'DOUBLE'],
    ['name', 'VARCHAR'],
  ]);
  connection.closeSync();
});

test('an export that fails leaves neither a file nor a draft', async () => {
  const clash = frameOf({ User: Uint32Array.of(1), user: Uint32Array.of(1) });
  await expect(exportFrame(clash, at('x.parquet'), 'parquet')).rejects.toThrow(
    "two columns are called 'user' but for upper and lower case",
  );
  await expect(exportFrame(frame, at('no/x.csv'), 'csv')).rejects.toThrow('the folder for the export is not there');
  await expect(exportFrame(frame, folder, 'csv')).rejects.toThrow('the export would replace a folder');
  expect(readdirSync(folder)).toEqual([]);
});

test('the format follows from the ending of the name', () => {
  expect(['a.CSV', 'a.parquet', 'a.jsonl', 'a.arrow', 'a.txt'].map(formatOfPath)).toEqual([
    'csv',
    'parquet',
    'jsonl',
    'arrow',
    undefined,
  ]);
});
