/** CSV and TSV. Fields may be quoted with "; white space around a value is no part of it; an empty field has no value. */
import { Problem } from '../../../core/index.ts';
import { chooseColumns } from './columns.ts';
import { literal, quoted } from './database.ts';
import type { Source } from './source.ts';
import { type Broken, namesOf, selectTexts, shownProblems, type Texts, type ToRead } from './texts.ts';

/** Only the ends of lines are found out; all else is said, so that a file means the same whatever its values are. */
const reader = ({ source }: ToRead, given?: readonly string[]): string => {
  const options = {
    delim: literal(dividerOf(source)),
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
    ...(given && {
      auto_detect: false,
      columns: `{${given.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ')}}`,
    }),
  };
  return `read_csv($path, ${Object.entries(options)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ')})`;
};

const dividerOf = ({ delimiter, format }: Source): string => delimiter ?? (format === 'tsv' ? '\t' : ',');

export async function readDelimited(from: ToRead): Promise<Texts> {
  const { db, path, source, where } = from;
  const sniffed = await db.rows(`describe select * from ${reader(from)}`, { path }).catch(() => undefined);
  // a quote that never ends keeps the sniffer from any answer; the first line tells as much as is needed
  const own = sniffed?.map(({ column_name }) => String(column_name)) ?? (await firstLine(from));
  const read = sniffed ? reader(from) : reader(from, own);
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

/** @throws Problem bad-data when the file has no line of text */
async function firstLine({ db, path, source, where }: ToRead): Promise<readonly string[]> {
  const [first] = await db
    .rows(
      `select line from read_csv($path, columns = {'line': 'VARCHAR'}, auto_detect = false, delim = '\x01', quote = '', escape = '',
       header = false, ignore_errors = true, compression = 'none', hive_partitioning = false) limit 1`,
      { path },
    )
    .catch(() => []);
  if (typeof first?.line !== 'string')
    throw new Problem('bad-data', `the file cannot be read as ${source.format}`, {
      where,
      hint: 'it should be lines of UTF-8 text; other formats are told by the ending of the file name',
    });
  const words = first.line.replace(/^\uFEFF/, '').split(dividerOf(source));
  const names = words.map((word) => word.trim().replace(/^"(.*)"$/, '$1'));
  return names.map((name, at) => (name === '' || names.indexOf(name) !== at ? `${name}_${at + 1}` : name));
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
