/** A DuckDB that lives as long as one step. Values go in as parameters; the only text that becomes SQL is ours and quoted names. */
import type { DuckDBValue } from '@duckdb/node-api';

export type Row = Readonly<Record<string, unknown>>;
export interface Database {
  run(sql: string, values?: Readonly<Record<string, string>>): Promise<void>;
  /** A few rows as objects; large integers are bigints. */
  rows(sql: string, values?: Readonly<Record<string, string>>): Promise<readonly Row[]>;
  /** Calls for every chunk of a result: its columns, and how many rows of them count. */
  chunks(sql: string, take: (column: (at: number) => ColumnChunk, rows: number) => void): Promise<void>;
  /** Appends rows of text to a table; null is a missing value. */
  append(table: string, columns: readonly ((row: number) => string | null)[], rows: number): Promise<void>;
}
export interface ColumnChunk {
  /** Typed array of a numeric column without nulls; longer than the chunk. */
  items(): unknown;
  texts(): readonly string[];
}

/** A name or a text as SQL. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A path as DuckDB's readers take it: they would read `a*.csv` as a pattern for other files. */
export const onlyThisFile = (path: string): string => path.replace(/[*?[]/g, '[$&]');

/** DuckDB's own vector size. */
const chunkRows = 2048;

export async function withDatabase<T>(work: (db: Database) => Promise<T>): Promise<T> {
  const duckdb = await import('@duckdb/node-api');
  // all that is used is built in: nothing is fetched, whatever a file may be called
  const instance = await duckdb.DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  try {
    await connection.run("set TimeZone = 'UTC'");
    return await work({
      run: async (sql, values) => {
        await connection.run(sql, values as Record<string, DuckDBValue> | undefined);
      },
      rows: async (sql, values) => {
        const reader = await connection.runAndReadAll(sql, values as Record<string, DuckDBValue> | undefined);
        return reader.getRowObjects() as readonly Row[];
      },
      chunks: async (sql, take) => {
        const result = await connection.stream(sql);
        for (;;) {
          const chunk = await result.fetchChunk();
          if (!chunk || chunk.rowCount === 0) return;
          take(
            (at) => ({
              items: () => (chunk.getColumnVector(at) as unknown as { readonly items: unknown }).items,
              texts: () => chunk.getColumnValues(at) as readonly string[],
            }),
            chunk.rowCount,
          );
        }
      },
      append: async (table, columns, rows) => {
        const appender = await connection.createAppender(table);
        const types = columns.map(() => duckdb.VARCHAR);
        for (let from = 0; from < rows; from += chunkRows) {
          const size = Math.min(chunkRows, rows - from);
          const chunk = duckdb.DuckDBDataChunk.create(types, size);
          for (const [at, valueAt] of columns.entries())
            chunk.setColumnValues(
              at,
              Array.from({ length: size }, (_, n) => valueAt(from + n)),
            );
          appender.appendDataChunk(chunk);
        }
        appender.closeSync();
      },
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
