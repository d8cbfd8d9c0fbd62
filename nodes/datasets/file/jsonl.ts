/** JSON lines: one object a line. Numbers are taken as they are written, so ids of any length are exact. */
import { Problem } from '../../../core/index.ts';
import { chooseColumns } from './columns.ts';
import { literal, quoted } from './database.ts';
import { namesOf, selectTexts, shownProblems, type Texts, type ToRead } from './texts.ts';

const read = "read_ndjson_objects($path, ignore_errors = true, compression = 'uncompressed')";
/** Objects whose keys count as the file's columns. */
const sampled = 1000;

export async function readJsonl({ db, path, source, table, implicit, where }: ToRead): Promise<Texts> {
  const objects = quoted(`${table} objects`);
  await db.run(
    `create table ${objects} as select case when json_type(json) = 'OBJECT' then json end as o from ${read}`,
    {
      path,
    },
  );
  const keys = await db.rows(
    `select key, min(row) as first, min(place) as place from (
       select row, unnest(json_keys(o)) as key, unnest(range(len(json_keys(o)))) as place
       from (select rowid as row, o from ${objects} where o is not null order by rowid limit ${sampled})
     ) group by key order by first, place`,
  );
  const names = keys.map(({ key }) => String(key));
  if (names.length === 0)
    throw new Problem('bad-data', 'no line is a JSON object', {
      where,
      hint: 'write one object a line: {"user": "a", ...}',
    });
  const chosen = chooseColumns(names, source, implicit, where);
  const texts = selectTexts(chosen, (at) => {
    const pointer = literal(`/${(names[at] as string).replaceAll('~', '~0').replaceAll('/', '~1')}`);
    return `case when json_type(o, ${pointer}) not in ('ARRAY', 'OBJECT') then nullif(json_extract_string(o, ${pointer}), '') end`;
  });
  const [counted] = await db.rows(`select count(*) as n from ${objects} where o is null`);
  const first = await db.rows(
    `select rowid as row from ${objects} where o is null order by rowid limit ${shownProblems}`,
  );
  await db.run(`create table ${quoted(table)} as select ${texts} from ${objects} where o is not null`);
  await db.run(`drop table ${objects}`);
  return {
    columns: namesOf(chosen, names),
    broken: {
      count: Number(counted?.n ?? 0),
      first: first.map(({ row }) => ({ at: `row ${Number(row) + 1}`, what: 'is no JSON object' })),
    },
  };
}
