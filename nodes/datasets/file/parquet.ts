/** Parquet. Whole numbers, decimals and UUIDs as ids are exact; ids that are floating point must be whole and below 2^53. */
import { Problem } from '../../../core/index.ts';
import { type Chosen, chooseColumns } from './columns.ts';
import { quoted } from './database.ts';
import { namesOf, selectTexts, type Texts, type ToRead } from './texts.ts';

const read = 'read_parquet($path, hive_partitioning = false)';

export async function readParquet({ db, path, source, table, implicit, where }: ToRead): Promise<Texts> {
  const described = await db.rows(`describe select * from ${read}`, { path }).catch((cause) => {
    throw new Problem('bad-data', 'this is no Parquet file, or a damaged one', {
      where,
      hint: 'write it again; other formats are told by the ending of the file name',
      cause,
    });
  });
  const names = described.map(({ column_name }) => String(column_name));
  const types = described.map(({ column_type }) => String(column_type));
  const chosen = chooseColumns(names, source, implicit, where);
  const texts = selectTexts(chosen, (at, part) => {
    const text = asText(quoted(names[at] as string), types[at] as string, part);
    if (text !== undefined) return text;
    throw new Problem('bad-data', `column '${names[at]}' has the type ${types[at]}, which is no number and no text`, {
      where,
      hint: 'name another column, or convert it before writing the file',
    });
  });
  await db.run(`create table ${quoted(table)} as select ${texts} from ${read}`, { path });
  return { columns: namesOf(chosen, names), broken: { count: 0, first: [] } };
}

function asText(column: string, type: string, part: keyof Chosen): string | undefined {
  if (/[[(]|^(STRUCT|MAP|UNION|LIST|BLOB|BIT|INTERVAL)/.test(type) && !/^(DECIMAL|ENUM)/.test(type)) return undefined;
  if (/^(TIMESTAMP|DATE)/.test(type)) return `epoch_us(${column}::timestamptz)::varchar`;
  if (type === 'BOOLEAN') return `${column}::utinyint::varchar`;
  if (/^(FLOAT|DOUBLE)$/.test(type) && part !== 'rating')
    return `case when ${column} = trunc(${column}) and abs(${column}) < 9007199254740992 then ${column}::bigint::varchar end`;
  return `nullif(${column}::varchar, '')`;
}
