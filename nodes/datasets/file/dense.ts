/**
 * From external ids to dense ones, shared by all files of a data set. Ids are compared as texts, so `7`, `07` and `7.0` are
 * three ids and an id of any length is exact. Dense ids count from 0 in the order in which usable rows first name them, file
 * after file: rows that are appended to the last file never renumber the others.
 */
import { Problem, type StepLog } from '../../../core/index.ts';
import { type Database, quoted } from './database.ts';

/** A table that `usableRows` made. */
export interface Part {
  readonly role: string;
  readonly table: string;
  readonly where: string;
  readonly timed: boolean;
}
export type DuplicateRule = 'last' | 'first' | 'refuse';

/** Makes the tables `users` and `items` (id, n), and returns the external ids by dense id. */
export async function numberIds(db: Database, parts: readonly Part[]) {
  const number = async (column: 'user' | 'item'): Promise<readonly string[]> => {
    const all = parts
      .map(({ table }, file) => `select ${quoted(column)} as id, ${file} as file, row from ${quoted(table)}`)
      .join(' union all ');
    await db.run(
      `create table ${column}s as select id, (row_number() over (order by named) - 1)::uinteger as n
       from (select id, min((file, row)) as named from (${all}) group by id)`,
    );
    const ids: string[] = [];
    await db.chunks(`select id from ${column}s order by n`, (chunk, rows) => {
      const texts = chunk(0).texts();
      for (let at = 0; at < rows; at++) ids.push(texts[at] as string);
    });
    return ids;
  };
  return { users: await number('user'), items: await number('item') };
}

/**
 * The rows of one part under dense ids, in the order of the file, one a pair.
 * @throws Problem bad-data when a pair comes twice and the rule refuses that
 */
export async function denseRatings(db: Database, part: Part, rule: DuplicateRule, log: StepLog) {
  const dense = quoted(`${part.role} dense`);
  await db.run(
    `create table ${dense} as select row, u.n as u, i.n as i, coalesce(rating, 1)::float as rating, time
     from ${quoted(part.table)} r join users u on r."user" = u.id join items i on r.item = i.id`,
  );
  const [counted] = await db.rows(`select count(*) as n, count(distinct (u, i)) as pairs from ${dense}`);
  const rows = Number(counted?.pairs);
  const repeats = Number(counted?.n) - rows;
  if (repeats > 0 && rule === 'refuse') throw await refusal(db, part, dense, repeats);
  if (repeats > 0)
    log.warn(
      `${part.where}: ${repeats === 1 ? 'a row repeats a pair' : `${repeats} rows repeat pairs`} of user and item; ${kept(rule, part.timed)} is kept`,
      { rows: repeats },
    );
  const order = rule === 'first' ? 'time asc, row asc' : 'time desc, row desc';
  const once = repeats > 0 ? `qualify row_number() over (partition by u, i order by ${order}) = 1` : '';
  const user = new Uint32Array(rows);
  const item = new Uint32Array(rows);
  const rating = new Float32Array(rows);
  const time = part.timed ? new BigInt64Array(rows) : undefined;
  let at = 0;
  await db.chunks(
    `select u, i, rating${part.timed ? ', time' : ''} from (select * from ${dense} ${once}) order by row`,
    (column, size) => {
      for (const [place, into] of [user, item, rating, time].entries())
        into?.set((column(place).items() as Uint32Array).subarray(0, size) as never, at);
      at += size;
    },
  );
  return time ? { user, item, rating, time } : { user, item, rating };
}

const kept = (rule: DuplicateRule, timed: boolean) =>
  timed ? `the ${rule === 'first' ? 'earliest' : 'latest'} of each` : `the ${rule} of each in the file`;

async function refusal(db: Database, { table, where }: Part, dense: string, repeats: number): Promise<Problem> {
  const first = await db.rows(
    `select r."user", r.item, list(r.row order by r.row)::varchar as places from ${quoted(table)} r
     where (r."user", r.item) in (
       select (u.id, i.id) from (select u, i, min(row) as named from ${dense} group by u, i having count(*) > 1 order by named limit 3) d
       join users u on u.n = d.u join items i on i.n = d.i)
     group by all order by min(r.row)`,
  );
  const shown = first.map(({ user, item, places }) => `${user} and ${item} in rows ${places}`).join('; ');
  return new Problem(
    'bad-data',
    `${repeats === 1 ? 'a row repeats' : `${repeats} rows repeat`} a pair of user and item: ${shown}`,
    {
      where,
      hint: 'mend the file, or say which one counts with duplicates: last (or first)',
    },
  );
}
