import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeTensors } from '../../core/codec/arrow.ts';
import { type Column, frameOf, textValues } from '../../core/numeric/frame.ts';
import { importArrow, importedFrame } from '../../core/numeric/import-arrow.ts';
import { exportFrame } from '../../storage/index.ts';

const python = process.env.PYTHON ?? 'python3';
const isThere = spawnSync(python, ['-c', 'import pyarrow, polars']).status === 0;
if (!isThere) console.warn(`skipped: ${python} has no pyarrow and polars; \`pip install pyarrow polars\` brings them`);

const frame = frameOf({
  user: Uint32Array.of(0, 7, 4_294_967_295),
  rating: Float32Array.of(0.5, -2, 3),
  time: BigInt64Array.of(-1n, 0n, 2n ** 40n),
  label: Uint8Array.of(0, 1, 255),
  name: ['plain', '', 'é 😀'],
});
const expected = {
  user: [0, 7, 4_294_967_295],
  rating: [0.5, -2, 3],
  time: [-1, 0, 2 ** 40],
  label: [0, 1, 255],
  name: ['plain', '', 'é 😀'],
};

describe.skipIf(!isThere)('pyarrow and polars', () => {
  let folder: string;
  let answer: Record<string, { types?: unknown; nullable?: unknown; columns?: unknown; head?: unknown }>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'counterpoise-interop-'));
    await exportFrame(frame, join(folder, 'ours.arrow'), 'arrow');
    await exportFrame(frame, join(folder, 'ours.parquet'), 'parquet');
    const P = { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) };
    const b = { shape: [], data: Float32Array.of(9) };
    writeFileSync(
      join(folder, 'tensors.arrow'),
      Buffer.concat(encodeTensors({ head: { factors: 2 }, tensors: { P, b } })),
    );
    const script = join(import.meta.dirname, 'interop.py');
    answer = JSON.parse(execFileSync(python, [script, folder], { encoding: 'utf8' }));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('open our Arrow files, mapped too, with the types that we declared and no nulls', () => {
    expect(answer.pyarrow).toEqual({
      types: { user: 'uint32', rating: 'float', time: 'int64', label: 'uint8', name: 'string' },
      nullable: [],
      columns: expected,
    });
    expect(answer.mapped).toEqual(expected);
    expect(answer.polars).toEqual(expected);
  });
  test('open our Parquet files', () => {
    expect(answer.parquet).toEqual(expected);
    expect(answer.polarsParquet).toEqual(expected);
  });
  test('open the parameters of a model', () => {
    expect(answer.tensors).toEqual({
      head: { factors: 2 },
      columns: { name: ['P', 'b'], shape: [[2, 2], []], values: [[1, 2, 3, 4], [9]] },
    });
  });

  const values = (column: Column) => (column.kind === 'utf8' ? textValues(column) : Array.from(column.values as never));
  const open = async (name: string) => importArrow(new Uint8Array(readFileSync(join(folder, name))), name);
  for (const name of ['theirs-file.arrow', 'theirs-stream.arrow'])
    test(`write files that we open: ${name}`, async () => {
      const imported = await open(name);
      expect(imported.rows).toBe(5);
      expect(imported.skipped).toEqual([]);
      const big = 2n ** 53n + 1n;
      expect(Object.fromEntries(imported.columns.map((column) => [column.name, values(column.column)]))).toEqual({
        user: [10n, 20n, big, 20n, big],
        item: ['x', 'yy', 'é', 'yy', 'é'],
        kind: ['a', 'b', 'a', 'b', 'a'],
        rating: [1.5, 0, 3, 0, 3],
        seen: [1, 0, 1, 0, 1],
        small: [-1, 0, 127, 0, 127],
        view: ['short', 'longer than twelve bytes', '', 'longer than twelve bytes', ''],
        at: [1n, 2n, 3n, 2n, 3n],
      });
      expect(() => importedFrame(imported, ['user', 'rating'], name)).toThrow(
        "column 'rating' lacks a value in rows 2, 4",
      );
      expect(importedFrame(imported, ['user', 'item'], name).rows).toBe(5);
    });
  test('write polars frames that we open', async () => {
    const { columns } = await open('theirs-polars.arrow');
    expect(columns.map(({ column }) => values(column))).toEqual([
      [1n, 2n],
      ['a', 'b'],
      ['p', 'q'],
    ]);
  });
  test('write compressed files, which we refuse with the way out', async () => {
    await expect(open('theirs-lz4.arrow')).rejects.toMatchObject({
      code: 'bad-data',
      message: 'the Arrow file is compressed, and compressed buffers cannot be read here',
      hint: expect.stringContaining("compression='uncompressed'"),
    });
  });
});
