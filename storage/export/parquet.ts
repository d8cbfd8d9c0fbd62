/** A frame as Parquet, by DuckDB. Its Arrow extension needs a download, so columns go in as typed arrays, chunk by chunk. */
import type { DuckDBType } from '@duckdb/node-api';
import { Problem } from '../../core/errors.ts';
import { type Column, type Frame, type NumericArray, textValues } from '../../core/numeric/frame.ts';
import type { Kind } from '../../core/ports/kinds.ts';

/** DuckDB's own vector size. */
const chunkRows = 2048;
const name = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * Writes `path`; rows keep their order. Compressed with zstd.
 * @throws Problem bad-data when two columns differ only in the case of their names, which DuckDB does not tell apart
 */
export async function writeParquet(frame: Frame, path: string): Promise<void> {
  const folded = Object.keys(frame.columns).map((title) => title.toLowerCase());
  const twice = folded.find((title, at) => folded.indexOf(title) !== at);
  if (twice !== undefined)
    throw new Problem('bad-data', `two columns are called '${twice}' but for upper and lower case`, {
      where: path,
      hint: 'export as arrow, csv or jsonl',
    });
  const duckdb = await import('@duckdb/node-api');
  const types: Record<Kind, DuckDBType> = {
    u8: duckdb.UTINYINT,
    u32: duckdb.UINTEGER,
    i32: duckdb.INTEGER,
    i64: duckdb.BIGINT,
    f32: duckdb.FLOAT,
    f64: duckdb.DOUBLE,
    utf8: duckdb.VARCHAR,
  };
  const columns = Object.entries(frame.columns);
  const instance = await duckdb.DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run(
      `create table export (${columns.map(([title, { kind }]) => `${name(title)} ${types[kind]}`).join(', ')})`,
    );
    const appender = await connection.createAppender('export');
    const fillers = columns.map(([, column]) => filler(column));
    for (let from = 0; from < frame.rows; from += chunkRows) {
      const rows = Math.min(chunkRows, frame.rows - from);
      const chunk = duckdb.DuckDBDataChunk.create(
        columns.map(([, { kind }]) => types[kind]),
        rows,
      );
      fillers.forEach((fill, at) => {
        fill(chunk.getColumnVector(at) as unknown as Vector, from, rows);
      });
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
    await connection.run(`copy export to ${literal(path)} (format parquet, compression zstd)`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

interface Vector {
  readonly items: NumericArray;
  setItem(row: number, value: string): void;
  flush(): void;
}

function filler(column: Column): (vector: Vector, from: number, rows: number) => void {
  if (column.kind === 'utf8') {
    const texts = textValues(column);
    return (vector, from, rows) => {
      for (let row = 0; row < rows; row++) vector.setItem(row, texts[from + row] as string);
      vector.flush();
    };
  }
  const { values } = column;
  return (vector, from, rows) => {
    vector.items.set(values.subarray(from, from + rows) as never);
    vector.flush();
  };
}
