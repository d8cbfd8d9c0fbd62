/** CSV and TSV. Fields may be quoted with "; white space around a value is no part of it; an empty field has no value. */
import { chooseColumns } from './columns.ts';
import { literal, quoted } from './database.ts';
import { type Broken, namesOf, selectTexts, shownProblems, type Texts, type ToRead } from './texts.ts';

/** Only the ends of lines are found out; all else is said, so that a file means the same whatever its values are. */
const reader = ({ source }: ToRead): string => {
  const divider = source.delimiter ?? (source.format === 'tsv' ? '\t' : ',');
  const options = {
    delim: literal(divider),
    quote: literal('"'),
    escape: literal('"'),
    header: source.header,
    skip: 0,
    comment: literal(''),
    nullstr: literal(''),
    all_varchar: true,
    null_padding: false,
    strict_mode: true,
    encoding: literal('utf-8'),
    compression: literal('none'),
    hive_partitioning: false,
    store_rejects: true,
  };
  return `read_csv($path, ${Object.entries(options)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ')})`;
};

export async function readDelimited(from: ToRead): Promise<Texts> {
  const { db, path, source, where } = from;
  const read = reader(from);
  const own = (await db.rows(`describe select * from ${read}`, { path })).map(({ column_name }) => String(column_name));
  await forgetRejects(from);
  const names = source.header ? own.map((name) => name.trim()) : own.map((_, at) => String(at + 1));
  const chosen = chooseColumns(names, source, from.implicit, where);
  const texts = selectTexts(chosen, (at) => `nullif(trim(${quoted(own[at] as string)}), '')`);
  await db.run(`create table ${quoted(from.table)} as select ${texts} from ${read}`, { path });
  const [counted] = await db.rows('select count(distinct line) as n from reject_errors');
  const first = await db.rows(
    `select line, any_value(error_type)::varchar as kind, any_value(csv_line) as text
     from reject_errors group by line order by line limit ${shownProblems}`,
  );
  await forgetRejects(from);
  return {
    columns: namesOf(chosen, names),
    broken: { count: Number(counted?.n ?? 0), first: first.map(brokenLine) },
  };
}

async function forgetRejects({ db }: ToRead): Promise<void> {
  await db.run('drop table if exists reject_errors');
  await db.run('drop table if exists reject_scans');
}

const kinds: Readonly<Record<string, string>> = {
  'MISSING COLUMNS': 'has too few columns',
  'TOO MANY COLUMNS': 'has too many columns',
  'UNQUOTED VALUE': 'has a quote that does not end where the value ends',
  'INVALID ENCODING': 'is not UTF-8',
  'LINE SIZE OVER MAXIMUM': 'is too long to be a row',
};
function brokenLine(row: Readonly<Record<string, unknown>>): Broken {
  const what = kinds[String(row.kind)] ?? `cannot be read (${String(row.kind).toLowerCase()})`;
  const text = String(row.text ?? '').trim();
  return { at: `line ${row.line}`, what: text === '' ? what : `${what}: ${text.slice(0, 60)}` };
}
