/**
 * What makes a row unusable, alike for every format. A row needs a user, an item and a finite rating, inside the range where
 * one is given; and a time where the file has times. Whole numbers are times as they are, whatever their unit; dates and
 * timestamps become microseconds since 1970, in UTC where they name no zone.
 */
import { Problem, type StepLog } from '../../../core/index.ts';
import { type Database, quoted, type Row } from './database.ts';
import { shownProblems, type Texts } from './texts.ts';

export interface RowRules {
  readonly badRows: 'refuse' | 'drop';
  readonly range?: readonly [number, number] | undefined;
}

const number = '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?';
const endless = '[+-]?([nN][aA][nN]|[iI][nN][fF]([iI][nN][iI][tT][yY])?)';
const largestF32 = '3.4028234663852886e38';

const faults = {
  user: () => 'has no user',
  item: () => 'has no item',
  rating: () => 'has no rating',
  text: ({ rating }: Row) => `has the rating '${cutOff(rating)}', which is no number`,
  endless: ({ rating }: Row) => `has the rating '${cutOff(rating)}', which is not finite`,
  range: ({ rating }: Row) => `has the rating ${cutOff(rating)}, which is out of range`,
  time: () => 'has no time',
  moment: ({ time }: Row) => `has the time '${cutOff(time)}', which is no whole number, date or timestamp`,
} as const;
type Fault = keyof typeof faults;
const cutOff = (text: unknown) => String(text).slice(0, 40);

/**
 * Makes `into` of the table of texts: row (from 1), user, item as text, rating as double, time as bigint.
 * @throws Problem bad-data when the file has no rows, or rows that cannot be used and the rules refuse them
 */
export async function usableRows(
  db: Database,
  { from, into, texts, where }: { from: string; into: string; texts: Texts; where: string },
  rules: RowRules,
  log: StepLog,
): Promise<void> {
  const { broken, columns } = texts;
  if (broken.count > 0 && rules.badRows === 'refuse')
    throw refusal(
      broken.count,
      broken.first.map(({ at, what }) => `${at} ${what}`),
      where,
    );
  const checked = quoted(`${from} checked`);
  await db.run(`create table ${checked} as select *, ${faultSql(texts, rules)} as fault from (${parsed(from)})`);
  const counts = await db.rows(`select fault, count(*) as n from ${checked} group by fault order by n desc, fault`);
  const countOf = (chosen: readonly Row[]) => chosen.reduce((sum, { n }) => sum + Number(n), 0);
  const rows = countOf(counts);
  if (rows + broken.count === 0)
    throw new Problem('bad-data', 'the file has no rows', { where, hint: 'it names its columns and ends there' });
  const bad = counts.filter(({ fault }) => fault !== null);
  if (bad.length > 0 && rules.badRows === 'refuse') {
    const first = await db.rows(
      `select row, rating, time, fault from ${checked} where fault is not null order by row limit ${shownProblems}`,
    );
    throw refusal(
      countOf(bad),
      first.map((row) => `row ${row.row} ${faults[row.fault as Fault](row)}`),
      where,
    );
  }
  const left = countOf(bad) + broken.count;
  if (left > 0) {
    const reasons = [
      ...(broken.count > 0 ? [`${broken.count} cannot be read`] : []),
      ...bad.map(({ fault, n }) => `${n} ${shortly[fault as Fault]}`),
    ];
    log.warn(`${where}: left out ${left} of ${rows + broken.count} rows: ${reasons.join(', ')}`, { rows: left });
  }
  if (left === rows + broken.count)
    throw new Problem('bad-data', 'no row of the file can be used', {
      where,
      hint: `its columns were taken as ${columnsText(columns)}; name others in a data card`,
    });
  await db.run(
    `create table ${quoted(into)} as select row, "user", item, r as rating, t as time from ${checked} where fault is null`,
  );
  await db.run(`drop table ${checked}`);
}

/** `user: customer_id, item: sku, rating: stars`. */
export const columnsText = (columns: Texts['columns']): string =>
  Object.entries(columns)
    .flatMap(([part, name]) => (name === undefined ? [] : [`${part}: ${name}`]))
    .join(', ');

const shortly: Readonly<Record<Fault, string>> = {
  user: 'without a user',
  item: 'without an item',
  rating: 'without a rating',
  text: 'with a rating that is no number',
  endless: 'with a rating that is not finite',
  range: 'with a rating out of range',
  time: 'without a time',
  moment: 'with a time that is none',
};

const parsed = (table: string) => `
  select rowid + 1 as row, "user", item, rating, time,
    case when regexp_full_match(rating, '${number}') then try_cast(rating as double) end as r,
    case when regexp_full_match(time, '[+-]?[0-9]+') then try_cast(time as bigint)
         when regexp_full_match(time, '${number}')
           then case when try_cast(time as double) = trunc(try_cast(time as double)) then try_cast(try_cast(time as double) as bigint) end
         else epoch_us(try_cast(time as timestamptz)) end as t
  from ${quoted(table)}`;

function faultSql({ columns }: Texts, { range }: RowRules): string {
  const cases: [Fault, string][] = [
    ['user', '"user" is null'],
    ['item', 'item is null'],
  ];
  if (columns.rating !== undefined) {
    cases.push(['rating', 'rating is null']);
    cases.push(['endless', `regexp_full_match(rating, '${endless}') or abs(r) > ${largestF32}`]);
    cases.push(['text', 'r is null']);
    if (range) cases.push(['range', `r < ${range[0]} or r > ${range[1]}`]);
  }
  if (columns.time !== undefined) cases.push(['time', 'time is null'], ['moment', 't is null']);
  return `case ${cases.map(([fault, when]) => `when ${when} then '${fault}'`).join(' ')} end`;
}

function refusal(count: number, first: readonly string[], where: string): Problem {
  const more = count > first.length ? `; and ${count - first.length} more` : '';
  return new Problem(
    'bad-data',
    `${count === 1 ? 'one row' : `${count} rows`} of the file cannot be used: ${first.join('; ')}${more}`,
    {
      where,
      hint: 'mend the file, or leave such rows out with --set data.raw.badRows=drop (badRows: drop in a data card); rows count from 1, without the line that names the columns',
    },
  );
}
