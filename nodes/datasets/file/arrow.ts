/** Arrow IPC files and streams, by the rules of the importer; times become microseconds since 1970. */
import { Problem } from '../../../core/index.ts';
import { type ImportedColumn, importArrow } from '../../../core/numeric/index.ts';
import { type Chosen, chooseColumns } from './columns.ts';
import { quoted } from './database.ts';
import { namesOf, type Texts, type ToRead } from './texts.ts';

const decoder = new TextDecoder();

/** @param bytes the file; it is not read through the database, which knows no Arrow */
export async function readArrow({ db, source, table, implicit, where }: ToRead, bytes: Uint8Array): Promise<Texts> {
  const { rows, columns, skipped } = await importArrow(bytes, where);
  const names = [...columns, ...skipped].map(({ name }) => name);
  const chosen = chooseColumns(names, source, implicit, where);
  const parts = ['user', 'item', 'rating', 'time'] as const;
  const texts = parts.map((part) => {
    const at = chosen[part];
    if (at === undefined) return () => null;
    const column = columns[at];
    if (column) return textOf(column, part);
    throw new Problem(
      'bad-data',
      `column '${names[at]}' has the type ${skipped[at - columns.length]?.source}, which is no number and no text`,
      {
        where,
        hint: 'name another column, or convert it before writing the file',
      },
    );
  });
  await db.run(`create table ${quoted(table)} (${parts.map((part) => `"${part}" varchar`).join(', ')})`);
  await db.append(table, texts, rows);
  return { columns: namesOf(chosen, names), broken: { count: 0, first: [] } };
}

function textOf({ column, nulls, source }: ImportedColumn, part: keyof Chosen): (row: number) => string | null {
  const missing = new Set(nulls);
  if (column.kind === 'utf8') {
    const { bytes, offsets } = column;
    return (row) => (missing.has(row) ? null : decoder.decode(bytes.subarray(offsets[row], offsets[row + 1])) || null);
  }
  const { values, kind } = column;
  if (part !== 'rating' && (kind === 'f32' || kind === 'f64'))
    return (row) => (missing.has(row) || !Number.isSafeInteger(values[row]) ? null : String(values[row]));
  const scale = microseconds(source);
  if (scale !== undefined) return (row) => (missing.has(row) ? null : String(scale(BigInt(values[row]!))));
  return (row) => (missing.has(row) ? null : String(values[row]));
}

/** From the unit of a time column, as Arrow prints its type. */
function microseconds(source: string): ((value: bigint) => bigint) | undefined {
  if (!/^(Timestamp|Date)/.test(source)) return undefined;
  if (/DAY/.test(source)) return (value) => value * 86_400_000_000n;
  if (/NANOSECOND/.test(source)) return (value) => value / 1000n;
  if (/MICROSECOND/.test(source)) return (value) => value;
  if (/MILLISECOND/.test(source)) return (value) => value * 1000n;
  return (value) => value * 1_000_000n;
}
